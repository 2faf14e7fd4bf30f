/** What the server sends for a map, and what both ways of drawing it share. */

import type { FeatureCollection, Geometry, Position } from "geojson";

export interface Properties {
  name?: string;
  /** One of the palette's tones. */
  tone?: string;
  /** Where a click leads. */
  url?: string;
  /** Text on the area. */
  label?: string;
  /** Lines of the little window over a point or area. */
  lines?: string[];
  /** A sign on the point: says the same as its tone. */
  mark?: string;
  /** The greater the worse, of a layer that says which is which. */
  rank?: number;
}

export interface Layer {
  id: string;
  kind: "area" | "point" | "line";
  cluster?: boolean;
  /** Points drawn as one take the tone of the worst: rank, tone. */
  worst?: [number, string][];
  data: FeatureCollection<Geometry | null, Properties>;
}

export interface MapData {
  /** west, south, east, north in degrees, WGS-84/CGCS2000. */
  bounds?: [number, number, number, number];
  /** Raster tiles under the layers ("{z}/{x}/{y}"), from this host or one that the content policy admits. */
  base?: { tiles: string[]; attribution?: string; size?: number; maxzoom?: number } | null;
  layers: Layer[];
  legend?: { label: string; tone: string; mark?: string }[];
}

export const TONES = ["red", "orange", "yellow", "blue", "green", "grey", "teal", "purple", "hollow"];

export const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Every position of a geometry. */
export function* positions(geometry: Geometry | null): Generator<Position> {
  if (!geometry) return;
  if (geometry.type === "GeometryCollection") {
    for (const inner of geometry.geometries) yield* positions(inner);
    return;
  }
  yield* flat(geometry.coordinates as unknown[]);
}

function* flat(value: unknown[]): Generator<Position> {
  if (typeof value[0] === "number") yield value as Position;
  else for (const inner of value) yield* flat(inner as unknown[]);
}

/** The frame around everything, or the frame the server asked for; null when there is nothing to show. */
export function boundsOf(data: MapData): [number, number, number, number] | null {
  if (data.bounds) return data.bounds;
  let found: [number, number, number, number] | null = null;
  for (const layer of data.layers) {
    for (const feature of layer.data.features) {
      for (const [lon = 0, lat = 0] of positions(feature.geometry)) {
        found = found
          ? [Math.min(found[0], lon), Math.min(found[1], lat), Math.max(found[2], lon), Math.max(found[3], lat)]
          : [lon, lat, lon, lat];
      }
    }
  }
  return found;
}

export function hasWebGl2(): boolean {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}
