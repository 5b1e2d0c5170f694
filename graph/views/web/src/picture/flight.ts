/** The way of a camera from one view to another. */
import type { Size } from "./geometry.ts";
import type { Camera } from "./surface.ts";

/** Milliseconds. */
export const FLIGHT = 260;

export const wantsStill = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Flight {
  #frame = 0;

  start(from: Camera, to: Camera, size: Size, lookFrom: (camera: Camera) => void): void {
    this.stop();
    const begin = performance.now();
    const step = (now: number) => {
      const part = Math.min(1, Math.max(0, (now - begin) / FLIGHT));
      lookFrom(between(from, to, part * part * (3 - 2 * part), size));
      if (part < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }
}

/** The middle of the screen goes straight, the scale by equal factors. */
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
