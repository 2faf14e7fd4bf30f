/** When and where a photo was taken, as the camera wrote it into a JPEG. Everything else there is left alone. */

export interface Told {
  taken: Date | null;
  place: Place | null;
}

export interface Place {
  lon: number;
  lat: number;
}

const EXIF_BLOCK = 0x8769;
const GPS_BLOCK = 0x8825;
const TAKEN = 0x9003;
const OFFSET = 0x9011;

type Tags = Map<number, { type: number; count: number; at: number }>;

/** Where the TIFF block of a JPEG's Exif begins; null without one. */
function tiffOf(data: DataView): number | null {
  if (data.byteLength < 4 || data.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 10 < data.byteLength) {
    const marker = data.getUint16(at);
    if (marker === 0xffda || marker >> 8 !== 0xff) return null;
    if (marker === 0xffe1 && data.getUint32(at + 4) === 0x45786966) return at + 10;
    at += 2 + data.getUint16(at + 2);
  }
  return null;
}

export function toldBy(content: ArrayBuffer): Told {
  const nothing: Told = { taken: null, place: null };
  try {
    const data = new DataView(content);
    const base = tiffOf(data);
    return base === null ? nothing : read(data, base);
  } catch (why) {
    if (why instanceof RangeError) return nothing; // a block that points behind its own end
    throw why;
  }
}

function read(data: DataView, base: number): Told {
  const little = data.getUint16(base) === 0x4949;
  const short = (at: number): number => data.getUint16(at, little);
  const long = (at: number): number => data.getUint32(at, little);
  const tags = (at: number): Tags => {
    const found: Tags = new Map();
    for (let n = 0; n < short(at); n += 1) {
      const entry = at + 2 + n * 12;
      found.set(short(entry), { type: short(entry + 2), count: long(entry + 4), at: entry + 8 });
    }
    return found;
  };
  const words = (all: Tags, tag: number): string => {
    const found = all.get(tag);
    if (!found || found.type !== 2) return "";
    const at = found.count > 4 ? base + long(found.at) : found.at;
    let said = "";
    for (let n = 0; n < Math.min(found.count, 64); n += 1) said += String.fromCharCode(data.getUint8(at + n));
    return said.replace(/\0.*$/s, "");
  };
  const degrees = (all: Tags, tag: number, negative: string): number | null => {
    const found = all.get(tag);
    if (!found || found.type !== 5 || found.count !== 3) return null;
    const at = base + long(found.at);
    const part = (n: number): number => long(at + n * 8) / long(at + n * 8 + 4);
    const value = part(0) + part(1) / 60 + part(2) / 3600;
    return words(all, tag - 1) === negative ? -value : value;
  };
  const block = (all: Tags, tag: number): Tags => {
    const found = all.get(tag);
    return found ? tags(base + long(found.at)) : new Map();
  };
  const first = tags(base + long(base + 4));
  const times = block(first, EXIF_BLOCK);
  const places = block(first, GPS_BLOCK);
  const lat = degrees(places, 2, "S");
  const lon = degrees(places, 4, "W");
  const known = lat !== null && lon !== null && Number.isFinite(lat) && Number.isFinite(lon) && (lat !== 0 || lon !== 0);
  return { taken: moment(words(times, TAKEN), words(times, OFFSET)), place: known ? { lon, lat } : null };
}

function moment(said: string, offset: string): Date | null {
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(said);
  if (!parts) return null;
  const zone = /^[+-]\d\d:\d\d$/.test(offset) ? offset : "+08:00"; // as the server reads it
  const found = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${zone}`);
  return Number.isNaN(found.getTime()) ? null : found;
}
