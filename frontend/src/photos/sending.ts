/**
 * Files sent up in pieces (tus 1.0): what arrived stays, and after a lost signal only the rest is sent, by itself as
 * soon as there is a signal again.
 */

import type { DetailedError, Upload } from "tus-js-client";
import { csrfToken, text } from "../dom";

export interface Parcel {
  file: File;
  metadata: Record<string, string>;
  endpoint: string;
  /** Where an earlier attempt stands; "" begins anew. */
  url: string;
  begun(url: string): void;
  moved(percent: number): void;
  waiting(): void;
  done(url: string): void;
  refused(message: string): void;
}

const PIECE = 256 * 1024;
const AGAIN = 15_000; // ms; networks that say they are there and are not

const held = new Set<() => void>();
const goOn = (): void => {
  const waiting = [...held];
  held.clear();
  for (const start of waiting) start();
};
window.addEventListener("online", goOn);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) goOn();
});

function refusal(error: Error | DetailedError): string | null {
  const answer = "originalResponse" in error ? error.originalResponse : null;
  const status = answer?.getStatus() ?? 0;
  if (status < 400 || status >= 500 || status === 409 || status === 423 || status === 429) return null;
  if (status === 401 || status === 403) return text("signIn");
  try {
    return (JSON.parse(answer?.getBody() ?? "") as { message?: string }).message || text("serverError", { status });
  } catch {
    return text("serverError", { status });
  }
}

/** Send a parcel; the answer gives it up. */
export async function send(parcel: Parcel): Promise<() => void> {
  const tus = await import("tus-js-client");
  let given = false;
  const upload: Upload = new tus.Upload(parcel.file, {
    endpoint: parcel.endpoint,
    uploadUrl: parcel.url || null,
    chunkSize: PIECE,
    retryDelays: [0, 1000, 3000],
    storeFingerprintForResuming: false, // the draft of the form knows where it stands
    metadata: { filename: parcel.file.name, ...parcel.metadata },
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    onUploadUrlAvailable: () => parcel.begun(upload.url ?? ""),
    onChunkComplete: (_piece, sent, whole) => parcel.moved(Math.round((sent / whole) * 100)),
    onSuccess: () => parcel.done(upload.url ?? ""),
    onError: (error) => {
      if (given) return;
      const message = refusal(error);
      if (message !== null) {
        parcel.refused(message);
        return;
      }
      parcel.waiting();
      const now = (): void => {
        if (!given) upload.start();
      };
      held.add(now);
      window.setTimeout(() => {
        if (held.delete(now)) now();
      }, AGAIN);
    },
  });
  upload.start();
  return () => {
    given = true;
    void upload.abort(true).catch(() => undefined); // what stays on the server is forgotten there in time
  };
}
