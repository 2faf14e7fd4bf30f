/**
 * Files: chosen, dropped, pasted or photographed; shown before they are sent; refused early when they cannot be taken.
 *
 * Without `data-url` the files travel with the form (the native input holds them). With it each file goes up at once:
 * POST multipart `file` -> 201 `{"id", "name", "url", "thumb"}` or 4xx `{"message"}`; ids travel as hidden `data-name`.
 */

import { component } from "./component";
import { csrfToken, text } from "../dom";

interface Entry {
  key: number;
  name: string;
  size: string;
  thumb: string;
  state: string;
  failed: boolean;
  busy: boolean;
  percent: number;
  id: string;
  url: string;
  file: File | null;
}

interface Stored {
  id: string | number;
  name: string;
  url?: string;
  thumb?: string;
}

const IMAGES = /^image\/(jpeg|png|webp|gif|bmp|avif)$/;
const DOT = 1024 * 1024;
let counter = 0;

function sizeOf(octets: number): string {
  return octets < DOT ? `${Math.max(1, Math.round(octets / 1024))} KB` : `${(octets / DOT).toFixed(1)} MB`;
}

function accepts(rule: string, file: File): boolean {
  if (!rule) return true;
  const name = file.name.toLowerCase();
  return rule
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
    .some((part) => (part.startsWith(".") ? name.endsWith(part) : part.endsWith("/*") ? file.type.startsWith(part.slice(0, -1)) : file.type === part));
}

export function uploader() {
  return component({
    entries: [] as Entry[],
    over: false,
    error: "",
    init() {
      const stored = JSON.parse(this.$el.dataset.stored || "[]") as Stored[];
      this.entries = stored.map((one) => ({
        key: ++counter, name: one.name, size: "", thumb: one.thumb ?? "", state: text("stored"), failed: false,
        busy: false, percent: 100, id: String(one.id), url: one.url ?? "", file: null,
      }));
    },
    get sent(): Entry[] {
      return this.entries.filter((entry: Entry) => entry.id);
    },
    get busy(): boolean {
      return this.entries.some((entry: Entry) => entry.busy);
    },
    browse() {
      this.$refs.input?.click();
    },
    shoot() {
      this.$refs.camera?.click();
    },
    chosen(event: Event): void {
      const input = event.target as HTMLInputElement;
      const files = [...(input.files ?? [])];
      if (input === this.$refs.input && !this.$root.dataset.url) {
        // The native input now holds only the new choice; what was chosen before is put back by sync().
        this.take(files);
        return;
      }
      this.take(files);
      input.value = "";
    },
    dropped(event: DragEvent): void {
      this.over = false;
      this.take(event.dataTransfer?.files ?? []);
    },
    pasted(event: ClipboardEvent): void {
      const files = event.clipboardData?.files;
      if (files?.length) {
        event.preventDefault();
        this.take(files);
      }
    },
    take(files: Iterable<File>): void {
      this.error = "";
      const { url, maxFiles, multiple } = this.$root.dataset;
      for (const file of files) {
        const refusal = this.refusal(file);
        const full = this.entries.filter((entry) => !entry.failed).length >= (multiple === undefined ? 1 : Number(maxFiles || 20));
        if (refusal || (full && multiple !== undefined)) {
          this.error = refusal || text("tooManyFiles", { n: maxFiles || 20 });
          continue;
        }
        if (full) this.entries = [];
        this.entries.push({
          key: ++counter, name: file.name, size: sizeOf(file.size), thumb: IMAGES.test(file.type) ? URL.createObjectURL(file) : "",
          state: sizeOf(file.size), failed: false, busy: false, percent: 0, id: "", url: "", file,
        });
        const entry = this.entries[this.entries.length - 1];
        if (url && entry) this.send(entry);
      }
      this.sync();
    },
    refusal(file: File): string {
      const { max, accept } = this.$root.dataset;
      if (file.size === 0) return text("fileEmpty", { name: file.name });
      if (max && file.size > Number(max) * DOT) return text("fileTooLarge", { name: file.name, n: max });
      if (!accepts(accept ?? "", file)) return text("fileType", { name: file.name, accept: accept ?? "" });
      return "";
    },
    send(entry: Entry): void {
      const url = this.$root.dataset.url;
      if (!url || !entry.file) return;
      const body = new FormData();
      body.append("file", entry.file, entry.name);
      const request = new XMLHttpRequest();
      Object.assign(entry, { busy: true, failed: false, percent: 0, state: text("uploading") });
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) entry.percent = Math.round((event.loaded / event.total) * 100);
      };
      const fail = (message: string): void => void Object.assign(entry, { busy: false, failed: true, state: message });
      request.onload = () => {
        let answer: Partial<Stored> & { message?: string } = {};
        try {
          answer = JSON.parse(request.responseText) as typeof answer;
        } catch {
          fail(text("serverError", { status: request.status }));
          return;
        }
        if (request.status >= 300 || answer.id === undefined) {
          fail(answer.message || text("serverError", { status: request.status }));
          return;
        }
        Object.assign(entry, { busy: false, percent: 100, state: `${text("uploaded")} · ${entry.size}`, id: String(answer.id), url: answer.url ?? "" });
        if (answer.thumb && !entry.thumb) entry.thumb = answer.thumb;
        this.$root.dispatchEvent(new Event("change", { bubbles: true }));
      };
      request.onerror = () => fail(text("offline"));
      request.open("POST", url);
      request.setRequestHeader("X-CSRFToken", csrfToken());
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    },
    again(entry: Entry): void {
      this.send(entry);
    },
    remove(entry: Entry): void {
      if (entry.thumb.startsWith("blob:")) URL.revokeObjectURL(entry.thumb);
      this.entries = this.entries.filter((one) => one.key !== entry.key);
      this.error = "";
      this.sync();
    },
    sync() {
      if (this.$root.dataset.url) return;
      const transfer = new DataTransfer();
      for (const entry of this.entries) if (entry.file) transfer.items.add(entry.file);
      (this.$refs.input as HTMLInputElement).files = transfer.files;
      this.$root.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
}
