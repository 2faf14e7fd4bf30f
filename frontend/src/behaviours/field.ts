/**
 * Forms of the field (`form[data-offline]`): the page is kept on the device, and what is sent without signal waits in
 * its draft and goes by itself. The draft holds the form's idempotency key, so that an act whose answer was lost is
 * done once, however often it is sent.
 */

import { attach, text } from "../dom";
import { keepPage } from "../field/pages";

const AGAIN = 15_000; // ms; networks that say they are there and are not
const PATIENCE = 8_000; // ms for the sign of life before a form goes out

/** Whether the server answers: a form is given to the browser only then, for the browser would lose the page. */
async function alive(worker: string): Promise<boolean> {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE);
  try {
    return (await fetch(`${worker}?alive`, { cache: "no-store", signal: stop.signal })).ok;
  } catch {
    return false;
  } finally {
    window.clearTimeout(timer);
  }
}

const passing = new WeakSet<HTMLFormElement>();
const resumed = new WeakMap<HTMLFormElement, () => void>();

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset.offline === undefined || passing.has(form) || form.querySelector("[data-failed]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    resumed.get(form)?.();
  },
  true,
);

attach("form[data-offline]", (element) => {
  const form = element as HTMLFormElement;
  const state = form.querySelector<HTMLElement>("[data-offline-state]");
  const tell = (message: string): void => {
    if (state) state.textContent = message;
  };
  let trying = false;
  let timer = 0;
  const wanted = (): boolean => form.dataset.wanted !== undefined;
  const attempt = async (): Promise<void> => {
    window.clearTimeout(timer);
    if (trying || !wanted() || !form.isConnected) return;
    trying = true;
    const there = await alive(form.dataset.offline ?? "");
    const busy = form.querySelector("[data-busy]") !== null;
    trying = false;
    if (!wanted()) return;
    if (!there || busy) {
      tell(text(there ? "uploadsAwaited" : "fieldWaiting"));
      timer = window.setTimeout(() => void attempt(), AGAIN);
      return;
    }
    tell(text("fieldSending"));
    passing.add(form);
    form.requestSubmit();
    passing.delete(form);
  };
  const go = (): void => {
    form.dataset.wanted = "";
    form.dispatchEvent(new Event("wanted"));
    void attempt();
  };
  resumed.set(form, go);
  form.addEventListener("resume", go);
  form.addEventListener("settled", () => void attempt());
  window.addEventListener("online", () => void attempt());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) void attempt();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void attempt();
  });
  const whose = document.querySelector<HTMLMetaElement>('meta[name="reader"]')?.content ?? "";
  void keepPage(form.dataset.offline ?? "", whose)
    .then((kept) => {
      if (kept) form.dataset.kept = "";
      if (kept && !wanted()) tell(text("fieldKept"));
    })
    .catch(() => undefined);
});
