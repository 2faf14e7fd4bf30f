/** Drawing a zone on a floor plan (`data-plan-editor`): corners are set, dragged, moved by keys, taken away. The field
 * `data-plan-corners` keeps them as x,y pairs in shares of the picture; typing there draws as well. */

import { attach, makeSvg } from "../dom";

type Corner = [number, number];

const STEP = 0.01;
const MOST = 60;
const within = (value: number): number => Math.min(1, Math.max(0, Math.round(value * 1e4) / 1e4));

attach("[data-plan-editor]", (editor) => {
  const svg = editor.querySelector<SVGSVGElement>("svg");
  const drawing = svg?.querySelector<SVGGElement>("[data-plan-drawing]");
  const field = document.querySelector<HTMLTextAreaElement>("[data-plan-corners]");
  if (!svg || !drawing || !field) return;
  const width = Number(svg.dataset.width);
  const height = Number(svg.dataset.height);
  let corners: Corner[] = [];
  let dragged = -1;

  const read = (): void => {
    corners = field.value
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split(",").map(Number))
      .filter((pair): pair is Corner => pair.length === 2 && pair.every(Number.isFinite))
      .map(([x, y]) => [within(x), within(y)]);
  };
  const write = (): void => {
    field.value = corners.map(([x, y]) => `${x},${y}`).join(" ");
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const draw = (focus = -1): void => {
    const points = corners.map(([x, y]) => `${x * width},${y * height}`).join(" ");
    const shapes: SVGElement[] = [makeSvg(corners.length > 2 ? "polygon" : "polyline", { class: "risk-drawn", points })];
    corners.forEach(([x, y], at) => {
      const dot = makeSvg("circle", {
        class: "risk-corner", cx: x * width, cy: y * height, r: Math.max(width, height) / 90, tabindex: 0, role: "button",
        "aria-label": `${drawing.dataset.corner ?? ""} ${at + 1}`, "data-at": at,
      });
      shapes.push(dot);
    });
    drawing.replaceChildren(...shapes);
    if (focus >= 0) drawing.querySelector<SVGElement>(`[data-at="${focus}"]`)?.focus();
  };
  const at = (event: PointerEvent): Corner => {
    const frame = svg.getBoundingClientRect();
    return [within((event.clientX - frame.left) / frame.width), within((event.clientY - frame.top) / frame.height)];
  };
  const cornerOf = (event: Event): number =>
    event.target instanceof SVGElement && event.target.dataset.at ? Number(event.target.dataset.at) : -1;

  svg.addEventListener("pointerdown", (event) => {
    dragged = cornerOf(event);
    if (dragged >= 0) {
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    }
  });
  svg.addEventListener("pointermove", (event) => {
    if (dragged < 0) return;
    corners[dragged] = at(event);
    draw();
  });
  svg.addEventListener("pointerup", (event) => {
    if (dragged >= 0) {
      draw(dragged);
      dragged = -1;
      write();
      return;
    }
    if (event.button !== 0 || corners.length >= MOST) return;
    corners.push(at(event));
    draw();
    write();
  });
  svg.addEventListener("keydown", (event) => {
    const one = cornerOf(event);
    const corner = corners[one];
    if (!corner) return;
    const moves: Record<string, Corner> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const move = moves[event.key];
    if (move) corners[one] = [within(corner[0] + move[0]), within(corner[1] + move[1])];
    else if (event.key === "Delete" || event.key === "Backspace") corners.splice(one, 1);
    else return;
    event.preventDefault();
    draw(Math.min(one, corners.length - 1));
    write();
  });
  editor.querySelector("[data-plan-undo]")?.addEventListener("click", () => {
    corners.pop();
    draw();
    write();
  });
  editor.querySelector("[data-plan-clear]")?.addEventListener("click", () => {
    corners = [];
    draw();
    write();
  });
  field.addEventListener("input", () => {
    read();
    draw();
  });
  read();
  draw();
});
