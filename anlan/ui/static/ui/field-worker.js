/* Gives out pages kept on the device when the network does not answer; what keeps them is frontend/src/field/pages.ts.
   A form whose sending fails is answered with its kept page: the draft is put back there and sent again. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keptPage(url) {
  for (const name of await caches.keys()) {
    const page = name.startsWith("anlan-field-") ? await (await caches.open(name)).match(url.pathname) : undefined;
    if (page) return page;
  }
  return Response.error();
}

async function keptPart(request) {
  return (await (await caches.open("anlan-parts")).match(request.url)) || Response.error();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => keptPage(url)));
  else if (request.method === "GET" && /\.(?:js|css|svg|png|woff2)$/.test(url.pathname)) {
    event.respondWith(fetch(request).catch(() => keptPart(request)));
  }
});
