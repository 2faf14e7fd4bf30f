/** Record pages: values shown again as masked after a while, and text copied by a button. */

import htmx from "htmx.org";
import { attach, on, text } from "../dom";
import { say } from "./messages";

/* A personal identifier is shown for `data-hide-after` seconds, then the masked form returns. */
attach("[data-hide-after]", (element) => {
  const masked = element.querySelector("template")?.content.firstElementChild;
  window.setTimeout(() => {
    if (!masked || !element.isConnected) return;
    element.replaceWith(masked);
    htmx.process(masked);
  }, Number(element.dataset.hideAfter) * 1000);
});

on("click", "[data-copy]", (button) => {
  const source = button.dataset.copy ?? "";
  const value = source.startsWith("#") ? (document.querySelector(source)?.textContent?.trim() ?? "") : source;
  if (!navigator.clipboard) {
    say("orange", text("copyFailed"));
    return;
  }
  navigator.clipboard.writeText(value).then(
    () => say("green", text("copied")),
    () => say("orange", text("copyFailed")),
  );
});
