/** Charts and maps load their libraries when one comes into view, charts also once the page is idle (for printing). */

import { attach, text } from "../dom";

function whenSeen(element: HTMLElement, act: () => void, orIdle: boolean): void {
  let done = false;
  const start = (): void => {
    if (done || !element.isConnected) return;
    done = true;
    watcher.disconnect();
    act();
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) start();
    },
    { rootMargin: "200px" },
  );
  watcher.observe(element);
  if (orIdle && "requestIdleCallback" in window) window.requestIdleCallback(start, { timeout: 8000 });
}

function fail(element: HTMLElement): void {
  const place = element.querySelector<HTMLElement>(".chart-canvas, .map-canvas");
  if (place) place.replaceChildren(Object.assign(document.createElement("p"), { className: "waiting", textContent: text("pictureFailed") }));
}

attach("[data-chart]", (element) =>
  whenSeen(element, () => {
    import("../chart/chart").then(({ draw }) => draw(element)).catch(() => fail(element));
  }, true),
);

attach("[data-map]", (element) =>
  whenSeen(element, () => {
    import("../map/map").then(({ draw }) => draw(element)).catch(() => fail(element));
  }, false),
);
