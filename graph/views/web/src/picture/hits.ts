/** What lies under a point of the screen. */
import type { Line, Mark, Scene } from "../scene.ts";
import { type Curve, curveOf, type Point, pointOf, radiusOf, screenX, screenY } from "./geometry.ts";
import type { Label } from "./labels.ts";
import type { Camera } from "./surface.ts";

/** Pixels: what still counts as on a mark or on a line. A finger is broader than the tip of a mouse's arrow. */
const NEAR = { mouse: 6, touch: 13 };

export const nearnessOf = ({ pointerType }: PointerEvent): number => NEAR[pointerType === "mouse" ? "mouse" : "touch"];

/** The sign that a point is on, else what is named there, else what is near. */
export function hitAt(
  { marks, lines }: Pick<Scene, "marks" | "lines">,
  labels: readonly Label[],
  camera: Camera,
  point: Point,
  near: number,
): Mark | Line | null {
  const mark = markAt(marks, camera, point, near);
  if (mark?.node && beyondRim(mark, camera, point) <= 0) return mark;
  return namedAt(labels, point) ?? mark ?? lineAt(lines, camera, point, near);
}

function namedAt(labels: readonly Label[], { x, y }: Point): Mark | Line | null {
  for (const { of, box } of labels)
    if (!("members" in of) && x > box.left && x < box.right && y > box.top && y < box.bottom) return of;
  return null;
}

/** The mark whose rim is nearest; small ones lie above closed groups. */
export function markAt(marks: readonly Mark[], camera: Camera, point: Point, near: number): Mark | null {
  let [found, least]: [Mark | null, number] = [null, near];
  for (const mark of marks) {
    const distance = beyondRim(mark, camera, point);
    const order = mark.group ? Math.max(distance, 0) : distance;
    if (order <= least) [found, least] = [mark, order];
  }
  return found;
}

const beyondRim = (mark: Mark, camera: Camera, { x, y }: Point): number =>
  Math.hypot(screenX(camera, mark.x) - x, screenY(camera, mark.y) - y) - radiusOf(mark, camera);

export function lineAt(lines: readonly Line[], camera: Camera, point: Point, near: number): Line | null {
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
