/** The frame: side bar (folded on desks, off-canvas on phones), the keys to the search box, the way back. */

import { attach, on, setCookie } from "../dom";

const side = (): HTMLElement | null => document.getElementById("side");
let opener: HTMLElement | null = null;

function toggle(open: boolean): void {
  const menu = side();
  if (!menu || menu.classList.contains("is-open") === open) return;
  menu.classList.toggle("is-open", open);
  document.querySelector(".side-veil")?.classList.toggle("is-open", open);
  // Whoever uses a keyboard or screen reader stays inside the open menu.
  for (const rest of document.querySelectorAll<HTMLElement>(".page-side, .tabbar")) rest.inert = open;
  for (const button of document.querySelectorAll("[data-open-side]")) button.setAttribute("aria-expanded", String(open));
  if (open) menu.querySelector<HTMLElement>("a, button")?.focus();
  else opener?.focus();
}

on("click", "[data-open-side]", (button) => {
  opener = button;
  toggle(true);
});
on("click", "[data-close-side], .side-veil", () => toggle(false));

on("click", "[data-fold-side]", (button, event) => {
  event.preventDefault();
  const narrow = document.querySelector(".frame")?.classList.toggle("frame-narrow") ?? false;
  button.setAttribute("aria-expanded", String(!narrow));
  setCookie("anlan_sidebar", narrow ? "narrow" : "wide");
  window.dispatchEvent(new Event("resize"));
});

window.matchMedia("(min-width: 62rem)").addEventListener("change", () => toggle(false));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") toggle(false);
  const busy = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  const search = document.querySelector<HTMLInputElement>("[data-search]");
  if (!search || event.isComposing || document.querySelector("dialog[open]")) return;
  const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  if (!command && (event.key !== "/" || busy || event.ctrlKey || event.metaKey || event.altKey)) return;
  event.preventDefault();
  search.focus();
  search.select();
});

attach(".side-nav [aria-current]", (link) => {
  const nav = link.closest<HTMLElement>(".side-nav");
  const below = link.offsetTop - (nav?.offsetTop ?? 0) - (nav?.clientHeight ?? 0) + 80;
  if (nav && below > 0) nav.scrollTop = below;
});

on("click", "[data-back]", (_, event) => {
  if (history.length < 2) return;
  event.preventDefault();
  history.back();
});
on("click", "[data-print]", () => window.print());
