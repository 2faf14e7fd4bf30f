/** Messages over the page: they go by themselves unless they report trouble, wait while pointed at, and can be closed. */

import { attach, icon, make, on, text } from "../dom";

const ICONS: Record<string, string> = { red: "alert-octagon", orange: "alert-triangle", green: "circle-check" };

export type Tone = "red" | "orange" | "green" | "blue";

/** Show a message; scripts use it, the server sends the same shape by itself. */
export function say(tone: Tone, message: string): void {
  const close = make("button", { type: "button", "data-dismiss": true, "aria-label": text("close") }, icon("x"));
  const body = make("div", { class: "message-body" }, make("p", {}, message));
  const attributes = { class: `message tone-${tone}`, role: tone === "red" ? "alert" : "status", "data-message": tone };
  const element = make("div", attributes, icon(ICONS[tone] ?? "info-circle"), body, close);
  document.getElementById("toasts")?.append(element);
  watch(element);
}

function watch(element: HTMLElement): void {
  const tone = element.dataset.message;
  if (tone === "red" || tone === "orange") return;
  let left = Math.max(5000, (element.textContent?.length ?? 0) * 120);
  const tick = (): void => {
    if (!element.isConnected) return;
    if (!element.matches(":hover, :focus-within") && !document.hidden) left -= 500;
    if (left <= 0) element.remove();
    else window.setTimeout(tick, 500);
  };
  tick();
}

attach("[data-message]", watch);
on("click", "[data-dismiss]", (button) => button.closest(".message, .notice")?.remove());
