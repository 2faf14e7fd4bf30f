/**
 * Drafts: what was typed, chosen and photographed in a form of an act (`form[data-draft]`) is kept on the device, and
 * put back after a reload or a crash. A draft belongs to the person signed in; it goes when the act succeeded (the
 * server says so by a cookie that names the form's key), when he discards it, at sign-out, and after a week.
 * Passwords and codes are never kept.
 */

import { createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import type { Kept } from "../components/uploader";
import { attach, debounce, make, text } from "../dom";
import { forgetPages } from "../field/pages";

interface Content {
  fields: [string, string[]][];
  combos: [string, { id: string | number; text: string }[]][];
  trees: [string, string, string][];
  files: [string, Kept[]][];
}

interface Draft extends Content {
  reader: string;
  at: number;
  key: string;
  /** It was to be sent when the signal was lost. */
  wanted: boolean;
}

const LIFE = 7 * 24 * 3600 * 1000; // ms
const DONE = "anlan_done";
const SECRET = "[type=password], [type=hidden], [type=file], [autocomplete*=password], [autocomplete='one-time-code'], [data-secret]";

const reader = (): string => document.querySelector<HTMLMetaElement>('meta[name="reader"]')?.content ?? "";
const store: UseStore | null = "indexedDB" in window ? createStore("anlan-drafts", "drafts") : null;

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function controls(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (one): one is Control => one.matches("input[name], select[name], textarea[name]") && !one.matches(SECRET) && one.getAttribute("form") === null,
  );
}

function valuesOf(control: Control): string[] {
  if (control instanceof HTMLSelectElement) return [...control.selectedOptions].map((option) => option.value);
  if (control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio")) return control.checked ? [control.value] : [];
  return [control.value];
}

function asked<T extends object>(root: Element, event: string, detail: T): T {
  root.dispatchEvent(new CustomEvent(event, { detail }));
  return detail;
}

const named = (form: HTMLFormElement, selector: string): [string, HTMLElement][] =>
  [...form.querySelectorAll<HTMLElement>(selector)].map((root) => [root.dataset.name ?? "", root]);

function collect(form: HTMLFormElement): Content {
  const fields = new Map<string, string[]>();
  for (const control of controls(form)) fields.set(control.name, [...(fields.get(control.name) ?? []), ...valuesOf(control)]);
  return {
    fields: [...fields],
    combos: named(form, ".combo[data-name]").map(([name, root]) => [name, asked<{ picked?: Content["combos"][0][1] }>(root, "collect", {}).picked ?? []]),
    trees: [...form.querySelectorAll<HTMLElement>("[data-tree-picker]")].map((picker) => {
      const value = picker.querySelector<HTMLInputElement>("[data-tree-value]");
      return [value?.name ?? "", value?.value ?? "", picker.querySelector("[data-tree-label]")?.textContent ?? ""];
    }),
    files: named(form, ".uploader[data-name]").map(([name, root]) => [name, asked<{ files?: Kept[] }>(root, "collect", {}).files ?? []]),
  };
}

function put(form: HTMLFormElement, content: Content): void {
  const fields = new Map(content.fields);
  for (const control of controls(form)) {
    const values = fields.get(control.name);
    if (!values) continue;
    const before = valuesOf(control).join();
    if (control instanceof HTMLSelectElement) for (const option of control.options) option.selected = values.includes(option.value);
    else if (control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio")) control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
    if (valuesOf(control).join() === before) continue;
    for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, { bubbles: true }));
    control.closest("details")?.setAttribute("open", "");
  }
  const combos = new Map(content.combos);
  for (const [name, root] of named(form, ".combo[data-name]")) {
    const picked = combos.get(name);
    if (picked) asked(root, "restore", { picked });
  }
  for (const [name, value, label] of content.trees) {
    const field = form.querySelector<HTMLInputElement>(`[data-tree-value][name="${CSS.escape(name)}"]`);
    const shown = field?.closest("[data-tree-picker]")?.querySelector("[data-tree-label]");
    if (!field || !shown) continue;
    field.value = value;
    shown.textContent = label;
    shown.classList.toggle("is-empty", !value);
  }
  const files = new Map(content.files);
  for (const [name, root] of named(form, ".uploader[data-name]")) asked(root, "restore", { files: files.get(name) ?? [] });
}

/** The form's own idempotency key: an act that was carried out, its answer lost, is not carried out twice. */
const keyOf = (form: HTMLFormElement): HTMLInputElement | null => form.querySelector<HTMLInputElement>('input[type=hidden][name$="key"]');

const same = (one: Content, other: Content): boolean =>
  JSON.stringify([one.fields, one.combos, one.trees]) === JSON.stringify([other.fields, other.combos, other.trees]) &&
  one.files.every(([, kept]) => kept.length === 0);

/** What is over is forgotten before anything is put back. */
async function tidy(): Promise<void> {
  if (!store) return;
  const done = document.cookie.split("; ").find((part) => part.startsWith(`${DONE}=`))?.slice(DONE.length + 1);
  for (const [id, draft] of await entries<string, Draft>(store)) {
    if ((done && draft.key === done) || Date.now() - draft.at > LIFE) await del(id, store);
  }
  if (done) document.cookie = `${DONE}=; Path=/; Max-Age=0; SameSite=Lax`;
}

async function forget(whose: string): Promise<void> {
  if (!store) return;
  for (const [id, draft] of await entries<string, Draft>(store)) if (draft.reader === whose) await del(id, store);
}

const tidied = tidy().catch(() => undefined); // a browser that lends no storage (private windows) keeps no drafts

function note(form: HTMLFormElement, at: number, discard: () => void): void {
  const when = new Date(at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const button = make("button", { type: "button", class: "btn btn-plain btn-sm" }, text("draftDiscard"));
  const box = make("div", { class: "notice tone-blue stack-after draft-note", role: "status" }, make("div", { class: "notice-body row-line" }, make("p", {}, text("draftRestored", { when })), button));
  button.addEventListener("click", () => {
    box.remove();
    discard();
  });
  (form.querySelector(".sheet-body") ?? form).prepend(box);
}

attach("form[data-draft]", (element) => {
  const form = element as HTMLFormElement;
  const whose = reader();
  if (!store || !whose) return;
  const id = `${whose} ${new URL(form.action, location.href).pathname}`;
  const start = collect(form);
  const first = keyOf(form)?.value ?? "";
  let open = false; // nothing is written before what was there has been read
  const keep = async (): Promise<void> => {
    if (!open || !form.isConnected) return;
    const content = collect(form);
    if (same(content, start)) await del(id, store);
    else await set(id, { ...content, reader: whose, at: Date.now(), key: keyOf(form)?.value ?? "", wanted: form.dataset.wanted !== undefined } satisfies Draft, store);
    form.dispatchEvent(new Event("kept"));
  };
  const soon = debounce(() => void keep().catch(() => undefined), 250);
  for (const name of ["input", "change"]) form.addEventListener(name, soon);
  form.addEventListener("wanted", () => void keep().catch(() => undefined));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) void keep().catch(() => undefined);
  });
  void tidied
    .then(async () => {
      const draft = form.dataset.bound === undefined ? await get<Draft>(id, store) : undefined;
      open = true;
      form.dataset.draft = "ready";
      if (form.dataset.bound !== undefined) {
        const sent = await get<Draft>(id, store); // it came back: its errors are read before it is sent again
        if (sent?.wanted) await set(id, { ...sent, wanted: false } satisfies Draft, store);
      }
      if (!draft || !form.isConnected) return;
      const key = keyOf(form);
      if (key && draft.key) key.value = draft.key;
      put(form, draft);
      if (draft.wanted && same(collect(form), start)) {
        await del(id, store); // it arrived: nothing of it is open any more
        return;
      }
      note(form, draft.at, () => {
        if (key) key.value = first;
        put(form, start);
        void del(id, store).catch(() => undefined);
      });
      if (draft.wanted) form.dispatchEvent(new Event("resume"));
    })
    .catch(() => undefined);
});

/* Whoever signs out leaves nothing behind on a shared phone. */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    if (!new URL(form.action, location.href).pathname.endsWith("/account/logout/")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void Promise.all([forget(reader()), forgetPages()])
      .catch(() => undefined)
      .then(() => HTMLFormElement.prototype.submit.call(form));
  },
  true,
);
