/**
 * Refuses a build that an old browser could not read: Chromium 109 (Windows 7, built-in browsers of phones) and
 * Safari 15.4 know ECMAScript 2022 and no nested styles.
 */

import { parse } from "acorn";
import type { Plugin } from "vite";

const YOUNGER = /\.(?:toSorted|toReversed|toSpliced|isWellFormed|showPopover|groupBy)\(|Promise\.(?:withResolvers|try)\b|Array\.fromAsync\b|URL\.(?:canParse|parse)\(/;
const YOUNGER_STYLES = /(?:^|[{};])\s*&|@scope\b/;

export function oldBrowsers(): Plugin {
  return {
    name: "anlan-old-browsers",
    apply: "build",
    // Libraries name younger functions that they or their callers look for first; our own sources simply call.
    transform(code, id) {
      const found = id.includes("node_modules") ? null : YOUNGER.exec(code);
      if (found) this.error(`${id}: ${found[0]} is younger than Chromium 109`);
    },
    generateBundle(_options, bundle) {
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === "chunk") {
          parse(part.code, { ecmaVersion: 2022, sourceType: "module" });
        } else if (name.endsWith(".css")) {
          const found = YOUNGER_STYLES.exec(String(part.source));
          if (found) this.error(`${name}: ${found[0]} is younger than Chromium 109`);
        }
      }
    },
  };
}
