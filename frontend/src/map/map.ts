/** Maps: areas, lines and points from the server over an optional raster base; picking a place for a form. */

import { getJson, make, text } from "../dom";
import { boundsOf, hasWebGl2, type MapData } from "./data";
import { drawPlain } from "./plain";
import { RENEW } from "./renew";

async function dataOf(element: HTMLElement): Promise<MapData> {
  const { url, data } = element.dataset;
  if (url) return getJson<MapData>(url);
  return JSON.parse(document.getElementById(data ?? "")?.textContent || '{"layers": []}') as MapData;
}

function legend(element: HTMLElement, data: MapData): void {
  const place = element.querySelector(".map-legend");
  place?.replaceChildren(...(data.legend ?? []).map(({ label, tone, mark }) => make("li", { class: `tone-${tone}`, ...(mark ? { "data-mark": mark } : {}) }, label)));
}

export async function draw(element: HTMLElement): Promise<void> {
  const renew = await drawFirst(element);
  element.addEventListener(RENEW, () => {
    void dataOf(element)
      .then((data) => {
        legend(element, data);
        renew(data);
      })
      .catch(() => undefined); // the page says itself when its stream is dead
  });
}

/** Draws, and answers with what shows other data in the same place. */
async function drawFirst(element: HTMLElement): Promise<(data: MapData) => void> {
  const canvas = element.querySelector<HTMLElement>(".map-canvas");
  if (!canvas) return () => undefined;
  const label = element.dataset.label ?? "";
  const plain = (next: MapData): void => drawPlain(canvas, next, label);
  const data = await dataOf(element);
  legend(element, data);
  const pick = element.dataset.pick?.split(",") ?? null;
  if (!boundsOf(data) && !pick) {
    canvas.replaceChildren(make("p", { class: "waiting" }, text("noPlaces")));
    return () => undefined;
  }
  if (!hasWebGl2()) {
    plain(data);
    return plain;
  }
  try {
    const { drawWebGl } = await import("./webgl");
    canvas.replaceChildren();
    return drawWebGl(canvas, data, label, pick);
  } catch {
    // Some drivers announce WebGL2 and then fail to start it.
    plain(data);
    return plain;
  }
}

