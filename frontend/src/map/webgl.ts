/** The map in WebGL2 by MapLibre. No glyphs in the style: labels are drawn from the machine's own Chinese face. */

import "maplibre-gl/dist/maplibre-gl.css";
import * as maplibre from "maplibre-gl";
import type { DataDrivenPropertyValueSpecification, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { make, text } from "../dom";
import { boundsOf, css, TONES, type MapData, type Properties } from "./data";

maplibre.setWorkerUrl(workerUrl);

/** A colour by what stands under a property: pairs of value and variable, and what holds of all others. */
const byValue = <T>(of: string, pairs: (string | number)[], other: string): DataDrivenPropertyValueSpecification<T> =>
  ["match", ["get", of], ...pairs, other] as unknown as DataDrivenPropertyValueSpecification<T>;

const byTone = (suffix: string): DataDrivenPropertyValueSpecification<string> =>
  ["match", ["coalesce", ["get", "tone"], "grey"], ...TONES.flatMap((tone) => [tone, css(`--a-${tone}-${suffix}`)]), css(`--a-grey-${suffix}`)] as unknown as DataDrivenPropertyValueSpecification<string>;

function style(data: MapData): StyleSpecification {
  const found: StyleSpecification = {
    version: 8,
    sources: {},
    layers: [{ id: "page", type: "background", paint: { "background-color": css("--a-surface-3") } }],
  };
  if (data.base) {
    found.sources.base = { type: "raster", tiles: data.base.tiles, tileSize: data.base.size ?? 256, maxzoom: data.base.maxzoom ?? 18, attribution: data.base.attribution ?? "" };
    found.layers.push({ id: "base", type: "raster", source: "base" });
  }
  const family = getComputedStyle(document.body).fontFamily.split(",").map((one) => one.trim().replace(/["']/g, ""));
  for (const layer of data.layers) {
    const source = layer.id;
    found.sources[source] = {
      type: "geojson",
      data: layer.data as GeoJSON.FeatureCollection,
      ...(layer.cluster ? { cluster: true, clusterRadius: 44, clusterMaxZoom: 14 } : {}),
      ...(layer.cluster && layer.worst ? { clusterProperties: { worst: ["max", ["get", "rank"]] } } : {}),
    };
    if (layer.kind === "area") {
      found.layers.push(
        { id: `${source}-fill`, type: "fill", source, paint: { "fill-color": byTone("solid"), "fill-opacity": data.base ? 0.45 : 0.72 } },
        { id: `${source}-edge`, type: "line", source, paint: { "line-color": css("--a-surface"), "line-width": 1.25 } },
        { id: `${source}-hollow`, type: "line", source, filter: ["==", ["get", "tone"], "hollow"], paint: { "line-color": css("--a-hollow-line"), "line-width": 1.25, "line-dasharray": [3, 2] } },
        {
          id: `${source}-name`, type: "symbol", source, filter: ["has", "label"],
          layout: { "text-field": ["get", "label"], "text-size": 12, "text-font": family.slice(0, 1), "text-max-width": 8 },
          paint: { "text-color": css("--a-text"), "text-halo-color": css("--a-surface"), "text-halo-width": 1.5 },
        },
      );
    } else if (layer.kind === "line") {
      found.layers.push({ id: `${source}-line`, type: "line", source, paint: { "line-color": byTone("solid"), "line-width": 3 } });
    } else {
      const single = layer.cluster ? { filter: ["!", ["has", "point_count"]] as ["!", ["has", string]] } : {};
      if (layer.cluster) {
        found.layers.push(
          { id: `${source}-many`, type: "circle", source, filter: ["has", "point_count"], paint: { "circle-color": layer.worst ? byValue<string>("worst", layer.worst.flatMap(([rank, tone]) => [rank, css(`--a-${tone}-solid`)]), css("--a-primary")) : css("--a-primary"), "circle-radius": ["step", ["get", "point_count"], 14, 20, 18, 100, 23], "circle-stroke-width": 2, "circle-stroke-color": css("--a-surface") } },
          { id: `${source}-count`, type: "symbol", source, filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-size": 12, "text-font": family.slice(0, 1), "text-allow-overlap": true }, paint: { "text-color": layer.worst ? byValue<string>("worst", layer.worst.flatMap(([rank, tone]) => [rank, css(`--a-${tone}-on`)]), css("--a-on-primary")) : css("--a-on-primary") } },
        );
      }
      found.layers.push({ id: `${source}-dot`, type: "circle", source, ...single, paint: { "circle-color": byTone("solid"), "circle-radius": ["case", ["has", "rank"], 8, 6], "circle-stroke-width": 2, "circle-stroke-color": byValue<string>("tone", ["hollow", css("--a-hollow-line")], css("--a-surface")) } });
      found.layers.push({
        id: `${source}-mark`, type: "symbol", source, filter: layer.cluster ? ["all", ["has", "mark"], ["!", ["has", "point_count"]]] : ["has", "mark"],
        layout: { "text-field": ["get", "mark"], "text-size": 11, "text-font": family.slice(0, 1), "text-allow-overlap": true, "text-ignore-placement": true },
        paint: { "text-color": byTone("on") },
      });
    }
  }
  return found;
}

function bubble(properties: Properties): HTMLElement {
  const box = make("div", {}, make("strong", {}, properties.name ?? ""));
  const lines = typeof properties.lines === "string" ? (JSON.parse(properties.lines) as string[]) : (properties.lines ?? []);
  for (const line of lines) box.append(make("div", {}, line));
  if (properties.url) box.append(make("a", { href: properties.url }, text("open")));
  return box;
}

export function drawWebGl(canvas: HTMLElement, data: MapData, label: string, pick: string[] | null): (next: MapData) => void {
  let shown = data;
  const bounds = boundsOf(data);
  const map = new maplibre.Map({
    container: canvas,
    style: style(data),
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 24, maxZoom: 15 } } : { center: [112, 32], zoom: 3 }),
    attributionControl: data.base?.attribution ? { compact: true } : false,
    cooperativeGestures: window.matchMedia("(pointer: coarse)").matches,
    dragRotate: false,
    // Without it the map prints as an empty frame.
    canvasContextAttributes: { preserveDrawingBuffer: true },
    locale: {
      "NavigationControl.ZoomIn": text("zoomIn"), "NavigationControl.ZoomOut": text("zoomOut"), "FullscreenControl.Enter": text("fullScreen"),
      "FullscreenControl.Exit": text("close"), "Popup.Close": text("close"), "Map.Title": label,
      "CooperativeGesturesHandler.MobileHelpText": text("mapTwoFingers"), "CooperativeGesturesHandler.WindowsHelpText": text("mapCtrl"),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.FullscreenControl(), "top-right");
  map.getCanvas().setAttribute("aria-label", label);

  for (const layer of data.layers) {
    const hot = { area: `${layer.id}-fill`, line: `${layer.id}-line`, point: `${layer.id}-dot` }[layer.kind];
    map.on("mouseenter", hot, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", hot, () => (map.getCanvas().style.cursor = ""));
    map.on("click", hot, (event) => {
      const properties = event.features?.[0]?.properties as Properties | undefined;
      if (!properties || pick || event.defaultPrevented) return;
      event.preventDefault();
      new maplibre.Popup({ maxWidth: "18rem" }).setLngLat(event.lngLat).setDOMContent(bubble(properties)).addTo(map);
    });
    if (layer.cluster) {
      map.on("click", `${layer.id}-many`, (event) => {
        event.preventDefault();
        const id = event.features?.[0]?.properties.cluster_id as number | undefined;
        const source = map.getSource(layer.id) as maplibre.GeoJSONSource | undefined;
        if (id !== undefined) void source?.getClusterExpansionZoom(id).then((zoom) => map.easeTo({ center: event.lngLat, zoom }));
      });
    }
  }
  if (pick) pickPlace(map, pick);
  const repaint = (): void => {
    if (canvas.isConnected) map.setStyle(style(shown));
  };
  document.addEventListener("anlan:theme", repaint);
  return (next) => {
    shown = next;
    for (const layer of next.layers) {
      (map.getSource(layer.id) as maplibre.GeoJSONSource | undefined)?.setData(layer.data as GeoJSON.FeatureCollection);
    }
  };
}

function pickPlace(map: maplibre.Map, [lonId = "", latId = ""]: string[]): void {
  const lon = document.getElementById(lonId) as HTMLInputElement | null;
  const lat = document.getElementById(latId) as HTMLInputElement | null;
  if (!lon || !lat) return;
  const marker = new maplibre.Marker({ draggable: true, color: css("--a-red-solid") });
  const write = ({ lng, lat: north }: maplibre.LngLat): void => {
    lon.value = lng.toFixed(6);
    lat.value = north.toFixed(6);
    for (const field of [lon, lat]) field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const read = (): void => {
    const place: [number, number] = [Number(lon.value), Number(lat.value)];
    if (!lon.value || !lat.value || Number.isNaN(place[0]) || Number.isNaN(place[1])) return;
    marker.setLngLat(place).addTo(map);
    map.easeTo({ center: place, zoom: Math.max(map.getZoom(), 13) });
  };
  marker.on("dragend", () => write(marker.getLngLat()));
  map.on("click", (event) => {
    marker.setLngLat(event.lngLat).addTo(map);
    write(event.lngLat);
  });
  lon.addEventListener("change", read);
  lat.addEventListener("change", read);
  read();
}
