/* Before the first paint: where the reader leaves the theme to the device, ask the device. */
(function () {
  var root = document.documentElement;
  if (root.dataset.theme === "auto" && window.matchMedia("(prefers-color-scheme: dark)").matches) {
    root.dataset.bsTheme = "dark";
  }
})();
