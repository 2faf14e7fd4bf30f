/** Photos one by one in a dialog (`x-data="lightbox"` around `<button data-photo="url" data-note="…">`). */

import { component } from "./component";

interface Picture {
  src: string;
  note: string;
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
      this.pictures = all.map((one) => ({ src: one.dataset.photo ?? "", note: one.dataset.note ?? "" }));
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
