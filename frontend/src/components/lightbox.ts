/** Photos one by one in a dialog (`x-data="lightbox"` around `<button data-photo="url" data-note="…" data-told="…">`).
 * What is told of a picture (time, position, digests) stands below its note, a line each. */

import { component } from "./component";

interface Picture {
  src: string;
  note: string;
  told: string;
}

export function lightbox() {
  return component({
    at: 0,
    pictures: [] as Picture[],
    get src() {
      return this.pictures[this.at]?.src ?? "";
    },
    get note() {
      return this.pictures[this.at]?.note ?? "";
    },
    get told() {
      return this.pictures[this.at]?.told ?? "";
    },
    get place() {
      return `${this.at + 1} / ${this.pictures.length}`;
    },
    get many() {
      return this.pictures.length > 1;
    },
    show(event: Event): void {
      const photo = (event.target as Element).closest<HTMLElement>("[data-photo]");
      if (!photo) return;
      const all = [...this.$root.querySelectorAll<HTMLElement>("[data-photo]")];
      this.pictures = all.map(({ dataset }) => ({
        src: dataset.photo ?? "",
        note: dataset.note ?? "",
        told: dataset.told ?? "",
      }));
      this.at = all.indexOf(photo);
      (this.$refs.box as HTMLDialogElement).showModal();
    },
    go(by: number): void {
      this.at = (this.at + by + this.pictures.length) % this.pictures.length;
    },
    key(event: KeyboardEvent): void {
      if (event.key === "ArrowRight") this.go(1);
      else if (event.key === "ArrowLeft") this.go(-1);
    },
  });
}
