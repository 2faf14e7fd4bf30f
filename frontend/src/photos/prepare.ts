/**
 * A photo made ready on the device: turned upright, made smaller, marked with time, place and person. What the camera
 * wrote into it does not leave the device, except when and where; the digest of the original does.
 */

import { text } from "../dom";
import { toldBy, type Place } from "./exif";

export interface Prepared {
  file: File;
  metadata: Record<string, string>;
}

export interface Wishes {
  side: number;
  quality: number;
  where: string;
  who: string;
}

const FRESH = 10 * 60 * 1000; // a photo taken longer ago was perhaps taken elsewhere
const PATIENCE = 6000;
const LEAST_MARKED = 240; // pixels; on anything smaller the words would hide the picture

let asked: { at: number; place: Promise<Place | null> } | null = null;

/** Where the device is, when browser and person allow it; asked at most every two minutes. */
function devicePlace(): Promise<Place | null> {
  if (!("geolocation" in navigator) || !window.isSecureContext) return Promise.resolve(null);
  if (asked && Date.now() - asked.at < 120_000) return asked.place;
  const place = new Promise<Place | null>((resolve) => {
    window.setTimeout(() => resolve(null), PATIENCE); // some built-in browsers never answer
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 120_000 },
    );
  });
  asked = { at: Date.now(), place };
  return place;
}

/** SHA-256 in hexadecimal; the browser's own only exists on secure pages. */
export async function digest(content: ArrayBuffer): Promise<string> {
  const found = crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", content))
    : (await import("@noble/hashes/sha2.js")).sha256(new Uint8Array(content));
  return [...found].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** The picture as the browser shows it: upright, whatever its Exif says. Null when the browser cannot read it. */
async function decoded(file: File): Promise<HTMLImageElement | null> {
  const image = new Image();
  const address = URL.createObjectURL(file);
  image.src = address;
  try {
    await image.decode();
    return image.naturalWidth ? image : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The platform's time is China's, whatever the device is set to; this form of it is ISO 8601 with a blank. */
const told = (at: Date): string => at.toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16);

function cut(brush: CanvasRenderingContext2D, line: string, width: number): string {
  let shown = line;
  while (shown.length > 1 && brush.measureText(shown === line ? line : `${shown}…`).width > width) shown = shown.slice(0, -1);
  return shown === line ? line : `${shown}…`;
}

function mark(brush: CanvasRenderingContext2D, width: number, height: number, lines: string[]): void {
  const size = Math.max(13, Math.round(Math.min(width, height) * 0.032));
  const gap = Math.round(size * 0.45);
  brush.font = `${size}px sans-serif`;
  brush.textBaseline = "top";
  const shown = lines.map((line) => cut(brush, line, width - 4 * gap));
  const wide = Math.max(...shown.map((line) => brush.measureText(line).width)) + 2 * gap;
  const high = shown.length * (size + gap) + gap;
  brush.fillStyle = "rgba(0, 0, 0, 0.5)";
  brush.fillRect(gap, height - high - gap, wide, high);
  brush.fillStyle = "#fff";
  shown.forEach((line, n) => brush.fillText(line, 2 * gap, height - high + n * (size + gap)));
}

export async function prepare(file: File, wishes: Wishes): Promise<Prepared> {
  const content = await file.arrayBuffer();
  const said = toldBy(content);
  const taken = said.taken ?? new Date(file.lastModified);
  const fresh = Math.abs(Date.now() - taken.getTime()) < FRESH;
  const place = said.place ?? (fresh ? await devicePlace() : null);
  const metadata: Record<string, string> = { original_sha256: await digest(content), taken_at: taken.toISOString() };
  if (place) Object.assign(metadata, { lon: place.lon.toFixed(6), lat: place.lat.toFixed(6) });
  const image = await decoded(file);
  if (!image) return { file, metadata };
  const scale = Math.min(1, wishes.side / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const brush = canvas.getContext("2d");
  if (!brush) return { file, metadata };
  brush.fillStyle = "#fff"; // JPEG knows no transparency
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  const lines = [text("markTaken", { when: told(taken) })];
  if (place) lines.push(text("markPosition", { lon: place.lon.toFixed(6), lat: place.lat.toFixed(6) }));
  if (wishes.where) lines.push(text("markPlace", { where: wishes.where }));
  if (wishes.who) lines.push(text("markPerson", { who: wishes.who }));
  if (Math.min(canvas.width, canvas.height) >= LEAST_MARKED) mark(brush, canvas.width, canvas.height, lines);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", wishes.quality));
  canvas.width = canvas.height = 0; // phones have little memory for canvases, and give it back late
  if (!blob) return { file, metadata };
  const name = `${file.name.replace(/\.[^.]*$/, "") || "photo"}.jpg`;
  return { file: new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified }), metadata };
}
