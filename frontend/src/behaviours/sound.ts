/** The tones of the duty desk, made by the browser itself: no file that could be missing. */

export type Tone = "critical" | "high" | "low" | "scream" | "test";

/** Frequencies in Hz, one after another, each so many milliseconds long. */
const TONES: Record<Tone, [number[], number]> = {
  critical: [[960, 720, 960, 720], 140],
  high: [[780, 780], 180],
  low: [[520], 220],
  scream: [[1200, 600, 1200, 600, 1200, 600], 120],
  test: [[660, 880, 1320], 200],
};

let context: AudioContext | null = null;

/** Ready after somebody touched the page: browsers keep silent before. */
export async function wake(): Promise<boolean> {
  context ??= new AudioContext();
  await context.resume();
  return context.state === "running";
}

export const awake = (): boolean => context?.state === "running";

/** Play a tone; false when the browser does not let us. */
export function play(tone: Tone): boolean {
  if (!context || context.state !== "running") return false;
  const [notes, each] = TONES[tone];
  notes.forEach((hertz, at) => {
    const begins = context!.currentTime + (at * each) / 1000;
    const volume = context!.createGain();
    volume.gain.setValueAtTime(0.0001, begins);
    volume.gain.exponentialRampToValueAtTime(0.4, begins + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begins + each / 1000);
    const source = context!.createOscillator();
    source.type = "square";
    source.frequency.value = hertz;
    source.connect(volume).connect(context!.destination);
    source.start(begins);
    source.stop(begins + each / 1000);
  });
  return true;
}
