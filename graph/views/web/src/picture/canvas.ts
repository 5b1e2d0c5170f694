/** A surface of our own for pictures of thousands of marks: one canvas, drawn anew when something changes. */
import type { Mark, NodeMark, Scene } from "../scene.ts";
import { Flight, wantsStill } from "./flight.ts";
import { type Point, type Size, viewOf } from "./geometry.ts";
import Gestures, { type Gesture } from "./gestures.ts";
import { hitAt, markAt, nearnessOf } from "./hits.ts";
import type { Label } from "./labels.ts";
import { linesShown, paint } from "./paint.ts";
import { type Camera, CLOSEST, FARTHEST, type Handlers, type Look, NOTHING, type Surface } from "./surface.ts";

/** Milliseconds after which a picture that was moved rests. */
const RESTING = 140;
/** A picture that takes longer is drawn with less while it moves. */
const SLOW = 24;

export class CanvasSurface implements Surface {
  readonly #host: HTMLElement;
  readonly #handlers: Handlers;
  readonly #canvas = document.createElement("canvas");
  readonly #ctx = this.#canvas.getContext("2d", { alpha: false })!;
  readonly #gestures = new Gestures(this.#canvas);
  readonly #flight = new Flight();
  readonly #resizes = new ResizeObserver(() => this.#resize());

  #scene: Scene = NOTHING;
  #look: Look | null = null;
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #size: Size = { width: 0, height: 0 };
  #hovered: Mark | null = null;
  /** The names of the last picture. */
  #labels: Label[] = [];
  /** Whether the reader has chosen what to look at. */
  #ownView = false;
  /** Where the reader has put marks, as long as the scene is of the same things. */
  #placed = new Map<string, Point>();
  #wanted = 0;
  #restless: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds that the last whole picture took. */
  #cost = 0;
  #drawn = false;

  constructor(host: HTMLElement, handlers: Handlers) {
    this.#host = host;
    this.#handlers = handlers;
    Object.assign(this.#canvas.style, { display: "block", position: "absolute", inset: "0" });
    host.append(this.#canvas);
    this.#listen();
    this.#resizes.observe(host);
  }

  draw(next: Scene, look: Look): void {
    if (next.frame !== this.#scene.frame) this.#placed.clear();
    const key = this.#hovered?.key;
    [this.#scene, this.#look] = [next, look];
    this.#hovered = next.marks.find((mark) => mark.key === key) ?? null;
    for (const mark of next.marks) Object.assign(mark, this.#placed.get(mark.key));
    if (!this.#size.width) this.#resize();
    this.#redraw();
  }

  fit(keys?: ReadonlySet<string>): void {
    this.#ownView = !!keys;
    if (!this.#size.width) return;
    const goal = viewOf(this.#scene, this.#size, keys);
    if (this.#drawn && !wantsStill())
      this.#flight.start(this.#camera, goal, this.#size, (view) => this.#lookFrom(view));
    else this.#lookFrom(goal);
  }

  zoom(factor: number): void {
    this.#zoomAt({ x: this.#size.width / 2, y: this.#size.height / 2 }, factor);
  }

  pan(dx: number, dy: number): void {
    const { scale, x, y } = this.#camera;
    this.#lookByHand({ scale, x: x + dx, y: y + dy });
  }

  camera(): Camera {
    return this.#camera;
  }

  shake(): boolean {
    return false;
  }

  destroy(): void {
    this.#flight.stop();
    cancelAnimationFrame(this.#wanted);
    clearTimeout(this.#restless);
    this.#resizes.disconnect();
    this.#gestures.destroy();
    this.#canvas.remove();
  }

  #redraw(): void {
    this.#wanted ||= requestAnimationFrame(() => {
      this.#wanted = 0;
      if (this.#look && this.#size.width) this.#paint(this.#look);
    });
  }

  #paint(look: Look): void {
    const ratio = devicePixelRatio || 1;
    const canvas = this.#canvas;
    const [width, height] = [Math.round(this.#size.width * ratio), Math.round(this.#size.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.#ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const moving = this.#restless !== undefined && this.#cost > SLOW;
    const start = performance.now();
    const attention = { hovered: this.#hovered, moving };
    this.#labels = paint(this.#ctx, this.#scene, this.#camera, this.#size, look, attention);
    if (!moving) this.#cost = performance.now() - start;
    if (!this.#drawn) performance.mark("drawn");
    this.#drawn = true;
  }

  /** Look from elsewhere, with less to draw until it rests. */
  #lookFrom(camera: Camera): void {
    this.#camera = camera;
    clearTimeout(this.#restless);
    this.#restless = setTimeout(() => {
      this.#restless = undefined;
      this.#redraw();
    }, RESTING);
    this.#redraw();
  }

  #lookByHand(camera: Camera): void {
    this.#flight.stop();
    this.#ownView = true;
    this.#lookFrom(camera);
  }

  #zoomAt({ x, y }: Point, factor: number): void {
    const camera = this.#camera;
    const scale = Math.max(FARTHEST, Math.min(CLOSEST, camera.scale * factor));
    const real = scale / camera.scale;
    this.#lookByHand({ scale, x: x - (x - camera.x) * real, y: y - (y - camera.y) * real });
  }

  #resize(): void {
    const [before, { clientWidth: width, clientHeight: height }] = [this.#size, this.#host];
    if (!width || !height) return;
    this.#size = { width, height };
    Object.assign(this.#canvas.style, { width: `${width}px`, height: `${height}px` });
    const { scale, x, y } = this.#camera;
    // What was in the middle stays there.
    this.#camera =
      this.#ownView && before.width
        ? { scale, x: x + (width - before.width) / 2, y: y + (height - before.height) / 2 }
        : viewOf(this.#scene, this.#size);
    this.#redraw();
  }

  #listen(): void {
    const canvas = this.#canvas;
    this.#listenToHands();
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && !event.buttons) this.#hover(event);
    });
    canvas.addEventListener("pointerleave", () => this.#setHovered(null));
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        // Lines and pages of a mouse, pixels of a touchpad; a pinch on a touchpad comes as small steps with Ctrl.
        const pixels = event.deltaY * [1, 16, 400][event.deltaMode]!;
        const step = Math.max(-120, Math.min(120, pixels));
        this.#zoomAt(this.#at(event), Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0022)));
      },
      { passive: false },
    );
  }

  /** One hand moves the picture or a mark, two zoom. */
  #listenToHands(): void {
    const gestures = this.#gestures;
    let last: Point = { x: 0, y: 0 };
    let scale = 1;
    let held: NodeMark | null = null;
    const follow = ({ center }: Gesture) => {
      const now = this.#at(center);
      if (held) this.#move(held, now);
      else this.pan(now.x - last.x, now.y - last.y);
      last = now;
    };
    gestures.on("hammer.input", ({ center, srcEvent }) => {
      this.#flight.stop();
      [last, scale] = [this.#at(center), 1];
      const mark = markAt(this.#scene.marks, this.#camera, last, nearnessOf(srcEvent));
      held = mark?.node ? mark : null;
    });
    gestures.on("panstart", (gesture) => {
      this.#canvas.style.cursor = "grabbing";
      follow(gesture);
    });
    gestures.on("panmove", follow);
    gestures.on("panend", () => {
      this.#canvas.style.cursor = "";
    });
    gestures.on("pinch", (gesture) => {
      held = null;
      follow(gesture);
      this.#zoomAt(last, gesture.scale / scale);
      scale = gesture.scale;
    });
    gestures.on("tap", ({ center, srcEvent }) => this.#handlers.click(this.#hit(this.#at(center), srcEvent)));
    gestures.on("doubletap", ({ center, srcEvent }) => {
      const hit = this.#hit(this.#at(center), srcEvent);
      if (hit && !("edges" in hit)) this.#handlers.doubleClick(hit);
    });
  }

  /** The point of the canvas under a point of the window. */
  #at({ x, y }: Point): Point {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return { x: x - left, y: y - top };
  }

  #hit(point: Point, event: PointerEvent) {
    const lines = linesShown(this.#scene, this.#camera, this.#size);
    return hitAt({ marks: this.#scene.marks, lines }, this.#labels, this.#camera, point, nearnessOf(event));
  }

  #move(mark: NodeMark, { x, y }: Point): void {
    const camera = this.#camera;
    const place = { x: (x - camera.x) / camera.scale, y: (y - camera.y) / camera.scale };
    this.#placed.set(mark.key, place);
    Object.assign(mark, place);
    this.#lookFrom(camera);
  }

  #hover(event: PointerEvent): void {
    const point = this.#at(event);
    this.#canvas.style.cursor = this.#hit(point, event) ? "pointer" : "";
    this.#setHovered(markAt(this.#scene.marks, this.#camera, point, nearnessOf(event)));
  }

  #setHovered(mark: Mark | null): void {
    if (mark === this.#hovered) return;
    this.#hovered = mark;
    this.#redraw();
  }
}
