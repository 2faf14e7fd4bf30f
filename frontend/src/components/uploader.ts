/**
 * Files: chosen, dropped, pasted or photographed; shown before they are sent; refused early when they cannot be taken.
 *
 * Photos (`data-pictures`) are first made smaller and marked. With `data-url` each file goes up at once, in pieces, and
 * its number travels with the form as hidden `data-name` + `_uploads`; without it, as without scripts, the native input
 * holds the files. While anything is under way the root carries `data-busy`, after a refusal `data-failed`.
 */

import { component } from "./component";
import { text } from "../dom";
import { prepare } from "../photos/prepare";
import { send } from "../photos/sending";

/** A file as a draft keeps it. */
export interface Kept {
  file: File;
  metadata: Record<string, string>;
  url: string;
  id: string;
}

interface Entry {
  key: number;
  name: string;
  size: string;
  thumb: string;
  state: string;
  failed: boolean;
  busy: boolean;
  raw: boolean;
  percent: number;
  id: string;
  url: string;
  file: File | null;
  metadata: Record<string, string>;
}

interface Stored {
  id: string | number;
  name: string;
  thumb?: string;
}

const IMAGES = /^image\/(jpeg|png|webp|gif|bmp|avif)$/;
const DOT = 1024 * 1024;
const given = new Map<number, () => void>(); // how to give up what is on its way
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

function entryOf(file: File | null, more: Partial<Entry> = {}): Entry {
  return {
    key: ++counter, name: file?.name ?? "", size: file ? sizeOf(file.size) : "", thumb: "", state: "", failed: false,
    busy: false, raw: false, percent: 0, id: "", url: "", file, metadata: {}, ...more,
  };
}

/** Where the photo is taken, for its mark: what the form says, else what was chosen in its first search box. */
function whereOf(form: HTMLElement | null): string {
  const said = form?.dataset.where;
  return said || form?.querySelector<HTMLInputElement>(".combo input[role=combobox]")?.value.trim() || "";
}

export function uploader() {
  return component({
    entries: [] as Entry[],
    over: false,
    error: "",
    init() {
      const stored = JSON.parse(this.$el.dataset.stored || "[]") as Stored[];
      this.entries = stored.map((one) => entryOf(null, { name: one.name, thumb: one.thumb ?? "", state: text("uploaded"), id: String(one.id) }));
    },
    get sent(): Entry[] {
      return this.entries.filter((entry: Entry) => entry.id);
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
      // The native input is filled anew by sync(), or not at all when files go up by themselves.
      input.value = "";
      this.take(files);
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
      const { maxFiles, multiple, pictures } = this.$root.dataset;
      const most = multiple === undefined ? 1 : Number(maxFiles || 20);
      for (const file of files) {
        const photo = pictures !== undefined && file.type.startsWith("image/");
        const refusal = this.refusal(file, photo);
        if (!refusal && multiple === undefined) this.entries.slice().forEach((one) => this.remove(one));
        const full = this.entries.filter((entry) => !entry.failed).length >= most;
        if (refusal || full) {
          this.error = refusal || text("tooManyFiles", { n: most });
          continue;
        }
        this.entries.push(entryOf(file));
        const entry = this.entries[this.entries.length - 1]; // as Alpine watches it
        if (entry) void this.ready(entry, photo);
      }
      this.settle();
    },
    refusal(file: File, photo: boolean): string {
      const { max, accept } = this.$root.dataset;
      if (file.size === 0) return text("fileEmpty", { name: file.name });
      if (photo) return ""; // judged once it was made smaller
      if (max && file.size > Number(max) * DOT) return text("fileTooLarge", { name: file.name, n: max });
      if (!accepts(accept ?? "", file)) return text("fileType", { name: file.name, accept: accept ?? "" });
      return "";
    },
    async ready(entry: Entry, photo: boolean): Promise<void> {
      const { side, quality } = this.$root.dataset;
      if (photo && entry.file) {
        Object.assign(entry, { busy: true, raw: true, state: text("preparing") });
        this.settle();
        const who = document.querySelector<HTMLElement>('meta[name="reader"]')?.dataset.name ?? "";
        const wishes = { side: Number(side || 1920), quality: Number(quality || 85) / 100, where: whereOf(this.$root.closest("form")), who };
        const { file, metadata } = await prepare(entry.file, wishes);
        Object.assign(entry, { file, metadata, name: file.name, size: sizeOf(file.size), busy: false, raw: false });
        const refusal = this.refusal(file, false);
        if (refusal) {
          Object.assign(entry, { failed: true, state: refusal });
          this.settle();
          return;
        }
      }
      this.onward(entry);
    },
    onward(entry: Entry): void {
      if (!entry.file || !this.entries.includes(entry)) return; // taken away meanwhile
      if (!entry.thumb && IMAGES.test(entry.file.type)) entry.thumb = URL.createObjectURL(entry.file);
      entry.state = entry.size;
      if (this.$root.dataset.url && !entry.id) this.send(entry);
      else if (entry.id) entry.state = `${text("uploaded")} · ${entry.size}`;
      this.settle();
    },
    send(entry: Entry): void {
      const endpoint = this.$root.dataset.url;
      if (!endpoint || !entry.file) return;
      Object.assign(entry, { busy: true, failed: false, state: text("uploading") });
      void send({
        file: entry.file,
        metadata: { ...entry.metadata },
        endpoint,
        url: entry.url,
        begun: (url) => {
          entry.url = url;
          this.tell();
        },
        moved: (percent) => Object.assign(entry, { percent, state: text("uploading") }),
        waiting: () => Object.assign(entry, { state: text("waitingForSignal") }),
        done: (url) => {
          const id = url.replace(/\/$/, "").split("/").pop() ?? "";
          Object.assign(entry, { busy: false, percent: 100, state: `${text("uploaded")} · ${entry.size}`, id, url });
          this.settle();
        },
        refused: (message) => {
          Object.assign(entry, { busy: false, failed: true, state: message, url: "" });
          this.settle();
        },
      }).then((giveUp) => given.set(entry.key, giveUp));
    },
    again(entry: Entry): void {
      entry.failed = false;
      this.onward(entry);
    },
    remove(entry: Entry): void {
      if (entry.thumb.startsWith("blob:")) URL.revokeObjectURL(entry.thumb);
      given.get(entry.key)?.();
      given.delete(entry.key);
      this.entries = this.entries.filter((one) => one.key !== entry.key);
      this.error = "";
      this.settle();
    },
    /** Say how things stand: to the form, to the native input, to whoever waits for the last file. */
    settle() {
      const { dataset } = this.$root;
      const busy = this.entries.some((entry) => entry.busy);
      if (busy) dataset.busy = "";
      else delete dataset.busy;
      if (this.entries.some((entry) => entry.failed)) dataset.failed = "";
      else delete dataset.failed;
      if (!dataset.url) {
        const transfer = new DataTransfer();
        for (const entry of this.entries) if (entry.file && !entry.failed) transfer.items.add(entry.file);
        (this.$refs.input as HTMLInputElement).files = transfer.files;
      }
      this.tell();
      // Once the hidden fields are there.
      if (!busy) this.$nextTick(() => this.$root.dispatchEvent(new CustomEvent("settled", { bubbles: true })));
    },
    tell() {
      this.$root.dispatchEvent(new Event("change", { bubbles: true }));
    },
    /** For drafts: what is here … */
    collect(event: CustomEvent<{ files?: Kept[] }>): void {
      event.detail.files = this.entries.flatMap(({ file, metadata, url, id, raw }) =>
        file && !raw ? [{ file, metadata: { ...metadata }, url, id }] : [],
      );
    },
    /** … and put back. */
    restore(event: CustomEvent<{ files?: Kept[] }>): void {
      const kept = event.detail.files;
      if (!kept) return;
      this.entries.slice().forEach((entry) => {
        if (!kept.some((one) => one.id && one.id === entry.id)) this.remove(entry);
      });
      for (const one of kept) {
        if (this.entries.some((entry) => entry.id && entry.id === one.id)) continue;
        this.entries.push(entryOf(one.file, { metadata: one.metadata, url: one.url, id: one.id }));
        const entry = this.entries[this.entries.length - 1];
        if (entry) this.onward(entry);
      }
      this.settle();
    },
  });
}
