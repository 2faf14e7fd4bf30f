/** Dialogs opened by a button (`data-open-dialog="id"`), closed by `data-close-dialog`, Escape or a click outside. */

import { attach, on } from "../dom";

const find = (id: string | undefined): HTMLDialogElement | null => {
  const found = id ? document.getElementById(id) : null;
  return found instanceof HTMLDialogElement ? found : null;
};

on("click", "[data-open-dialog]", (button, event) => {
  const box = find(button.dataset.openDialog);
  if (!box || box.open) return;
  event.preventDefault();
  box.showModal();
  box.dispatchEvent(new CustomEvent("open"));
});

on("click", "[data-close-dialog]", (button) => button.closest("dialog")?.close());

attach("dialog", (box) => {
  box.addEventListener("mousedown", (event) => {
    if (event.target !== box) return;
    const edge = box.getBoundingClientRect();
    const inside =
      event.clientX >= edge.left && event.clientX <= edge.right && event.clientY >= edge.top && event.clientY <= edge.bottom;
    if (!inside) (box as HTMLDialogElement).close();
  });
});

// A dialog that arrives with the attribute opens by itself (a server's answer that asks something back).
attach("dialog[data-open-now]", (box) => (box as HTMLDialogElement).showModal());
