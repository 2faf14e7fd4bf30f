/** Starts behaviours on elements, also on those htmx brings later; each element once. */

type Start = (element: HTMLElement) => void;

const started = new WeakMap<Start, WeakSet<Element>>();
const behaviours: [string, Start][] = [];

function run(selector: string, start: Start, root: ParentNode): void {
  let seen = started.get(start);
  if (!seen) started.set(start, (seen = new WeakSet()));
  const found = [...root.querySelectorAll<HTMLElement>(selector)];
  if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root);
  for (const element of found) {
    if (seen.has(element)) continue;
    seen.add(element);
    start(element);
  }
}

/** Run `start` on every element that matches, now and whenever htmx adds some. */
export function attach(selector: string, start: Start): void {
  behaviours.push([selector, start]);
}

export function startAll(root: ParentNode = document): void {
  for (const [selector, start] of behaviours) run(selector, start, root);
}

/** Listen on the document for an event on elements that match. */
export function on<K extends keyof DocumentEventMap>(
  event: K,
  selector: string,
  act: (element: HTMLElement, event: DocumentEventMap[K]) => void,
  options?: AddEventListenerOptions,
): void {
  document.addEventListener(
    event,
    (e) => {
      const target = e.target instanceof Element ? e.target.closest<HTMLElement>(selector) : null;
      if (target) act(target, e);
    },
    options,
  );
}

let words: Record<string, string> | null = null;

/** The page's words for scripts, in the reader's language; `{name}` is filled from `values`. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  words ??= JSON.parse(document.getElementById("ui-texts")?.textContent || "{}") as Record<string, string>;
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Make an element; attributes with the value `false` or `null` are left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | null> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function makeSvg(tag: string, attributes: Record<string, string | number> = {}): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** An icon of the sprite the page itself uses. */
export function icon(name: string): SVGElement {
  const sprite = document.querySelector<HTMLMetaElement>('meta[name="icon-sprite"]')?.content ?? "";
  const svg = makeSvg("svg", { class: "icon", width: 24, height: 24, "aria-hidden": "true", focusable: "false" });
  svg.append(makeSvg("use", { href: `${sprite}#${name}` }));
  return svg;
}

export const csrfToken = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

export function setCookie(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/** Wait until calls pause for `delay` ms, then run the last one. */
export function debounce<A extends unknown[]>(act: (...args: A) => void, delay: number): (...args: A) => void {
  let timer = 0;
  return (...args) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => act(...args), delay);
  };
}

export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(url, {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    credentials: "same-origin",
    signal: signal ?? null,
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as T;
}
