import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { oldBrowsers } from "./vite/old-browsers.ts";
import { iconSprite } from "./vite/icon-sprite.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  // Relative addresses: the site may serve its static files under any prefix.
  base: "./",
  publicDir: false,
  plugins: [
    iconSprite({
      names: here("../anlan/ui/icons.json"),
      icons: here("node_modules/@tabler/icons/icons"),
      source: "src/icons.svg",
    }),
    oldBrowsers(),
  ],
  build: {
    outDir: here("../anlan/ui/static/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    // Many office machines stop at Chromium 109, the last one for Windows 7 and 8; WeChat brings a Chromium of its own
    // on Android and has Safari's engine on iPhones.
    target: ["chrome109", "safari15.4"],
    cssTarget: ["chrome109", "safari15.4"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { main: here("src/main.ts") },
      // htmx carries an eval that its configuration switches off and the content policy forbids.
      onwarn: (warning, warn) => void (warning.code === "EVAL" || warn(warning)),
    },
  },
  worker: { format: "es" },
});
