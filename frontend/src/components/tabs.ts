/** Tabs within a page (`x-data="tabs"`): arrow keys move, the address keeps the tab (`#id`). */

import { component } from "./component";

export function tabs() {
  return component({
    init() {
      const wanted = this.all().find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);
      if (wanted) this.show(wanted, false);
    },
    all(): HTMLElement[] {
      return [...this.$root.querySelectorAll<HTMLElement>("[role=tab]")];
    },
    show(tab: HTMLElement, focus: boolean): void {
      for (const other of this.all()) {
        const chosen = other === tab;
        other.setAttribute("aria-selected", String(chosen));
        other.tabIndex = chosen ? 0 : -1;
        const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
        if (panel) panel.hidden = !chosen;
      }
      if (focus) {
        tab.focus();
        history.replaceState(history.state, "", `#${tab.getAttribute("aria-controls")}`);
      }
    },
    pick(event: Event): void {
      const tab = (event.target as Element).closest<HTMLElement>("[role=tab]");
      if (tab) this.show(tab, true);
    },
    key(event: KeyboardEvent): void {
      const all = this.all();
      const at = all.indexOf(event.target as HTMLElement);
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (at < 0 || next === undefined) return;
      event.preventDefault();
      const tab = all[(next + all.length) % all.length];
      if (tab) this.show(tab, true);
    },
  });
}
