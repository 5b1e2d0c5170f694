/** Places for parts of the graph that the page cuts out itself: around a node, and between two. */
import type { Node } from "./data.ts";

export interface Place {
  x: number;
  y: number;
}

/** Room for a name of one line, and the distance of rings and columns. */
const CELL = 118;
const RING = 210;
const ROW = 62;
/** Screens are wider than high. */
const WIDER = 1.25;
/** Distance of what stands side by side in a lattice, and of its rows; each row is shifted by half. */
const LATTICE = [124, 56] as const;

const byKindAndName = (one: Node, another: Node) =>
  one.kind === another.kind ? another.size - one.size || one.index - another.index : one.kind < another.kind ? -1 : 1;

/** The first layer in the middle, each other one around it, everything near what it is tied to: on a ring, or in a
 * lattice where the ring would be so large that names could not be read. */
export function fan(layers: Node[][], ties: (node: Node) => Node[]): Map<Node, Place> {
  const places = new Map<Node, Place>();
  const angles = new Map<Node, number>();
  let radius = 0;
  for (const [number, layer] of layers.entries()) {
    if (!layer?.length) continue;
    if (!number) {
      for (const node of layer) places.set(node, { x: 0, y: 0 });
      continue;
    }
    const sorted = [...layer].sort(byKindAndName);
    if (number > 1) {
      // Around the mean direction of what is nearer to the middle.
      const wanted = new Map(
        sorted.map((node) => {
          const inner = ties(node).flatMap((tie) => angles.get(tie) ?? []);
          return [node, Math.atan2(sum(inner, Math.sin), sum(inner, Math.cos))];
        }),
      );
      sorted.sort((one, another) => wanted.get(one)! - wanted.get(another)! || byKindAndName(one, another));
    }
    // Two staggered rows hold more names at the same distance.
    const rows = sorted.length > 14 ? 2 : 1;
    const needed = (sorted.length * CELL) / rows / 2 / Math.PI / 0.9;
    const turn = number > 1 ? -Math.PI : -Math.PI / 2;
    const cells =
      needed > 1.5 * (radius + RING)
        ? lattice(sorted.length, radius + RING / 2, turn)
        : ring(sorted.length, Math.max(radius + RING, needed), rows, turn);
    for (const [place, node] of sorted.entries()) {
      const { x, y } = cells[place]!;
      angles.set(node, Math.atan2(y, x / WIDER));
      places.set(node, { x: Math.round(x), y: Math.round(y) });
      radius = Math.max(radius, Math.hypot(x / WIDER, y));
    }
  }
  return places;
}

const ring = (count: number, radius: number, rows: number, turn: number): Place[] =>
  Array.from({ length: count }, (_, place) => {
    const angle = turn + (2 * Math.PI * (place + 0.5)) / count;
    const away = radius + (place % rows) * 78;
    return { x: WIDER * away * Math.cos(angle), y: away * Math.sin(angle) };
  });

/** The places that are nearest to the middle beyond a radius, clockwise from an angle. */
function lattice(count: number, radius: number, turn: number): Place[] {
  const [wide, high] = LATTICE;
  const reach = Math.hypot(radius, Math.sqrt((count * wide * high) / WIDER / Math.PI)) + wide;
  const [columns, rows] = [Math.ceil((WIDER * reach) / wide), Math.ceil(reach / high)];
  const away = ({ x, y }: Place) => Math.hypot(x / WIDER, y);
  const angle = ({ x, y }: Place) => (Math.atan2(y, x / WIDER) - turn + 4 * Math.PI) % (2 * Math.PI);
  const cells: Place[] = [];
  for (let row = -rows; row <= rows; row += 1)
    for (let column = -columns; column <= columns; column += 1)
      cells.push({ x: (column + (row % 2 ? 0.5 : 0)) * wide, y: row * high });
  return cells
    .filter((cell) => away(cell) >= radius)
    .sort((one, another) => away(one) - away(another) || angle(one) - angle(another))
    .slice(0, count)
    .sort((one, another) => angle(one) - angle(another) || away(one) - away(another));
}

const sum = (angles: number[], part: (angle: number) => number) =>
  angles.reduce((total, angle) => total + part(angle), 0);

/** Layers as columns from left to right; within one, everything at the height of what it is tied to, staggered so that
 * lines within a column do not lie on each other. */
export function columns(layers: Node[][], ties: (node: Node) => Node[]): Map<Node, Place> {
  const places = new Map<Node, Place>();
  for (const [number, layer] of layers.entries()) {
    const height = (node: Node) => {
      const found = ties(node).flatMap((tie) => places.get(tie)?.y ?? []);
      return found.length ? found.reduce((total, y) => total + y, 0) / found.length : 0;
    };
    const sorted = [...(layer ?? [])].sort(
      (one, another) => height(one) - height(another) || byKindAndName(one, another),
    );
    for (const [place, node] of sorted.entries())
      places.set(node, {
        x: number * RING * 1.5 + (sorted.length > 4 ? (place % 2) * ROW : 0),
        y: Math.round((place - (sorted.length - 1) / 2) * ROW),
      });
  }
  return places;
}
