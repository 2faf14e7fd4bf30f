/**
 * The duty desk: the list follows its own stream, sounds while something is not acknowledged, and screams when the
 * stream is dead. Unlike other pages it keeps its stream when nobody looks at the tab: the ear is what it is for.
 *
 * The stream only says that something changed; the list itself is asked for anew, one request at a time.
 */

import htmx from "htmx.org";
import { attach, text } from "../dom";
import { awake, play, wake, type Tone } from "./sound";

const PROVEN = "anlan-desk-sound"; // when the sound was heard last, on this device
const SHIFT = 12 * 3600_000;
const PAUSE = 250; // between two requests for the list
const PROBE = 5_000;
const REPEAT: Record<number, [Tone, number]> = { 1: ["critical", 2_000], 2: ["high", 5_000], 3: ["low", 15_000] };

attach("[data-desk]", (desk) => {
  const part = <T extends HTMLElement>(name: string): T | null => desk.querySelector<T>(`[data-desk-${name}]`);
  const rows = part("rows");
  const deadAfter = Number(desk.dataset.deadAfter || 45) * 1000;
  if (!rows) return;

  let stream: EventSource | null = null;
  let over = false;
  let heard = Date.now();
  let asking = false;
  let wanted = false;
  let sounded = 0;
  let chosen = "";
  let newest = 0;

  // -- the list ---------------------------------------------------------------------------------------------------

  const refresh = async (): Promise<void> => {
    if (asking) {
      wanted = true;
      return;
    }
    asking = true;
    wanted = false;
    try {
      const answer = await fetch(desk.dataset.rows!, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
        credentials: "same-origin",
        cache: "no-store",
      });
      if (answer.ok && !answer.redirected) {
        const focused = document.activeElement?.closest<HTMLElement>("[data-alarm]")?.dataset.alarm;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const list = page.querySelector("[data-desk-list]");
        if (list) {
          rows.replaceChildren(document.adoptNode(list));
          htmx.process(rows);
          heard = Date.now();
          if (focused) find(focused)?.focus();
          changed();
        }
      }
    } catch {
      // the watch below says so when it lasts
    } finally {
      asking = false;
      if (wanted) window.setTimeout(() => void refresh(), PAUSE);
      tell();
    }
  };

  const list = (): HTMLElement | null => rows.querySelector<HTMLElement>("[data-desk-list]");
  const find = (pk: string): HTMLElement | null => rows.querySelector<HTMLElement>(`[data-alarm="${pk}"]`);

  /** A new alarm sounds at once, whatever was sounding before. */
  const changed = (): void => {
    const now = Number(list()?.dataset.newest || 0);
    if (now > newest) sounded = 0;
    newest = Math.max(newest, now);
    sound();
  };

  // -- the stream -------------------------------------------------------------------------------------------------

  const open = (): void => {
    if (over || stream) return;
    const current = (stream = new EventSource(desk.dataset.stream!));
    const alive = (): void => {
      heard = Date.now();
      tell();
    };
    current.addEventListener("open", () => {
      alive();
      void refresh();
    });
    current.addEventListener("beat", alive);
    current.addEventListener("changed", (event) => {
      alive();
      const news = JSON.parse(event.data as string) as { record?: string };
      if (news.record?.startsWith("alarms.")) void refresh();
    });
    current.addEventListener("end", () => {
      over = true;
      current.close();
      stream = null;
      heard = 0;
      tell();
    });
    current.addEventListener("error", () => {
      tell();
      if (current.readyState !== EventSource.CLOSED) return;
      current.close();
      stream = null;
      window.setTimeout(open, PROBE);
    });
  };

  const dead = (): boolean => Date.now() - heard > deadAfter;

  const tell = (): void => {
    const line = part("line");
    const words = part("line-text");
    const banner = part("dead");
    if (!line || !words || !banner) return;
    const held = stream?.readyState === EventSource.OPEN;
    const tone = dead() ? "red" : held ? "green" : "orange";
    line.className = `desk-line tone-${tone}`;
    desk.dataset.state = dead() ? "dead" : held ? "live" : "waiting";
    words.textContent = text(dead() ? "deskDead" : held ? "deskLive" : "deskWaiting");
    banner.hidden = !dead();
  };

  // -- the sound --------------------------------------------------------------------------------------------------

  const proven = (): boolean => Date.now() - Number(localStorage.getItem(PROVEN) || 0) < SHIFT;

  const sound = (): void => {
    const place = part("sound");
    const words = part("sound-text");
    const worst = Number(list()?.dataset.worst || 0);
    const loud = Number(list()?.dataset.loud || 0);
    const [tone, every] = dead() ? (["scream", 1_500] as [Tone, number]) : (REPEAT[worst] ?? ["low", 0]);
    const calls = dead() || (loud > 0 && every > 0);
    let sounding = false;
    if (calls && Date.now() - sounded >= every) {
      if (play(tone)) sounded = Date.now();
    }
    sounding = calls && awake();
    desk.dataset.sounding = String(sounding);
    if (!place || !words) return;
    const key = sounding ? "deskSounding" : calls ? "deskSilent" : !awake() ? "deskUntested" : proven() ? "deskProven" : "deskUntested";
    place.className = `desk-sound tone-${sounding || key === "deskSilent" ? "red" : key === "deskProven" ? "green" : "orange"}`;
    if (words.textContent !== text(key)) words.textContent = text(key);
  };

  part("test")?.addEventListener("click", () => {
    void wake().then((ready) => {
      if (ready) play("test");
      const heardPart = part("heard");
      if (heardPart) heardPart.hidden = false;
      if (!ready) localStorage.removeItem(PROVEN);
      sound();
    });
  });
  part("yes")?.addEventListener("click", () => {
    localStorage.setItem(PROVEN, String(Date.now()));
    part("heard")!.hidden = true;
    sound();
  });
  part("no")?.addEventListener("click", () => {
    localStorage.removeItem(PROVEN);
    part("heard")!.hidden = true;
    const words = part("sound-text");
    if (words) words.textContent = text("deskUnheard");
    part("sound")!.className = "desk-sound tone-red";
  });
  // Any touch lets the browser sound: whoever acknowledges hears the next one.
  document.addEventListener("pointerdown", () => void wake().then(sound), { once: true });
  document.addEventListener("keydown", () => void wake().then(sound), { once: true });

  // -- keys -------------------------------------------------------------------------------------------------------

  const all = (): HTMLElement[] => [...rows.querySelectorAll<HTMLElement>("[data-alarm]")];
  const current = (): HTMLElement | null =>
    document.activeElement?.closest<HTMLElement>("[data-alarm]") ?? (chosen ? find(chosen) : null) ?? all()[0] ?? null;
  const move = (by: number): void => {
    const them = all();
    const active = document.activeElement?.closest<HTMLElement>("[data-alarm]");
    const at = active ? them.indexOf(active) + by : 0;
    const next = them[Math.min(Math.max(at, 0), them.length - 1)];
    chosen = next?.dataset.alarm ?? "";
    next?.focus();
  };
  const press = (name: string): void => current()?.querySelector<HTMLElement>(`[data-desk-${name}]`)?.click();

  document.addEventListener("keydown", (event) => {
    const busy = event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [role=dialog]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Record<string, () => void> = {
      j: () => move(1),
      k: () => move(-1),
      a: () => press("acknowledge"),
      s: () => press("shelve"),
      o: () => press("open"),
      t: () => part("test")?.click(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // -- the watch --------------------------------------------------------------------------------------------------

  rows.addEventListener("htmx:afterSwap", () => {
    heard = Date.now();
    changed();
  });
  window.setInterval(() => {
    tell();
    sound();
  }, 500);
  window.setInterval(() => {
    if (stream?.readyState !== EventSource.OPEN && !over) void refresh();
  }, PROBE);
  window.addEventListener("pagehide", () => stream?.close());
  changed();
  open();
});

/** A telephone that was just shown is called at once, where the device can. */
attach("[data-dial]", (link) => link.click());
