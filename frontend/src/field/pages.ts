/**
 * Pages kept on the device, so that a form one works with in the field opens without signal (`/field-worker.js` gives
 * them out). They are one reader's: another one's go when he signs in, and all of them when he signs out. Browsers keep
 * pages on secure addresses only; elsewhere drafts hold all the same while the page stays open.
 */

const PAGES = "anlan-field-";
const PARTS = "anlan-parts";

const able = (): boolean => "serviceWorker" in navigator && "caches" in window && window.isSecureContext;

/** Forget what is kept, that of `whose` excepted. */
export async function forgetPages(whose = ""): Promise<void> {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && (!whose || name !== PAGES + whose)) await caches.delete(name);
  }
}

/** What the page itself is made of: styles, scripts and those they fetch later, icons. */
function parts(): string[] {
  const named = [...document.querySelectorAll<HTMLElement>("link[href], script[src], img[src]")].map(
    (one) => one.getAttribute("href") ?? one.getAttribute("src") ?? "",
  );
  const icons = document.querySelector<HTMLMetaElement>('meta[name="icon-sprite"]')?.content ?? "";
  const fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  const all = [...named, icons, ...fetched].filter(Boolean).map((address) => new URL(address, location.href));
  return [...new Set(all.filter((url) => url.origin === location.origin && /\.(?:js|css|svg|png|woff2)$/.test(url.pathname)).map((url) => url.href))];
}

/** Keep this page for its reader; true once it opens without signal. */
export async function keepPage(worker: string, whose: string): Promise<boolean> {
  if (!able() || !whose) return false;
  await forgetPages(whose);
  const scope = location.pathname.split(/\d/)[0] ?? "/";
  await navigator.serviceWorker.register(worker, { scope });
  await import("tus-js-client"); // photos go up with it: it has to be here before the signal is lost
  const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error" }).catch(() => null);
  const pages = await caches.open(PAGES + whose);
  if (!answer?.ok) return Boolean(await pages.match(location.pathname));
  await pages.put(location.pathname, answer);
  const kept = await caches.open(PARTS);
  await Promise.all(parts().map(async (address) => (await kept.match(address)) ?? kept.add(address).catch(() => undefined)));
  return true;
}
