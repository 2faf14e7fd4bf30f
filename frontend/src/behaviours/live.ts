/**
 * What changes for the reader while a page is open: unread messages, the record on the page, urgent news.
 *
 * Only a page that is looked at holds a stream: a browser opens six connections to one address, and the seventh tab
 * would wait for ever. The first event is the whole state, so nothing is missed by closing and opening again; behind a
 * server that holds no streams each answer ends there, and the browser asks again by itself.
 */

import { attach, text } from "../dom";
import { say } from "./messages";

interface Changed {
  unread?: number;
  urgent?: boolean;
  record?: string;
}

const CALM = 30_000;

attach("[data-live]", (place) => {
  const record = document.querySelector<HTMLMetaElement>('meta[name="live-record"]')?.content;
  const address = place.dataset.live + (record ? `?on=${encodeURIComponent(record)}` : "");
  let stream: EventSource | null = null;
  let timer = 0;
  let over = false;
  let warned = false;

  const close = (): void => {
    window.clearTimeout(timer);
    stream?.close();
    stream = null;
  };

  const open = (): void => {
    if (stream || over || document.hidden) return;
    const current = (stream = new EventSource(address));
    current.addEventListener("changed", (event) => show(JSON.parse(event.data as string) as Changed));
    current.addEventListener("end", () => {
      over = true;
      close();
    });
    current.addEventListener("error", () => {
      if (current.readyState !== EventSource.CLOSED || stream !== current) return;
      close(); // refused: too many at once, or signed out
      timer = window.setTimeout(open, CALM * (1 + Math.random()));
    });
  };

  const show = (news: Changed): void => {
    if (news.unread !== undefined) count(place, news.unread);
    if (news.urgent) say("red", text("urgentNews"));
    if (news.record && !warned) {
      warned = true;
      say("orange", text("recordChanged"));
    }
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
});

function count(place: HTMLElement, unread: number): void {
  const shown = document.createElement("span");
  shown.className = "pill tone-red";
  shown.setAttribute("aria-hidden", "true");
  shown.textContent = unread > 99 ? "99+" : String(unread);
  place.replaceChildren(...(unread ? [shown] : []));
  const link = place.closest("a");
  link?.setAttribute("aria-label", unread ? text("inboxUnread", { n: unread }) : text("inbox"));
}
