/** A surface of our own for pictures of thousands of marks: one canvas, drawn anew when something changes. */
import type { Line, Mark, NodeMark, Scene } from "../scene.ts";
import { type Curve, curveOf, fitted, pointOf, radiusOf, type Size, screenX, screenY } from "./geometry.ts";
import { linesShown, paint } from "./paint.ts";
import type { Camera, Handlers, Look, Surface } from "./surface.ts";

const CLOSEST = 8;
const FARTHEST = 0.01;
/** Pixels: what still counts as on a mark or on a line, and as a hand that does not move. */
const NEAR_MARK = { mouse: 5, touch: 14 };
const NEAR_LINE = { mouse: 6, touch: 12 };
const STILL = 5;
const SAME_PLACE = 24;
/** Milliseconds. */
const DOUBLE = 350;
const FLIGHT = 260;
const RESTING = 140;
/** A picture that takes longer is drawn with less while it moves. */
const SLOW = 24;

interface Point {
  x: number;
  y: number;
}
/** What a hand does between down and up. */
interface Grip {
  start: Point;
  mark: NodeMark | null;
  moved: boolean;
}

export function canvasSurface(host: HTMLElement, handlers: Handlers): Surface {
  const canvas = document.createElement("canvas");
  Object.assign(canvas.style, { display: "block", position: "absolute", inset: "0", touchAction: "none" });
  host.append(canvas);
  const ctx = canvas.getContext("2d", { alpha: false })!;

  let scene: Scene = { marks: [], lines: [], discs: [], frame: "" };
  let look: Look | null = null;
  let camera: Camera = { scale: 1, x: 0, y: 0 };
  let size: Size = { width: 0, height: 0 };
  let hovered: Mark | null = null;
  /** Whether the reader has chosen what to look at. */
  let ownView = false;
  /** Where the reader has put marks, as long as the scene is of the same things. */
  let placed = new Map<string, Point>();
  let wanted = 0;
  let flight = 0;
  let restless: ReturnType<typeof setTimeout> | undefined;
  let cost = 0;
  let drawn = false;

  const redraw = () => {
    wanted ||= requestAnimationFrame(() => {
      wanted = 0;
      if (!look || !size.width || !size.height) return;
      const ratio = devicePixelRatio || 1;
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      const moving = restless !== undefined && cost > SLOW;
      const start = performance.now();
      paint(ctx, scene, camera, size, look, { hovered, moving });
      if (!moving) cost = performance.now() - start;
      if (!drawn) performance.mark("drawn");
      drawn = true;
    });
  };

  /** Look from elsewhere, with less to draw until it rests. */
  const lookFrom = (next: Camera) => {
    camera = next;
    clearTimeout(restless);
    restless = setTimeout(() => {
      restless = undefined;
      redraw();
    }, RESTING);
    redraw();
  };

  const zoomAt = ({ x, y }: Point, factor: number) => {
    stopFlight();
    ownView = true;
    const scale = Math.max(FARTHEST, Math.min(CLOSEST, camera.scale * factor));
    const real = scale / camera.scale;
    lookFrom({ scale, x: x - (x - camera.x) * real, y: y - (y - camera.y) * real });
  };
  const pan = (dx: number, dy: number) => {
    stopFlight();
    ownView = true;
    lookFrom({ ...camera, x: camera.x + dx, y: camera.y + dy });
  };

  const stopFlight = () => {
    cancelAnimationFrame(flight);
    flight = 0;
  };
  const flyTo = (goal: Camera) => {
    stopFlight();
    if (!drawn || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      lookFrom(goal);
      return;
    }
    const [origin, start] = [camera, performance.now()];
    const step = (now: number) => {
      const part = Math.min(1, Math.max(0, (now - start) / FLIGHT));
      lookFrom(between(origin, goal, part * part * (3 - 2 * part), size));
      flight = part < 1 ? requestAnimationFrame(step) : 0;
    };
    flight = requestAnimationFrame(step);
  };

  const fit = (keys?: ReadonlySet<string>) => {
    const marks = keys ? scene.marks.filter(({ key }) => keys.has(key)) : scene.marks;
    ownView = !!keys;
    if (size.width) flyTo(fitted(marks, keys ? [] : scene.discs, size));
  };

  // Hands: one moves the picture or a mark, two zoom.

  const hands = new Map<number, Point>();
  let grip: Grip | null = null;
  let lastClick: (Point & { time: number }) | null = null;

  const at = (event: MouseEvent): Point => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const reach = (event: PointerEvent) => (event.pointerType === "mouse" ? "mouse" : "touch");

  const onDown = (event: PointerEvent) => {
    if (event.button || hands.size > 1) return;
    stopFlight();
    canvas.setPointerCapture(event.pointerId);
    const start = at(event);
    hands.set(event.pointerId, start);
    const mark = markAt(scene, camera, start, NEAR_MARK[reach(event)]);
    grip = { start, mark: mark?.node ? mark : null, moved: hands.size > 1 };
  };

  const onMove = (event: PointerEvent) => {
    const now = at(event);
    const before = hands.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") hover(now);
      return;
    }
    const other = [...hands].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      hands.set(event.pointerId, now);
      const factor = apart(now, other) / Math.max(1, apart(before, other));
      pan((now.x - before.x) / 2, (now.y - before.y) / 2);
      zoomAt({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }, factor);
      return;
    }
    if (!grip || (!grip.moved && apart(now, grip.start) < STILL)) return;
    grip.moved = true;
    hands.set(event.pointerId, now);
    if (grip.mark) moveMark(grip.mark, now);
    else pan(now.x - before.x, now.y - before.y);
    canvas.style.cursor = "grabbing";
  };

  const onUp = (event: PointerEvent) => {
    if (!hands.delete(event.pointerId)) return;
    const done = grip;
    if (hands.size) return;
    grip = null;
    canvas.style.cursor = "";
    if (event.type === "pointerup" && done && !done.moved) press(done.start, reach(event));
  };

  const lineNear = (point: Point, kind: "mouse" | "touch") =>
    lineAt({ lines: linesShown(scene, camera, size) }, camera, point, NEAR_LINE[kind]);

  const press = (point: Point, kind: "mouse" | "touch") => {
    const mark = markAt(scene, camera, point, NEAR_MARK[kind]);
    const time = performance.now();
    const twice = lastClick && time - lastClick.time < DOUBLE && apart(point, lastClick) < SAME_PLACE;
    lastClick = twice ? null : { ...point, time };
    if (twice && mark) handlers.doubleClick(mark);
    else handlers.click(mark ?? lineNear(point, kind));
  };

  const moveMark = (mark: NodeMark, { x, y }: Point) => {
    const place = { x: (x - camera.x) / camera.scale, y: (y - camera.y) / camera.scale };
    placed.set(mark.key, place);
    Object.assign(mark, place);
    lookFrom(camera);
  };

  const hover = (point: Point) => {
    const mark = markAt(scene, camera, point, NEAR_MARK.mouse);
    const clickable = mark ?? lineNear(point, "mouse");
    canvas.style.cursor = clickable ? "pointer" : "";
    if (mark === hovered) return;
    hovered = mark;
    redraw();
  };
  const onLeave = () => {
    if (!hovered) return;
    hovered = null;
    redraw();
  };

  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    // Lines and pages of a mouse, pixels of a touchpad; a pinch on a touchpad comes as small steps with Ctrl.
    const pixels = event.deltaY * [1, 16, 400][event.deltaMode]!;
    const step = Math.max(-120, Math.min(120, pixels));
    zoomAt(at(event), Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0022)));
  };

  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerup", onUp);
  canvas.addEventListener("pointercancel", onUp);
  canvas.addEventListener("pointerleave", onLeave);
  canvas.addEventListener("wheel", onWheel, { passive: false });

  const onResize = () => {
    const [before, now] = [size, { width: host.clientWidth, height: host.clientHeight }];
    if (!now.width || !now.height) return;
    size = now;
    Object.assign(canvas.style, { width: `${size.width}px`, height: `${size.height}px` });
    if (!ownView || !before.width) camera = fitted(scene.marks, scene.discs, size);
    else
      camera = {
        ...camera,
        x: camera.x + (size.width - before.width) / 2,
        y: camera.y + (size.height - before.height) / 2,
      };
    redraw();
  };
  const resizes = new ResizeObserver(onResize);
  resizes.observe(host);

  return {
    draw(next, nextLook) {
      if (next.frame !== scene.frame) placed = new Map();
      const key = hovered?.key;
      [scene, look] = [next, nextLook];
      hovered = scene.marks.find((mark) => mark.key === key) ?? null;
      for (const mark of scene.marks) Object.assign(mark, placed.get(mark.key));
      if (!size.width) onResize();
      redraw();
    },
    fit,
    zoom: (factor) => zoomAt({ x: size.width / 2, y: size.height / 2 }, factor),
    pan,
    camera: () => camera,
    shake: () => false,
    destroy() {
      stopFlight();
      cancelAnimationFrame(wanted);
      clearTimeout(restless);
      resizes.disconnect();
      canvas.remove();
    },
  };
}

const apart = (one: Point, another: Point): number => Math.hypot(one.x - another.x, one.y - another.y);

/** A camera on the way from one to another: the middle of the screen goes straight, the scale by equal factors. */
function between(one: Camera, another: Camera, part: number, { width, height }: Size): Camera {
  const scale = one.scale * (another.scale / one.scale) ** part;
  const middle = (camera: Camera) => [(width / 2 - camera.x) / camera.scale, (height / 2 - camera.y) / camera.scale];
  const [[x1, y1], [x2, y2]] = [middle(one) as [number, number], middle(another) as [number, number]];
  return {
    scale,
    x: width / 2 - scale * (x1 + (x2 - x1) * part),
    y: height / 2 - scale * (y1 + (y2 - y1) * part),
  };
}

/** The mark whose rim is nearest; small ones lie above closed groups. */
export function markAt({ marks }: Scene, camera: Camera, { x, y }: Point, near: number): Mark | null {
  let [found, least]: [Mark | null, number] = [null, near];
  for (const mark of marks) {
    const distance = Math.hypot(screenX(camera, mark.x) - x, screenY(camera, mark.y) - y) - radiusOf(mark, camera);
    if (distance > near) continue;
    const order = mark.group ? Math.max(distance, 0) : distance;
    if (order <= least) [found, least] = [mark, order];
  }
  return found;
}

export function lineAt({ lines }: Pick<Scene, "lines">, camera: Camera, point: Point, near: number): Line | null {
  let [found, least]: [Line | null, number] = [null, near];
  for (const line of lines) {
    const curve = curveOf(line, camera);
    if (!curve) continue;
    // A faint line must not take the click from a lit one beside it.
    const distance = fromCurve(point, curve) + (line.faint ? 2 : 0);
    if (distance < least) [found, least] = [line, distance];
  }
  return found;
}

function fromCurve(point: Point, curve: Curve): number {
  const parts = curve.via ? 10 : 1;
  let least = Number.POSITIVE_INFINITY;
  for (let part = 1; part <= parts; part += 1)
    least = Math.min(least, fromSegment(point, pointOf(curve, (part - 1) / parts), pointOf(curve, part / parts)));
  return least;
}

function fromSegment({ x, y }: Point, [x1, y1]: [number, number], [x2, y2]: [number, number]): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const part = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x1 + dx * part - x, y1 + dy * part - y);
}
