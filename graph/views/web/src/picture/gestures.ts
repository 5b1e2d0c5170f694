/** What hands, pens and the mouse do on an element, told as vis-network hears it: in place of the library Hammer, of
 * which it needs a twentieth. A tap may take its time: nothing waits for a long one. */
import { apart, type Point } from "./geometry.ts";

export interface Gesture {
  /** The middle of the pointers, in pixels of the window. */
  center: Point;
  /** How far apart two pointers are, by how far they were when they came. */
  scale: number;
  srcEvent: PointerEvent;
  changedPointers: PointerEvent[];
  /** It is the first pointer that comes, or the last that goes. */
  isFirst: boolean;
  isFinal: boolean;
}
type Listener = (gesture: Gesture) => void;

/** Pixels that a hand trembles. */
const STILL = 5;
/** Milliseconds within which the second tap follows the first, so many pixels near. */
const DOUBLE = 350;
const SAME_PLACE = 24;

export default class Gestures {
  static readonly DIRECTION_ALL = 0;
  readonly #element: HTMLElement;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #pointers = new Map<number, PointerEvent>();
  #does: "rests" | "pans" | "pinches" | "nothing" = "nothing";
  #start: Point = { x: 0, y: 0 };
  #apart = 1;
  #lastTap: (Point & { time: number }) | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
    Object.assign(element.style, { touchAction: "none", userSelect: "none" });
    element.addEventListener("pointerdown", this.#come);
    window.addEventListener("pointermove", this.#move);
    window.addEventListener("pointerup", this.#leave);
    window.addEventListener("pointercancel", this.#leave);
  }

  on(name: string, listener: Listener) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  /** Gestures need no settings. */
  get() {
    return { set() {} };
  }

  destroy() {
    this.#element.removeEventListener("pointerdown", this.#come);
    window.removeEventListener("pointermove", this.#move);
    window.removeEventListener("pointerup", this.#leave);
    window.removeEventListener("pointercancel", this.#leave);
  }

  readonly #come = (event: PointerEvent) => {
    if (event.button) return;
    if (this.#does === "pans") this.#tell("panend", event);
    this.#pointers.set(event.pointerId, event);
    this.#does = (["nothing", "rests", "pinches"] as const)[this.#pointers.size] ?? "nothing";
    this.#start = this.#center();
    this.#apart = this.#distance();
    this.#tell("hammer.input", event, { isFirst: this.#pointers.size === 1 });
  };

  readonly #move = (event: PointerEvent) => {
    if (!this.#pointers.has(event.pointerId)) return;
    this.#pointers.set(event.pointerId, event);
    if (this.#does === "pans") this.#tell("panmove", event);
    else if (this.#does === "pinches") this.#tell("pinch", event, { scale: this.#distance() / this.#apart });
    else if (this.#does !== "nothing" && apart(this.#center(), this.#start) > STILL) {
      this.#does = "pans";
      this.#tell("panstart", event);
    }
  };

  readonly #leave = (event: PointerEvent) => {
    if (!this.#pointers.has(event.pointerId)) return;
    this.#tell("hammer.input", event, { isFinal: this.#pointers.size === 1 });
    if (this.#does === "pans") this.#tell("panend", event);
    if (this.#does === "rests" && event.type === "pointerup") this.#tap(event);
    this.#does = "nothing";
    this.#pointers.delete(event.pointerId);
  };

  #tap(event: PointerEvent) {
    const [place, time, last] = [this.#center(), event.timeStamp, this.#lastTap];
    const twice = !!last && time - last.time < DOUBLE && apart(place, last) < SAME_PLACE;
    this.#lastTap = twice ? null : { ...place, time };
    this.#tell("tap", event);
    if (twice) this.#tell("doubletap", event);
  }

  #tell(name: string, srcEvent: PointerEvent, more: Partial<Gesture> = {}) {
    const gesture = {
      center: this.#center(),
      scale: 1,
      srcEvent,
      changedPointers: [srcEvent],
      isFirst: false,
      isFinal: false,
      ...more,
    };
    for (const listener of this.#listeners.get(name) ?? []) listener(gesture);
  }

  #center(): Point {
    const all = [...this.#pointers.values()];
    const mean = (of: "clientX" | "clientY") => all.reduce((sum, one) => sum + one[of], 0) / all.length;
    return { x: mean("clientX"), y: mean("clientY") };
  }

  /** Of two pointers, 1 for one. */
  #distance(): number {
    const [one, another] = [...this.#pointers.values()];
    return one && another ? Math.max(1, Math.hypot(one.clientX - another.clientX, one.clientY - another.clientY)) : 1;
  }
}
