/** Where things lie on the screen, in CSS pixels. */
import type { Group } from "../data.ts";
import type { Line, Mark, Scene } from "../scene.ts";
import type { Camera } from "./surface.ts";

export interface Point {
  x: number;
  y: number;
}
export interface Size {
  width: number;
  height: number;
}

/** Room between what is farthest out in an open group and the rim of its disc. */
export const RIM = 18;

export const apart = (one: Point, another: Point): number => Math.hypot(one.x - another.x, one.y - another.y);

export const screenX = (camera: Camera, x: number): number => x * camera.scale + camera.x;
export const screenY = (camera: Camera, y: number): number => y * camera.scale + camera.y;

/** What is seen from very far stays a dot. */
export const radiusOf = (mark: Mark, camera: Camera): number =>
  Math.max(mark.group ? 5 : 1.5, mark.radius * camera.scale);

/** A line from rim to rim: straight, or with the two points that draw it aside. */
export interface Curve {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  via: [x: number, y: number, x: number, y: number] | null;
}

/** Null where the two marks leave no room for a line. */
export function curveOf(line: Line, camera: Camera): Curve | null {
  const { from, to, bend } = line;
  let x1 = screenX(camera, from.x);
  let y1 = screenY(camera, from.y);
  const r1 = radiusOf(from, camera);
  if (from === to) {
    const side = r1 * (2.2 + bend);
    return {
      x1: x1 - r1 * 0.6,
      y1: y1 - r1,
      x2: x1 + r1 * 0.6,
      y2: y1 - r1,
      via: [x1 - side, y1 - r1 - side, x1 + side, y1 - r1 - side],
    };
  }
  let x2 = screenX(camera, to.x);
  let y2 = screenY(camera, to.y);
  const r2 = radiusOf(to, camera);
  const [dx, dy] = [x2 - x1, y2 - y1];
  const distance = Math.hypot(dx, dy);
  if (distance <= r1 + r2) return null;
  if (!bend) {
    const [ux, uy] = [dx / distance, dy / distance];
    x1 += ux * r1;
    y1 += uy * r1;
    x2 -= ux * r2;
    y2 -= uy * r2;
    return { x1, y1, x2, y2, via: null };
  }
  // The same side for both directions: edges there and back must not lie on each other.
  const turn = from.key < to.key ? 1 : -1;
  const away = turn * (bend % 2 ? 0.16 : -0.16) * Math.ceil(bend / 2);
  const [nx, ny] = [-dy * away, dx * away];
  const via: Curve["via"] = [x1 + dx * 0.3 + nx, y1 + dy * 0.3 + ny, x1 + dx * 0.7 + nx, y1 + dy * 0.7 + ny];
  const first = Math.hypot(via[0] - x1, via[1] - y1);
  const last = Math.hypot(x2 - via[2], y2 - via[3]);
  return {
    x1: x1 + ((via[0] - x1) * r1) / first,
    y1: y1 + ((via[1] - y1) * r1) / first,
    x2: x2 - ((x2 - via[2]) * r2) / last,
    y2: y2 - ((y2 - via[3]) * r2) / last,
    via,
  };
}

/** The point at a part of the way along a curve. */
export function pointOf({ x1, y1, x2, y2, via }: Curve, part: number): [x: number, y: number] {
  const rest = 1 - part;
  if (!via) return [x1 * rest + x2 * part, y1 * rest + y2 * part];
  const [a, b, c, d] = [rest ** 3, 3 * rest ** 2 * part, 3 * rest * part ** 2, part ** 3];
  return [a * x1 + b * via[0] + c * via[2] + d * x2, a * y1 + b * via[1] + c * via[3] + d * y2];
}

/** The camera that sees all of these, with room for the names at the sides, and not from nearer than needed. */
export function fitted(marks: readonly Mark[], discs: readonly Group[], { width, height }: Size): Camera {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const include = (x: number, y: number, radius: number) => {
    left = Math.min(left, x - radius);
    top = Math.min(top, y - radius);
    right = Math.max(right, x + radius);
    bottom = Math.max(bottom, y + radius);
  };
  for (const { x, y, radius } of marks) include(x, y, radius);
  for (const { x, y, radius } of discs) include(x, y, radius + RIM);
  if (left > right) return { scale: 1, x: width / 2, y: height / 2 };
  // Names stand beside nodes, but within the discs of closed groups.
  const [wide, high] = marks.some(({ node }) => node) ? [60, 40] : [24, 36];
  const room = { x: Math.min(wide, width * 0.08), y: Math.min(high, height * 0.07) };
  const scale = Math.min(
    1.4,
    (width - 2 * room.x) / Math.max(1, right - left),
    (height - 2 * room.y) / Math.max(1, bottom - top),
  );
  return {
    scale: Math.max(scale, 0.005),
    x: width / 2 - (scale * (left + right)) / 2,
    y: height / 2 - (scale * (top + bottom)) / 2,
  };
}

/** The camera that sees a scene, or these marks of it. */
export const viewOf = ({ marks, discs }: Scene, size: Size, keys?: ReadonlySet<string>): Camera => {
  const wanted = keys && marks.filter(({ key }) => keys.has(key));
  return wanted ? fitted(wanted, [], size) : fitted(marks, discs, size);
};
