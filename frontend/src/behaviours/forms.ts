/** Forms: one submission at a time, no work lost by leaving, errors reached by one key press, fields that follow others. */

import { attach, on, text } from "../dom";
import { say } from "./messages";

/* A form whose files are still on their way is sent by itself as soon as they are up; one with a refused file is not. */
const waiting = new WeakMap<HTMLFormElement, HTMLElement | null>();
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    const failed = form.querySelector<HTMLElement>("[data-failed]");
    if (!failed && !form.querySelector("[data-busy]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (failed) {
      say("red", text("uploadsFailed"));
      failed.scrollIntoView({ block: "center" });
      return;
    }
    if (!waiting.has(form)) say("blue", text("uploadsAwaited"));
    waiting.set(form, (event as SubmitEvent).submitter);
  },
  true,
);
document.addEventListener("settled", (event) => {
  const form = (event.target as Element).closest("form");
  if (!form || !waiting.has(form) || form.querySelector("[data-busy]")) return;
  const button = waiting.get(form) ?? null;
  waiting.delete(form);
  if (form.isConnected) form.requestSubmit(button?.isConnected ? button : null);
});

/* A second press while the first is on its way does nothing. */
function hold(form: HTMLFormElement): void {
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method === "get" || form.method === "dialog" || form.target === "_blank") return;
  if (form.dataset.sent) event.preventDefault();
  else hold(form);
});

// htmx would queue the second press and send it afterwards.
document.addEventListener("htmx:confirm", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.dataset.sent) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.method === "post") hold(event.target);
});

function release(form: Element): void {
  if (!(form instanceof HTMLFormElement)) return;
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});
document.addEventListener("htmx:afterRequest", (event) => release(event.target as Element));

/* Unsaved work: `data-guard` on a form. */
const dirty = new Set<HTMLElement>();
attach("form[data-guard]", (form) => {
  form.addEventListener("input", () => dirty.add(form));
  form.addEventListener("submit", () => dirty.delete(form));
  form.addEventListener("kept", () => dirty.delete(form)); // a draft holds it
});
window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

/* The list of errors takes the focus, so that it is read first; its links lead into the fields. */
attach("[data-error-summary]", (box) => box.focus());
on("click", "[data-error-summary] a", (link, event) => {
  const field = document.getElementById((link as HTMLAnchorElement).hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const control = field.matches("input, select, textarea, button, [tabindex]") ? field : field.querySelector<HTMLElement>("input, select, textarea, button");
  (control ?? field).focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
});

/* `data-when="kind=enterprise,individual"`: shown, and sent, only while that field holds one of the values. */
attach("[data-when]", (part) => {
  const [name, wanted = ""] = (part.dataset.when ?? "").split("=");
  const values = wanted.split(",");
  const form = part.closest("form");
  if (!form || !name) return;
  const update = (): void => {
    const data = new FormData(form).getAll(name).map(String);
    const shown = data.some((value) => values.includes(value));
    part.hidden = !shown;
    for (const control of part.querySelectorAll<HTMLInputElement>("input, select, textarea")) control.disabled = !shown;
  };
  form.addEventListener("change", update);
  update();
});

/* Filters apply by themselves: `data-autosubmit` on a form. */
on("change", "form[data-autosubmit] :is(select, input[type=checkbox], input[type=radio], input[type=date])", (control) =>
  (control as HTMLInputElement).form?.requestSubmit(),
);

/* Characters left. */
attach("textarea[maxlength]", (field) => {
  const area = field as HTMLTextAreaElement;
  const note = document.createElement("p");
  note.className = "field-help";
  area.after(note);
  const update = (): void => {
    const left = area.maxLength - area.value.length;
    note.hidden = left > area.maxLength / 5;
    note.textContent = text("charactersLeft", { n: left });
  };
  area.addEventListener("input", update);
  update();
});

/* The device's own position into two fields: `data-locate="lonId,latId"`. WGS-84 as the device gives it. */
on("click", "[data-locate]", (button) => {
  const [lonId = "", latId = ""] = (button.dataset.locate ?? "").split(",");
  const lon = document.getElementById(lonId);
  const lat = document.getElementById(latId);
  const status = button.parentElement?.querySelector("[role=status]");
  const tell = (message: string): void => {
    if (status) status.textContent = message;
  };
  if (!(lon instanceof HTMLInputElement) || !(lat instanceof HTMLInputElement)) return;
  if (!("geolocation" in navigator) || !window.isSecureContext) {
    tell(text("locateUnavailable"));
    return;
  }
  tell(text("locating"));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      lon.value = coords.longitude.toFixed(6);
      lat.value = coords.latitude.toFixed(6);
      for (const field of [lon, lat]) field.dispatchEvent(new Event("change", { bubbles: true }));
      tell(text("located", { n: Math.round(coords.accuracy) }));
    },
    (problem) => tell(text(problem.code === problem.PERMISSION_DENIED ? "locateDenied" : "locateFailed")),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
});

/* A part of the page shown and hidden by a button: `data-toggle="id"`. */
on("click", "[data-toggle]", (button, event) => {
  const part = document.getElementById(button.dataset.toggle ?? "");
  if (!part) return;
  event.preventDefault(); // a link: the way for browsers without scripts
  part.hidden = !part.hidden;
  button.setAttribute("aria-expanded", String(!part.hidden));
  if (part.hidden) return;
  const enter = () => part.querySelector<HTMLElement>("input:not([type=hidden]), select, button")?.focus();
  if (part.querySelector("[hx-get][hx-trigger=intersect]")) part.addEventListener("htmx:afterSettle", enter, { once: true });
  else enter();
});
