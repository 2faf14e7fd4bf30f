import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Options {
  /** A JSON list of icon names; a name ending in "-filled" is taken from the filled set. */
  names: string;
  /** The folder of @tabler/icons that holds "outline" and "filled". */
  icons: string;
  /** The name under which the manifest lists the sprite. */
  source: string;
}

function symbol(folder: string, name: string): string {
  const filled = name.endsWith("-filled");
  const file = filled ? join(folder, "filled", `${name.slice(0, -7)}.svg`) : join(folder, "outline", `${name}.svg`);
  if (!existsSync(file)) {
    throw new Error(`icon "${name}" does not exist in @tabler/icons; correct anlan/ui/icons.json`);
  }
  const svg = readFileSync(file, "utf-8");
  const body = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "");
  const paint = filled
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${body}</symbol>`;
}

/** Builds one SVG sprite of the icons the templates name, and lists it in the manifest. */
export function iconSprite({ names, icons, source }: Options): Plugin {
  return {
    name: "anlan-icon-sprite",
    apply: "build",
    buildStart() {
      this.addWatchFile(names);
    },
    generateBundle() {
      const wanted = JSON.parse(readFileSync(names, "utf-8")) as string[];
      const symbols = [...new Set(wanted)].sort().map((name) => symbol(icons, name));
      this.emitFile({
        type: "asset",
        name: "icons.svg",
        originalFileName: source,
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
      });
    },
  };
}
