/** Which names stand where on the screen: the most important first, never one on another. */
import type { Graph, Group } from "../data.ts";
import type { GroupMark, Line, Mark, NodeMark, Scene } from "../scene.ts";
import type { Language } from "../words.ts";
import { type Curve, curveOf, pointOf, RIM, radiusOf, type Size, screenX, screenY } from "./geometry.ts";
import type { Camera, Look } from "./surface.ts";
import { length, wrapped } from "./wrap.ts";

/** The width of a text in pixels. */
export type Measure = (text: string, size: number, bold: boolean) => number;

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export interface Row {
  text: string;
  size: number;
  bold: boolean;
  quiet: boolean;
  /** The base line of the letters. */
  y: number;
}
/** A text on the screen, centred at x. */
export interface Label {
  of: Mark | Line | Group;
  x: number;
  rows: Row[];
  box: Box;
}
export interface Attention {
  /** What the pointer is on: it is named in any case. */
  hovered?: Mark | null;
  /** The reader is moving the picture: only the most important names. */
  moving?: boolean;
}

const MOST = 250;
const MOST_MOVING = 40;
/** Names that found no place before the rest is given up. */
const TRIES = 700;
/** A sign of a smaller radius is a speck in a cloud, which names would hide. */
const SPECK = 3;
/** How far beyond its rim the name of a small disc may reach, in small letters and without counts. */
const SPILL = 1.6;
/** In a picture of so few marks, what is faint is named too. */
const FEW = 40;
const GAP = 3;
const CELL = 64;
const LEADING = 1.22;
/** What is tried in a closed group: the size of its name, and how many kinds are counted below. */
const INSIDE: [size: number, kinds: number][] = [
  [21, 3],
  [18, 3],
  [15, 3],
  [15, 2],
  [14, 2],
  [13, 2],
  [13, 1],
  [12, 1],
  [11, 1],
  [11, 0],
];

/** What a group is called: after what is in its middle, else after its kind. */
export function groupName(graph: Graph, group: Group, language: Language): string {
  if (group.centre) return group.centre.label;
  const term = group.kind && graph.plural(group.kind, language);
  if (!graph.groups.some(({ centre }) => centre)) return term;
  return language === "zh" ? `其他${term}` : `Other ${term}`;
}

/** "项目 36 · 企业 12", "36 projects · 12 enterprises": the kinds with most members first; of what is named after its only kind, how many. */
export function countsOf(graph: Graph, mark: GroupMark, language: Language, most: number): string {
  const [[kind, count] = ["", 0], ...others] = mark.counts;
  if (most && !others.length && kind === mark.group.kind) return language === "zh" ? `${count} 个` : `${count}`;
  return [...mark.counts]
    .sort((one, another) => another[1] - one[1])
    .slice(0, most)
    .map(([kind, count]) =>
      language === "zh" ? `${graph.term(kind, language)} ${count}` : `${count} ${graph.plural(kind, language, count)}`,
    )
    .join(" · ");
}

/** Boxes and circles by the squares of the screen that they touch. */
class Squares<T> {
  readonly #columns: number;
  readonly #rows: number;
  readonly #held: T[][];

  constructor({ width, height }: Size) {
    this.#columns = Math.ceil(width / CELL) + 2;
    this.#rows = Math.ceil(height / CELL) + 2;
    this.#held = Array.from({ length: this.#columns * this.#rows });
  }

  /** Whether a test holds for one of those that may touch a box. */
  some(box: Box, test: (held: T) => boolean): boolean {
    return this.#each(box, (square) => this.#held[square]?.some(test) ?? false);
  }

  add(box: Box, thing: T): void {
    this.#each(box, (square) => {
      this.#held[square] ??= [];
      this.#held[square].push(thing);
      return false;
    });
  }

  #each({ left, top, right, bottom }: Box, visit: (square: number) => boolean): boolean {
    const within = (place: number, end: number) => Math.max(0, Math.min(end - 1, Math.floor(place / CELL) + 1));
    const [first, last] = [within(left, this.#columns), within(right, this.#columns)];
    const low = within(bottom, this.#rows);
    for (let row = within(top, this.#rows); row <= low; row += 1)
      for (let column = first; column <= last; column += 1) if (visit(row * this.#columns + column)) return true;
    return false;
  }
}

const touch = (one: Box, another: Box) =>
  one.left < another.right && another.left < one.right && one.top < another.bottom && another.top < one.bottom;

interface Sign extends Box {
  mark: Mark;
  x: number;
  y: number;
  radius: number;
}
const covers = (box: Box, { x, y, radius }: Sign): boolean => {
  const dx = x - Math.max(box.left, Math.min(x, box.right));
  const dy = y - Math.max(box.top, Math.min(y, box.bottom));
  return dx * dx + dy * dy < radius * radius;
};

/** Whether a closed group is that of a thing which the reader has brought. */
const holds = ({ group }: Mark, of: Label["of"]): boolean => !!group && "node" in of && of.node?.group === group.index;

const orders = new WeakMap<Scene, Mark[]>();

/** Marks from the most important to the least. */
export function byRank(scene: Scene): Mark[] {
  let order = orders.get(scene);
  if (!order) {
    order = [...scene.marks].sort((one, another) => another.rank - one.rank);
    orders.set(scene, order);
  }
  return order;
}

export function placeLabels(
  scene: Scene,
  camera: Camera,
  size: Size,
  look: Look,
  measure: Measure,
  { hovered, moving }: Attention = {},
): Label[] {
  const labels: Label[] = [];
  const taken = new Squares<Box>(size);
  const signs = new Squares<Sign>(size);
  const seen: Sign[] = [];
  const inView = (box: Box) => box.right > 0 && box.bottom > 0 && box.left < size.width && box.top < size.height;
  const isWhole = (box: Box) => box.left > 0 && box.top > 0 && box.right < size.width && box.bottom < size.height;

  const near = new Set<Mark>();
  for (const line of scene.lines) if (line.lit) near.add(line.from).add(line.to);
  for (const mark of byRank(scene)) {
    const sign = signOf(mark, camera);
    if (!inView(sign)) continue;
    if (mark.group || (!mark.faint && sign.radius >= SPECK)) signs.add(sign, sign);
    if (mark === hovered || mark.chosen) seen.unshift(sign);
    else if (
      mark.group ||
      (mark.faint ? scene.marks.length <= FEW : mark.central || near.has(mark) || sign.radius >= SPECK)
    )
      seen.push(sign);
  }

  /** Keep a label if its place is free; the strong ones may cover signs. */
  const put = (label: Label | null, strong = false): boolean => {
    if (!label || !inView(label.box)) return false;
    const { box, of } = label;
    if (taken.some(box, (other) => touch(box, other))) return false;
    if (!strong && signs.some(box, (sign) => sign.mark !== of && !holds(sign.mark, of) && covers(box, sign)))
      return false;
    taken.add(box, box);
    labels.push(label);
    return true;
  };
  /** Keep the first that has a place. What stands beside its usual place must be seen whole. */
  const putFirst = (candidates: Iterable<Label>, strong = false): boolean => {
    let usual = true;
    for (const label of candidates) {
      if ((usual || isWhole(label.box)) && put(label, strong)) return true;
      usual = false;
    }
    return false;
  };

  const named = new Set<unknown>();
  const most = moving ? MOST_MOVING : MOST;
  let tries = 0;
  for (const sign of seen) {
    if (labels.length >= most || tries >= TRIES) break;
    const { mark } = sign;
    const strong = mark === hovered || mark.chosen;
    const done = mark.group
      ? put(groupInside(mark, sign, look, measure, 1), true) ||
        put(groupInside(mark, sign, look, measure, SPILL / 1.3), true) ||
        putFirst(groupOutside(mark, sign, look, measure).filter(({ box }) => isWhole(box))) ||
        put(groupInside(mark, sign, look, measure, SPILL), true) ||
        put(groupInside(mark, sign, look, measure, SPILL, true), true)
      : putFirst(nodeLabels(mark, sign, measure), strong || (mark.central && !mark.faint));
    if (done) named.add(mark.node ?? mark.group);
    else tries += 1;
  }
  if (moving) return labels;
  for (const group of scene.discs) if (!named.has(group.centre)) put(discLabel(group, camera, look, measure));
  for (const line of namedLines(scene, camera)) put(lineLabel(line, camera, look, measure));
  return labels;
}

function signOf(mark: Mark, camera: Camera): Sign {
  const [x, y, radius] = [screenX(camera, mark.x), screenY(camera, mark.y), radiusOf(mark, camera)];
  return { mark, x, y, radius, left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

type Text = Pick<Row, "text" | "size" | "bold" | "quiet">;

function block(of: Label["of"], x: number, top: number, texts: Text[], measure: Measure): Label {
  let [y, wide] = [top, 0];
  const rows = texts.map((text) => {
    const row = { ...text, y: y + text.size * (LEADING / 2 + 0.36) };
    y += text.size * LEADING;
    wide = Math.max(wide, measure(text.text, text.size, text.bold));
    return row;
  });
  return { of, x, rows, box: { left: x - wide / 2 - GAP, top, right: x + wide / 2 + GAP, bottom: y + 1 } };
}

/** The name of a node below its sign, in narrower lines, and beside it. */
function* nodeLabels(mark: NodeMark, { x, y, radius }: Sign, measure: Measure): Generator<Label> {
  const bold = mark.central || mark.chosen;
  const textsOf = (lines: string[]) => lines.map((text) => ({ text, size: bold ? 14 : 13, bold, quiet: mark.faint }));
  const lines = wrapped(mark.node.label);
  yield block(mark, x, y + radius + 2, textsOf(lines), measure);
  const narrow = wrapped(mark.node.label, 5.5);
  if (narrow.length > lines.length && !narrow.at(-1)!.endsWith("…"))
    yield block(mark, x, y + radius + 2, textsOf(narrow), measure);
  const { left, right, top, bottom } = block(mark, 0, 0, textsOf(lines), measure).box;
  for (const side of [1, -1])
    yield block(mark, x + side * (radius + (right - left) / 2), y - (bottom - top) / 2, textsOf(lines), measure);
}

/** The name and counts of a closed group in the middle of its disc, as large as there is room; null if there is none. */
function groupInside(
  mark: GroupMark,
  sign: Sign,
  look: Look,
  measure: Measure,
  spill: number,
  shortened = false,
): Label | null {
  const name = groupName(look.graph, mark.group, look.language);
  const reach = (sign.radius * 0.93 - 2) * spill;
  // English words stay whole.
  const longest = shortened ? 0 : Math.max(...(name.match(/[!-~]+/g) ?? [""]).map(length)) / 1.5;
  for (const [size, most] of INSIDE) {
    // Large letters are for large discs.
    if ((size > 15 && size > sign.radius * 0.2) || (spill > 1 && most)) continue;
    const texts: Text[] = countsRow(mark, look, most, Math.max(11, size - 3));
    for (const limit of [8.5, 6, 4.5, 3.2, 2.2]) {
      if (limit < longest) continue;
      const lines = wrapped(name, limit);
      if (lines.at(-1)!.endsWith("…") !== shortened) continue;
      const all = [...lines.map((text): Text => ({ text, size, bold: true, quiet: mark.faint })), ...texts];
      const height = all.reduce((sum, text) => sum + text.size * LEADING, 0);
      if (roomy(all, height, reach, measure)) return block(mark, sign.x, sign.y - height / 2, all, measure);
    }
  }
  return null;
}

const countsRow = (mark: GroupMark, look: Look, most: number, size: number): Text[] => {
  const text = countsOf(look.graph, mark, look.language, most);
  return text ? [{ text, size, bold: false, quiet: true }] : [];
};

/** Whether centred rows stay within a circle. */
function roomy(texts: Text[], height: number, reach: number, measure: Measure): boolean {
  let top = -height / 2;
  return texts.every(({ text, size, bold }) => {
    const bottom = top + size * LEADING;
    const far = Math.max(-top, bottom);
    top = bottom;
    return far < reach && measure(text, size, bold) / 2 <= Math.sqrt(reach * reach - far * far);
  });
}

/** The name of a small group beside its disc, where there may be room. */
function groupOutside(mark: GroupMark, { x, y, radius }: Sign, look: Look, measure: Measure): Label[] {
  const texts: Text[] = wrapped(groupName(look.graph, mark.group, look.language)).map((text) => ({
    text,
    size: 12,
    bold: true,
    quiet: mark.faint,
  }));
  if (radius > 14) texts.push(...countsRow(mark, look, 1, 11));
  const { left, right, top, bottom } = block(mark, 0, 0, texts, measure).box;
  const [wide, high, gap] = [(right - left) / 2, bottom - top, 3];
  return [
    [x, y + radius + gap],
    [x, y - radius - gap - high],
    [x + radius + wide, y - high / 2],
    [x - radius - wide, y - high / 2],
  ].map(([middle, top]) => block(mark, middle!, top!, texts, measure));
}

function discLabel(group: Group, camera: Camera, look: Look, measure: Measure): Label | null {
  const name = groupName(look.graph, group, look.language);
  const [radius, x] = [(group.radius + RIM) * camera.scale, screenX(camera, group.x)];
  if (!name || radius < 24) return null;
  const texts = wrapped(name, 9).map((text) => ({ text, size: 12, bold: true, quiet: true }));
  const top = screenY(camera, group.y) - radius - (texts.length - 0.5) * 12 * LEADING;
  return block(group, x, top, texts, measure);
}

/** Lines that say what they are: the lit ones, all when there are few. */
function namedLines(scene: Scene, camera: Camera): Line[] {
  if (camera.scale < 0.6) return [];
  const lit = scene.lines.filter((line) => line.lit);
  const lines = lit.length ? lit : scene.lines.length <= 60 ? scene.lines : [];
  return lines.length <= (lit.length ? 40 : 60) ? lines.filter(({ edges }) => edges.length === 1) : [];
}

function lineLabel(line: Line, camera: Camera, look: Look, measure: Measure): Label | null {
  const curve = curveOf(line, camera);
  const text = look.graph.term(line.edges[0]!.predicate, look.language);
  if (!curve || !text) return null;
  const [x, y] = pointOf(curve, 0.5);
  const size = 11;
  if (reachOf(curve) < measure(text, size, false) + 20) return null;
  return block(line, x, y - (size * LEADING) / 2, [{ text, size, bold: false, quiet: true }], measure);
}

const reachOf = ({ x1, y1, x2, y2, via }: Curve) => (via ? Number.POSITIVE_INFINITY : Math.hypot(x2 - x1, y2 - y1));
