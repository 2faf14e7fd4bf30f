/**
 * A map of live state: whenever its stream says that something changed, and every minute for what falls silent, the map
 * and the lists beside it are asked for anew. The stream carries no content; one request at a time.
 */

import { attach, text } from "../dom";
import { RENEW } from "../map/renew";

const CALM = 1_000; // between two requests
const MINUTE = 60_000;

attach("[data-live-map]", (place) => {
  let stream: EventSource | null = null;
  let over = false;
  let timer = 0;
  let busy = false;
  let again = false;
  let asked = Date.now();

  const tell = (): void => {
    const words = place.querySelector<HTMLElement>("[data-live-line]");
    if (!words) return;
    const held = stream?.readyState === EventSource.OPEN;
    words.className = `desk-line tone-${held ? "green" : "orange"}`;
    words.textContent = text(held ? "deskLive" : over ? "deskDead" : "deskWaiting");
    place.dataset.state = held ? "live" : "waiting";
  };

  const renew = async (): Promise<void> => {
    timer = 0;
    busy = true;
    await ask().catch(() => undefined); // cut off while it answered: the next time
    busy = false;
    asked = Date.now();
    if (again) soon();
  };

  const ask = async (): Promise<void> => {
    again = false;
    place.querySelector("[data-map]")?.dispatchEvent(new CustomEvent(RENEW));
    const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of place.querySelectorAll<HTMLElement>("[data-live-part]")) {
      const fresh = page.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
      if (fresh) part.replaceChildren(...document.adoptNode(fresh).childNodes);
    }
  };

  const soon = (): void => {
    again = busy; // a server that answers slowly in a flood of alarms is not asked again before it has answered
    if (!timer && !busy) timer = window.setTimeout(() => void renew(), Math.max(0, asked + CALM - Date.now()));
  };

  const open = (): void => {
    if (over || stream || document.hidden) return;
    const current = (stream = new EventSource(place.dataset.liveMap!));
    current.addEventListener("open", () => {
      tell();
      soon();
    });
    current.addEventListener("changed", (event) => {
      const news = JSON.parse(event.data as string) as { record?: string };
      if (news.record?.startsWith("alarms.")) soon();
    });
    current.addEventListener("end", () => {
      over = true;
      close();
    });
    current.addEventListener("error", () => {
      tell();
      if (current.readyState !== EventSource.CLOSED) return;
      close();
      window.setTimeout(open, 5_000);
    });
  };

  const close = (): void => {
    stream?.close();
    stream = null;
    tell();
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.setInterval(() => {
    if (!document.hidden) soon();
  }, MINUTE);
  open();
});
