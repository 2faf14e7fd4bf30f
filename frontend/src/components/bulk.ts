/**
 * Picking rows of a list for one act. `x-data="bulk"` stands around the table and the bar; rows hold
 * `<input type="checkbox" data-pick value="id">`, the head `<input data-pick-all>`; the bar's form sends `ids`, or
 * `all=1` when every row of the result, not only of this page, is meant.
 */

import { component } from "./component";

export function bulk() {
  return component({
    picked: [] as string[],
    all: false,
    total: 0,
    init() {
      this.total = Number(this.$el.dataset.total ?? 0);
      this.$el.addEventListener("htmx:afterSettle", () => this.read());
      this.read();
    },
    get count() {
      return this.all ? this.total : this.picked.length;
    },
    get some() {
      return this.picked.length > 0;
    },
    get pageFull() {
      return !this.all && this.picked.length > 0 && this.picked.length < this.total && this.picked.length === this.boxes().length;
    },
    boxes(): HTMLInputElement[] {
      return [...this.$root.querySelectorAll<HTMLInputElement>("[data-pick]")];
    },
    read() {
      const boxes = this.boxes();
      this.picked = boxes.filter((box) => box.checked).map((box) => box.value);
      this.all = this.all && this.picked.length === boxes.length;
      for (const box of boxes) box.closest("tr")?.classList.toggle("is-picked", box.checked);
      const head = this.$root.querySelector<HTMLInputElement>("[data-pick-all]");
      if (head) {
        head.checked = boxes.length > 0 && this.picked.length === boxes.length;
        head.indeterminate = this.picked.length > 0 && !head.checked;
      }
    },
    toggle() {
      const head = this.$root.querySelector<HTMLInputElement>("[data-pick-all]");
      for (const box of this.boxes()) box.checked = head?.checked ?? false;
      this.read();
    },
    pickAll() {
      this.all = true;
    },
    clear() {
      for (const box of this.boxes()) box.checked = false;
      this.all = false;
      this.read();
    },
  });
}
