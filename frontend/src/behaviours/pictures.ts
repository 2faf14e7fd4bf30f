/** Charts and maps load their libraries only when one comes into view. */

import { attach, text } from "../dom";

function whenSeen(element: HTMLElement, start: () => void): void {
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      start();
    },
    { rootMargin: "200px" },
  );
  watcher.observe(element);
}

function fail(element: HTMLElement): void {
  const place = element.querySelector<HTMLElement>(".chart-canvas, .map-canvas");
  if (place) place.replaceChildren(Object.assign(document.createElement("p"), { className: "waiting", textContent: text("pictureFailed") }));
}

attach("[data-chart]", (element) =>
  whenSeen(element, () => {
    import("../chart/chart").then(({ draw }) => draw(element)).catch(() => fail(element));
  }),
);

attach("[data-map]", (element) =>
  whenSeen(element, () => {
    import("../map/map").then(({ draw }) => draw(element)).catch(() => fail(element));
  }),
);
