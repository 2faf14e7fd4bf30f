/**
 * A field that searches on the server while one types (`x-data="combo"`).
 * `data-url` answers `?q=` with `{"results": [{"id", "text", "hint"}], "more": true}`; `data-picked` holds what is
 * chosen at first as `[{"id", "text"}]`; `data-multiple` allows several. Values travel as hidden fields `data-name`.
 */

import { component } from "./component";
import { debounce, getJson, text } from "../dom";

interface Item {
  id: string | number;
  text: string;
  hint?: string;
}

interface Answer {
  results: Item[];
  more?: boolean;
}

export function combo() {
  let pending: AbortController | null = null;
  let soon: () => void = () => undefined;
  return component({
    query: "",
    open: false,
    note: "",
    active: -1,
    items: [] as Item[],
    picked: [] as Item[],
    multiple: false,
    name: "",
    listId: "",
    init() {
      const data = this.$el.dataset;
      this.multiple = data.multiple !== undefined;
      this.name = data.name ?? "";
      this.listId = data.list ?? "";
      this.picked = JSON.parse(data.picked || "[]") as Item[];
      if (!this.multiple && this.picked[0]) this.query = this.picked[0].text;
      soon = debounce(() => void this.load(), 250);
    },
    get activeId() {
      return this.active >= 0 ? this.optionId(this.active) : "";
    },
    get hasPicked() {
      return this.picked.length > 0;
    },
    get chips() {
      return this.multiple ? this.picked : [];
    },
    optionId(index: number): string {
      return `${this.listId}-${index}`;
    },
    isPicked(item: Item): boolean {
      return this.picked.some((one) => String(one.id) === String(item.id));
    },
    isActive(index: number): boolean {
      return index === this.active;
    },
    show() {
      if (this.open) return;
      this.open = true;
      void this.load();
    },
    look() {
      this.open = true;
      this.note = text("searching");
      soon();
    },
    async load(): Promise<void> {
      pending?.abort();
      const mine = (pending = new AbortController());
      const chosen = !this.multiple && this.picked[0]?.text === this.query;
      const url = new URL(this.$root.dataset.url ?? "", location.href);
      url.searchParams.set("q", chosen ? "" : this.query.trim());
      try {
        const answer = await getJson<Answer>(url.href, mine.signal);
        this.items = answer.results;
        this.active = this.items.length > 0 && this.query ? 0 : -1;
        this.note = this.items.length ? (answer.more ? text("moreResults") : "") : text("noResults");
      } catch {
        if (mine.signal.aborted) return;
        this.items = [];
        this.note = text("searchFailed");
      }
    },
    choose(item: Item): void {
      if (this.multiple) {
        if (this.isPicked(item)) this.drop(item);
        else this.picked = [...this.picked, item];
        this.query = "";
      } else {
        this.picked = [item];
        this.query = item.text;
        this.open = false;
      }
      this.$refs.input?.focus();
      this.changed();
    },
    drop(item: Item): void {
      this.picked = this.picked.filter((one) => String(one.id) !== String(item.id));
      this.changed();
    },
    clear() {
      this.picked = [];
      this.query = "";
      this.$refs.input?.focus();
      this.changed();
    },
    leave(event: FocusEvent): void {
      if (event.relatedTarget instanceof Node && this.$root.contains(event.relatedTarget)) return;
      this.open = false;
      // Words that were typed but not chosen are no value: the field shows again what it holds.
      this.query = this.multiple ? "" : (this.picked[0]?.text ?? "");
    },
    key(event: KeyboardEvent): void {
      if (event.isComposing) return;
      const last = this.items.length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!this.open) this.show();
        else if (last >= 0) this.active = event.key === "ArrowDown" ? (this.active >= last ? 0 : this.active + 1) : this.active <= 0 ? last : this.active - 1;
        this.$nextTick(() => document.getElementById(this.activeId)?.scrollIntoView({ block: "nearest" }));
      } else if (event.key === "Enter" && this.open) {
        const item = this.items[this.active];
        event.preventDefault();
        if (item) this.choose(item);
      } else if (event.key === "Escape" && this.open) {
        event.stopPropagation();
        event.preventDefault();
        this.open = false;
      } else if (event.key === "Backspace" && this.multiple && !this.query) {
        this.picked = this.picked.slice(0, -1);
        this.changed();
      }
    },
    /** For drafts: what is chosen, and choosing it again. */
    collect(event: CustomEvent<{ picked?: Item[] }>): void {
      event.detail.picked = this.picked.map(({ id, text: label }) => ({ id, text: label }));
    },
    restore(event: CustomEvent<{ picked?: Item[] }>): void {
      this.picked = event.detail.picked ?? [];
      if (!this.multiple) this.query = this.picked[0]?.text ?? "";
      this.changed();
    },
    changed() {
      this.$nextTick(() => this.$root.dispatchEvent(new Event("change", { bubbles: true })));
    },
  });
}
