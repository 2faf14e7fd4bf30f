/**
 * The region chooser. Branches come by htmx when first opened; arrow keys walk the tree; a choice fills the hidden
 * field, the button's label, and closes the dialog.
 */

import { attach, on } from "../dom";

const items = (tree: Element): HTMLElement[] =>
  [...tree.querySelectorAll<HTMLElement>("[role=treeitem]")].filter((item) => item.getClientRects().length > 0);

function expand(item: HTMLElement, open: boolean): void {
  if (!item.hasAttribute("aria-expanded")) return;
  item.setAttribute("aria-expanded", String(open));
  const group = item.querySelector<HTMLElement>(":scope > [role=group]");
  if (!group) return;
  group.hidden = !open;
  if (open && group.dataset.load !== undefined) {
    delete group.dataset.load;
    group.dispatchEvent(new CustomEvent("branch"));
  }
}

function focusItem(item: HTMLElement | null | undefined): void {
  if (!item) return;
  for (const other of item.closest("[role=tree]")?.querySelectorAll("[role=treeitem][tabindex='0']") ?? []) {
    other.setAttribute("tabindex", "-1");
  }
  item.setAttribute("tabindex", "0");
  item.focus();
}

function choose(item: HTMLElement): void {
  const picker = item.closest<HTMLElement>("[data-tree-picker]");
  if (!picker) return;
  for (const other of picker.querySelectorAll("[role=treeitem][aria-selected='true']")) other.setAttribute("aria-selected", "false");
  item.setAttribute("aria-selected", "true");
  const field = picker.querySelector<HTMLInputElement>("input[data-tree-value]");
  const label = picker.querySelector<HTMLElement>("[data-tree-label]");
  if (label) {
    label.textContent = item.dataset.label ?? "";
    label.classList.remove("is-empty");
  }
  if (field) {
    field.value = item.dataset.value ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  picker.querySelector("dialog")?.close();
}

on("click", ".tree-turn", (button) => {
  const item = button.closest<HTMLElement>("[role=treeitem]");
  if (item) expand(item, item.getAttribute("aria-expanded") !== "true");
});
on("click", ".tree-pick", (button) => {
  const item = button.closest<HTMLElement>("[role=treeitem]");
  if (item) choose(item);
});
on("click", "[data-tree-clear]", (button) => {
  const picker = button.closest<HTMLElement>("[data-tree-picker]");
  const field = picker?.querySelector<HTMLInputElement>("input[data-tree-value]");
  const label = picker?.querySelector<HTMLElement>("[data-tree-label]");
  if (label) {
    label.textContent = label.dataset.placeholder ?? "";
    label.classList.add("is-empty");
  }
  if (field) {
    field.value = "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  picker?.querySelector("dialog")?.close();
});

attach("[role=tree]", (tree) => {
  tree.addEventListener("keydown", (event) => {
    const item = (event.target as Element).closest<HTMLElement>("[role=treeitem]");
    if (!item) return;
    const all = items(tree);
    const at = all.indexOf(item);
    const open = item.getAttribute("aria-expanded");
    switch (event.key) {
      case "ArrowDown": focusItem(all[at + 1]); break;
      case "ArrowUp": focusItem(all[at - 1]); break;
      case "Home": focusItem(all[0]); break;
      case "End": focusItem(all[all.length - 1]); break;
      case "ArrowRight":
        if (open === "false") expand(item, true);
        else if (open === "true") focusItem(item.querySelector<HTMLElement>("[role=group] [role=treeitem]"));
        break;
      case "ArrowLeft":
        if (open === "true") expand(item, false);
        else focusItem(item.parentElement?.closest<HTMLElement>("[role=treeitem]"));
        break;
      case "Enter":
      case " ":
        choose(item);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
});
