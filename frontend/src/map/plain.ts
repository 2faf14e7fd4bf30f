/** The map without WebGL2 (old machines, remote desktops): the same areas and points as SVG, with the same links. */

import type { Geometry, Position } from "geojson";
import { makeSvg, text } from "../dom";
import { boundsOf, positions, type MapData, type Properties } from "./data";

const WIDTH = 800;
const HEIGHT = 520;

export function drawPlain(canvas: HTMLElement, data: MapData, label: string): void {
  const bounds = boundsOf(data);
  if (!bounds) return;
  const [west, south, east, north] = bounds;
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((WIDTH - 24) / ((east - west) * squeeze || 0.01), (HEIGHT - 24) / (north - south || 0.01));
  const left = (WIDTH - (east - west) * squeeze * scale) / 2;
  const top = (HEIGHT - (north - south) * scale) / 2;
  const at = ([lon = 0, lat = 0]: Position): [number, number] => [left + (lon - west) * squeeze * scale, top + (north - lat) * scale];
  const line = (ring: Position[], close: string): string =>
    ring.length ? `M${ring.map((one) => at(one).map((n) => n.toFixed(1)).join(",")).join("L")}${close}` : "";

  const path = (geometry: Geometry): string => {
    switch (geometry.type) {
      case "Polygon": return geometry.coordinates.map((ring) => line(ring, "Z")).join("");
      case "MultiPolygon": return geometry.coordinates.flat().map((ring) => line(ring, "Z")).join("");
      case "LineString": return line(geometry.coordinates, "");
      case "MultiLineString": return geometry.coordinates.map((one) => line(one, "")).join("");
      default: return "";
    }
  };

  const svg = makeSvg("svg", { class: "map-plain", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": label });
  const texts: SVGElement[] = [];
  const wrap = (shape: SVGElement, properties: Properties): void => {
    const words = [properties.name, ...(properties.lines ?? [])].filter(Boolean).join("\n");
    const title = makeSvg("title");
    title.textContent = words;
    shape.classList.add(`tone-${properties.tone ?? "grey"}`);
    shape.append(title);
    if (properties.url) {
      const link = makeSvg("a", { href: properties.url, "aria-label": words });
      link.append(shape);
      svg.append(link);
    } else svg.append(shape);
  };

  for (const layer of data.layers) {
    for (const { geometry, properties } of layer.data.features) {
      if (!geometry) continue;
      if (layer.kind === "point") {
        for (const one of positions(geometry)) {
          const [cx, cy] = at(one);
          wrap(makeSvg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: properties.rank === undefined ? 5 : 8 }), properties);
          if (properties.mark) {
            const sign = makeSvg("text", { class: `map-mark tone-${properties.tone ?? "grey"}`, x: cx.toFixed(1), y: (cy + 4).toFixed(1) });
            sign.textContent = properties.mark;
            texts.push(sign);
          }
        }
        continue;
      }
      wrap(makeSvg("path", layer.kind === "line" ? { d: path(geometry), fill: "none" } : { d: path(geometry), "fill-rule": "evenodd" }), properties);
      if (properties.label) {
        const all = [...positions(geometry)].map(at);
        const xs = all.map(([x]) => x);
        const ys = all.map(([, y]) => y);
        const word = makeSvg("text", { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 });
        word.textContent = properties.label;
        texts.push(word);
      }
    }
  }
  svg.append(...texts);
  canvas.replaceChildren(svg);
  const note = canvas.parentElement?.querySelector<HTMLElement>(".map-note");
  if (note) {
    note.hidden = false;
    note.textContent = text("mapPlain");
  }
}
