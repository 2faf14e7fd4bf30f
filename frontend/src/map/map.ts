/** Maps: areas, lines and points from the server over an optional raster base; picking a place for a form. */

import { getJson, make, text } from "../dom";
import { boundsOf, hasWebGl2, type MapData } from "./data";
import { drawPlain } from "./plain";

async function dataOf(element: HTMLElement): Promise<MapData> {
  const { url, data } = element.dataset;
  if (url) return getJson<MapData>(url);
  return JSON.parse(document.getElementById(data ?? "")?.textContent || '{"layers": []}') as MapData;
}

function legend(element: HTMLElement, data: MapData): void {
  const place = element.querySelector(".map-legend");
  place?.replaceChildren(...(data.legend ?? []).map(({ label, tone }) => make("li", { class: `tone-${tone}` }, label)));
}

export async function draw(element: HTMLElement): Promise<void> {
  const canvas = element.querySelector<HTMLElement>(".map-canvas");
  if (!canvas) return;
  const data = await dataOf(element);
  legend(element, data);
  const pick = element.dataset.pick?.split(",") ?? null;
  if (!boundsOf(data) && !pick) {
    canvas.replaceChildren(make("p", { class: "waiting" }, text("noPlaces")));
    return;
  }
  if (!hasWebGl2()) {
    drawPlain(canvas, data, element.dataset.label ?? "");
    return;
  }
  try {
    const { drawWebGl } = await import("./webgl");
    canvas.replaceChildren();
    drawWebGl(canvas, data, element.dataset.label ?? "", pick);
  } catch {
    // Some drivers announce WebGL2 and then fail to start it.
    drawPlain(canvas, data, element.dataset.label ?? "");
  }
}

