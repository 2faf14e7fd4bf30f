/**
 * Charts. The page gives an ECharts option (as JSON from `data-url`, or in the data block `data-option="id"`); colours,
 * type and tooltips come from the page's theme. A data item's `url` (or the option's `anlan.urls`, by category) is
 * where a click leads; every chart can be read as a table.
 */

import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import {
  DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import type { EChartsCoreOption } from "echarts/core";
import { getJson, make, text } from "../dom";

echarts.use([
  BarChart, HeatmapChart, LineChart, PieChart, ScatterChart, CanvasRenderer, DatasetComponent,
  GridComponent, LabelLayout, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent,
]);

interface Series {
  type?: string;
  name?: string;
  data?: unknown[];
  tone?: string;
  itemStyle?: Record<string, unknown>;
  [key: string]: unknown;
}

interface Axis {
  data?: unknown[];
  type?: string;
  [key: string]: unknown;
}

type Option = EChartsCoreOption & {
  series?: Series | Series[];
  xAxis?: Axis | Axis[];
  yAxis?: Axis | Axis[];
  legend?: Record<string, unknown>;
  grid?: unknown;
  tooltip?: Record<string, unknown>;
  anlan?: { urls?: string[]; unit?: string };
};

const TONES = ["blue", "teal", "orange", "purple", "green", "yellow", "red", "grey"];
const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const list = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function theme(): Record<string, unknown> {
  const line = css("--a-line");
  const quiet = css("--a-text-2");
  const axis = {
    axisLine: { lineStyle: { color: css("--a-line-strong") } },
    axisTick: { show: false },
    axisLabel: { color: quiet, fontSize: 12 },
    splitLine: { lineStyle: { color: line } },
    nameTextStyle: { color: quiet },
  };
  return {
    color: TONES.map((tone) => css(`--a-${tone}-solid`)),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: css("--a-text") },
    legend: { textStyle: { color: css("--a-text") } },
    tooltip: { backgroundColor: css("--a-surface"), borderColor: line, textStyle: { color: css("--a-text") } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: axis,
    line: { symbolSize: 6, lineStyle: { width: 2 } },
  };
}

/** "tone:red" anywhere in the option becomes the colour of that tone in the present theme. */
function coloured<T>(value: T): T {
  if (typeof value === "string") return (value.startsWith("tone:") ? css(`--a-${value.slice(5)}-solid`) : value) as T;
  if (Array.isArray(value)) return value.map(coloured) as T;
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coloured(inner)])) as T;
  }
  return value;
}

/** A pie is read from its legend, which carries the figures; labels round it collide on phones. */
function plainPie(series: Series): Series {
  return series.type === "pie" ? { center: ["50%", "58%"], label: { show: false }, labelLine: { show: false }, ...series } : series;
}

/** Up to twenty categories keep every name, aslant when they would not fit side by side. */
function readable(axis: Axis | Axis[]): Axis[] {
  return list(axis).map((one) => {
    const names = one.data?.length ?? 0;
    if (one.type !== "category" || names < 6 || names > 20) return one;
    return { ...one, axisLabel: { interval: 0, rotate: 32, ...(one.axisLabel as object | undefined) } };
  });
}

function figures(series: Series[]): Record<string, unknown> {
  const pie = series.find((one) => one.type === "pie");
  if (!pie) return {};
  return { type: "plain", formatter: (name: string) => `${name} ${cell(list(pie.data as unknown[]).find((item) => nameOf(item) === name))}` };
}

function prepared(option: Option): Option {
  const series = list(option.series).map(plainPie).map((one) => (one.tone ? { ...one, itemStyle: { color: `tone:${one.tone}`, ...one.itemStyle } } : one));
  const many = series.length > 1 || series.some((one) => one.type === "pie");
  const flat = series.every((one) => ["bar", "line", "scatter", "heatmap"].includes(one.type ?? ""));
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return coloured({
    animation: !still,
    animationDuration: 300,
    ...(flat ? { grid: { left: 8, right: 16, top: many ? 36 : 16, bottom: 4, containLabel: true } } : {}),
    ...(many ? { legend: { top: 0, bottom: "auto", type: "scroll", ...figures(series) } } : {}),
    ...option,
    ...(option.xAxis ? { xAxis: readable(option.xAxis) } : {}),
    // Drawn on the canvas: an HTML tooltip would carry inline styles.
    tooltip: { trigger: flat ? "axis" : "item", confine: true, ...option.tooltip, renderMode: "richText" },
    series,
  }) as Option;
}

const cell = (value: unknown): string => {
  if (value && typeof value === "object" && !Array.isArray(value)) return cell((value as { value?: unknown }).value);
  if (Array.isArray(value)) return value.map(cell).join(" · ");
  return value === null || value === undefined || value === "-" ? "—" : typeof value === "number" ? value.toLocaleString() : String(value);
};

const nameOf = (item: unknown): string => (item && typeof item === "object" ? String((item as { name?: unknown }).name ?? "") : "");

function table(option: Option, caption: string): HTMLTableElement {
  const series = list(option.series);
  const axes = [...list(option.xAxis), ...list(option.yAxis)];
  const categories = (axes.find((axis) => axis.data)?.data ?? list(series[0]?.data).map(nameOf)).map(cell);
  const head = make("tr", {}, make("td", {}), ...series.map((one) => make("th", { scope: "col" }, one.name ?? option.anlan?.unit ?? "")));
  const rows = categories.map((category, at) =>
    make("tr", {}, make("th", { scope: "row" }, category), ...series.map((one) => make("td", {}, cell(one.data?.[at])))),
  );
  return make("table", {}, make("caption", { class: "visually-hidden" }, caption), make("thead", {}, head), make("tbody", {}, ...rows));
}

async function optionOf(element: HTMLElement): Promise<Option> {
  const { url, option } = element.dataset;
  if (url) return getJson<Option>(url);
  return JSON.parse(document.getElementById(option ?? "")?.textContent || "{}") as Option;
}

/** A line is too thin to be hit: a click anywhere over a category leads where the category leads. */
function follow(chart: echarts.ECharts, urls: string[]): void {
  const under = (event: { offsetX: number; offsetY: number }): string | undefined => {
    const point = [event.offsetX, event.offsetY];
    if (!chart.containPixel("grid", point)) return undefined;
    return urls[Math.round(Number(chart.convertFromPixel({ seriesIndex: 0 }, point)[0]))];
  };
  chart.getZr().on("click", (event) => {
    const url = under(event);
    if (url) location.assign(url);
  });
  chart.getZr().on("mousemove", (event) => chart.getZr().setCursorStyle(under(event) ? "pointer" : "default"));
}

export async function draw(element: HTMLElement): Promise<void> {
  const canvas = element.querySelector<HTMLElement>(".chart-canvas");
  const place = element.querySelector<HTMLElement>(".chart-table");
  const button = element.querySelector<HTMLElement>("[data-chart-table]");
  if (!canvas) return;
  const option = await optionOf(element);
  const series = list(option.series);
  if (!option.dataset && !series.some((one) => one.data?.length)) {
    canvas.replaceChildren(make("p", { class: "waiting" }, text("noData")));
    return;
  }
  canvas.replaceChildren();
  const chart = echarts.init(canvas, theme());
  chart.setOption(prepared(option));
  const urls = option.anlan?.urls ?? [];
  if (urls.length && series.every((one) => one.type === "line")) follow(chart, urls);
  chart.on("click", (params) => {
    const own = (params.data as { url?: string } | null)?.url;
    const url = own ?? option.anlan?.urls?.[params.dataIndex];
    if (url) location.assign(url);
  });
  const sizes = new ResizeObserver(() => (canvas.isConnected ? chart.resize() : (sizes.disconnect(), chart.dispose())));
  sizes.observe(canvas);
  document.addEventListener("anlan:theme", () => {
    if (chart.isDisposed()) return;
    chart.setTheme(theme());
    chart.setOption(prepared(option));
  });
  window.addEventListener("beforeprint", () => !chart.isDisposed() && chart.resize());
  button?.addEventListener("click", () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    canvas.hidden = shown;
    if (!place) return;
    place.hidden = !shown;
    if (shown && !place.firstChild) place.append(table(option, element.dataset.label ?? ""));
  });
}
