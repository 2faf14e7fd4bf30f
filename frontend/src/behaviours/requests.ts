/** htmx: the token, the progress line, and what to say when an answer does not come. */

import "htmx.org";
import { csrfToken, text } from "../dom";
import { say } from "./messages";

interface Detail {
  verb: string;
  headers: Record<string, string>;
  xhr: XMLHttpRequest;
  shouldSwap: boolean;
  isError: boolean;
}

const detail = (event: Event): Detail => (event as CustomEvent<Detail>).detail;

document.addEventListener("htmx:configRequest", (event) => {
  const request = detail(event);
  if (request.verb !== "get") request.headers["X-CSRFToken"] = csrfToken();
});

// A refusal comes with its own place on the page (HX-Retarget); a form with errors comes as 422.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answer = detail(event);
  if (answer.xhr.getResponseHeader("HX-Retarget")) {
    answer.shouldSwap = true;
    answer.isError = false;
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const { status } = detail(event).xhr;
  const known: Record<number, string> = { 401: "signIn", 403: "forbidden", 404: "notFound", 413: "tooLarge", 429: "tooMany" };
  say("red", text(known[status] ?? "serverError", { status }));
});

document.addEventListener("htmx:sendError", () => say("red", text("offline")));
document.addEventListener("htmx:timeout", () => say("red", text("timeout")));

let open = 0;
let timer = 0;
const line = (): Element | null => document.querySelector(".page-progress");

document.addEventListener("htmx:beforeRequest", () => {
  open += 1;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => line()?.classList.toggle("is-on", open > 0), 250);
});
document.addEventListener("htmx:afterRequest", () => {
  open = Math.max(0, open - 1);
  if (!open) {
    window.clearTimeout(timer);
    line()?.classList.remove("is-on");
  }
});
