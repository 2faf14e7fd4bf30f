/**
 * Asking before an act. A form (or an element with an hx- verb) says what to ask:
 *   data-confirm="text"  data-confirm-title  data-confirm-label  data-confirm-tone
 *   data-confirm-reason="required|optional"  data-confirm-reason-label
 * The reason travels as the field `reason`. Without scripts the form is sent as it is; the server asks for what it needs.
 */

import { text } from "../dom";

interface Answer {
  reason: string;
}

interface HtmxConfirm {
  elt: HTMLElement;
  question: string | null;
  issueRequest: (skip: boolean) => void;
}

const dialog = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>("#confirm-dialog");
const part = <T extends HTMLElement>(box: HTMLElement, name: string): T | null => box.querySelector<T>(`[data-part="${name}"]`);

/** Show the question; resolves with the reason, or null when the reader steps back. */
export function ask(source: HTMLElement): Promise<Answer | null> {
  const box = dialog();
  if (!box) return Promise.resolve({ reason: "" });
  const data = source.dataset;
  const tone = data.confirmTone ?? "primary";
  const wants = data.confirmReason ?? "";
  const field = part<HTMLTextAreaElement>(box, "reason");
  const submit = part<HTMLButtonElement>(box, "submit");
  const error = part(box, "error");
  const set = (name: string, value: string): void => {
    const found = part(box, name);
    if (found) {
      found.textContent = value;
      found.hidden = !value;
    }
  };
  set("title", data.confirmTitle || text("confirmTitle"));
  set("text", data.confirm ?? "");
  set("reason-label", data.confirmReasonLabel || text("reason"));
  set("optional", wants === "optional" ? text("optional") : "");
  if (submit) {
    submit.textContent = data.confirmLabel || text("confirm");
    submit.className = `btn btn-${tone}${tone === "primary" ? "" : ` tone-${tone}`}`;
  }
  const group = part(box, "reason-group");
  if (group) group.hidden = !wants;
  if (field) {
    field.value = "";
    field.removeAttribute("aria-invalid");
  }
  if (error) error.hidden = true;

  return new Promise((resolve) => {
    const form = box.querySelector("form");
    const check = (event: Event): void => {
      event.preventDefault();
      if (wants === "required" && !field?.value.trim()) {
        field?.setAttribute("aria-invalid", "true");
        if (error) error.hidden = false;
        field?.focus();
        return;
      }
      box.close("yes");
    };
    const finish = (): void => {
      form?.removeEventListener("submit", check);
      resolve(box.returnValue === "yes" ? { reason: field?.value.trim() ?? "" } : null);
    };
    form?.addEventListener("submit", check);
    box.addEventListener("close", finish, { once: true });
    box.returnValue = "";
    box.showModal();
    (wants ? field : submit)?.focus();
  });
}

function hide(form: HTMLFormElement, name: string, value: string): void {
  let input = form.querySelector<HTMLInputElement>(`input[type="hidden"][name="${name}"]`);
  if (!input) {
    input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    form.append(input);
  }
  input.value = value;
}

const answered = new WeakSet<HTMLFormElement>();

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    const submitter = event.submitter;
    const source = submitter?.dataset.confirm !== undefined ? submitter : form;
    if (source.dataset.confirm === undefined) return;
    if (answered.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void ask(source).then((answer) => {
      if (!answer) return;
      if (source.dataset.confirmReason) hide(form, "reason", answer.reason);
      answered.add(form);
      form.requestSubmit(submitter);
    });
  },
  { capture: true },
);

// Elements with their own hx- verb, outside forms.
document.addEventListener("htmx:confirm", (event) => {
  const { elt, issueRequest } = (event as CustomEvent<HtmxConfirm>).detail;
  if (elt instanceof HTMLFormElement || elt.dataset.confirm === undefined || elt.closest("form[data-confirm]")) return;
  event.preventDefault();
  void ask(elt).then((answer) => {
    if (!answer) return;
    if (elt.dataset.confirmReason) elt.setAttribute("hx-vals", JSON.stringify({ reason: answer.reason }));
    issueRequest(true);
  });
});
