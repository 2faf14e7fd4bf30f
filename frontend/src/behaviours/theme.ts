/** The theme switch: answers at once and leaves a cookie that the server obeys from the next page on. */

import { on, setCookie } from "../dom";

export type Theme = "light" | "dark" | "auto";

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function show(theme: Theme): void {
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.dataset.bsTheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  for (const button of document.querySelectorAll<HTMLElement>("[data-set-theme]")) {
    const chosen = String(button.dataset.setTheme === theme);
    button.setAttribute(button.getAttribute("role") === "menuitemradio" ? "aria-checked" : "aria-pressed", chosen);
  }
  document.dispatchEvent(new CustomEvent("anlan:theme"));
}

on("click", "[data-set-theme]", (button, event) => {
  event.preventDefault();
  const theme = button.dataset.setTheme as Theme;
  setCookie("anlan_theme", theme);
  show(theme);
});

dark.addEventListener("change", () => {
  if (document.documentElement.dataset.theme === "auto") show("auto");
});
