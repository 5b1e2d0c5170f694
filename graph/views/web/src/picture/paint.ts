/** The picture on a canvas. The context draws in CSS pixels: whoever calls sets its resolution before. */
import type { Edge, Graph, Node, Style } from "../data.ts";
import type { GroupMark, Line, Mark, NodeMark, Scene } from "../scene.ts";
import { PLAIN, SHAPES } from "../shared/sign.tsx";
import { type Curve, curveOf, RIM, radiusOf, type Size, screenX, screenY } from "./geometry.ts";
import { type Attention, byRank, type Label, type Measure, placeLabels } from "./labels.ts";
import type { Camera, Look } from "./surface.ts";

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export const FONT = 'system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';
const TURN = 2 * Math.PI;
/** The radius of the dot in a sign's square of 16. */
const UNIT = 6;
/** While the reader moves a large picture, about so many lines are drawn. */
const MOVING_LINES = 3000;
/** From so many lines on, what can be left out is. */
const MANY = 2500;
/** Browsers draw many short paths faster than one long one. */
const CHUNK = 400;

const paths = new Map<string, Path2D>();
function pathOf(shape: string): Path2D {
  let path = paths.get(shape);
  if (!path) {
    path = new Path2D(SHAPES[shape] ?? SHAPES.dot);
    paths.set(shape, path);
  }
  return path;
}

const coloured = (value: unknown, part: string): string | undefined =>
  typeof value === "string" ? value : ((value as Record<string, unknown> | undefined)?.[part] as string | undefined);

/** The colour and shape of a node: its own, else those of its kind. */
export function styleOf(graph: Graph, { kind, vis }: Node): Style {
  const style = graph.styles[kind] ?? PLAIN;
  const shape = vis.shape as string;
  return { color: coloured(vis.color, "background") ?? style.color, shape: shape in SHAPES ? shape : style.shape };
}

/** The colour that a user gave an edge. */
export const edgeColour = ({ vis }: Edge): string | undefined => coloured(vis.color, "color");

/** Many lines on each other are dark enough. */
export const usualAlpha = (lines: number): number => Math.max(0.14, Math.min(0.65, 12 / Math.sqrt(lines)));
export const litAlpha = (lines: number): number => Math.max(0.35, Math.min(0.95, 4.5 / Math.sqrt(lines)));
/** Pixels by which lines that are lit are wider. */
export const litWider = (lines: number): number => (lines <= 12 ? 0.8 : lines <= 40 ? 0.4 : 0);

/** Whether a line passes behind the discs of open groups: it has nothing to say there. */
export const isBehind = ({ from, to, lit }: Line): boolean => !!from.group && !!to.group && !lit;

const widths = new Map<number, Map<string, number>>();

/** Measures texts as this context draws them. */
export const measureWith =
  (ctx: Context): Measure =>
  (text, size, bold) => {
    const font = bold ? -size : size;
    let known = widths.get(font);
    if (!known) {
      known = new Map();
      widths.set(font, known);
    }
    let width = known.get(text);
    if (width === undefined) {
      ctx.font = fontOf(size, bold);
      width = ctx.measureText(text).width;
      known.set(text, width);
    }
    return width;
  };

const fontOf = (size: number, bold: boolean) => `${bold ? "600 " : ""}${size}px ${FONT}`;

/** Draws all of it; the names that found a place are returned. */
export function paint(
  ctx: Context,
  scene: Scene,
  camera: Camera,
  size: Size,
  look: Look,
  attention: Attention = {},
): Label[] {
  paintGround(ctx, scene, camera, size, look);
  const lines = linesShown(scene, camera, size).filter((line) => !isBehind(line));
  paintLines(ctx, lines, camera, size, look, !!attention.moving);
  paintGroups(ctx, scene, camera, size, look, attention.hovered);
  paintSigns(ctx, scene, camera, size, look, attention);
  return paintLabels(ctx, scene, camera, size, look, attention);
}

const inView = (mark: Mark, camera: Camera, { width, height }: Size): boolean => {
  const [x, y, room] = [screenX(camera, mark.x), screenY(camera, mark.y), radiusOf(mark, camera) + 8];
  return x > -room && y > -room && x < width + room && y < height + room;
};

/** What lies behind all: the ground, the lines between closed groups, and the discs of open ones. */
export function paintGround(ctx: Context, scene: Scene, camera: Camera, size: Size, look: Look): void {
  const { ground, paper, line } = look.colours;
  ctx.globalAlpha = 1;
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, size.width, size.height);
  paintLines(ctx, scene.lines.filter(isBehind), camera, size, look, false);
  ctx.beginPath();
  for (const disc of scene.discs) {
    const [x, y, radius] = [screenX(camera, disc.x), screenY(camera, disc.y), (disc.radius + RIM) * camera.scale];
    ctx.moveTo(x + radius, y);
    ctx.arc(x, y, radius, 0, TURN);
  }
  ctx.fillStyle = paper;
  ctx.fill();
  ctx.strokeStyle = line;
  ctx.lineWidth = 1;
  ctx.stroke();
}

/** Closed groups, and the lines to things that the reader has brought out of them. */
export function paintGroups(
  ctx: Context,
  scene: Scene,
  camera: Camera,
  size: Size,
  look: Look,
  hovered?: Mark | null,
): void {
  const closed = new Set<number>();
  for (const mark of scene.marks)
    if (mark.group) {
      closed.add(mark.group.index);
      if (inView(mark, camera, size)) paintGroup(ctx, mark, camera, look, mark === hovered);
    }
  const isOut = ({ node }: Mark) => !!node && closed.has(node.group);
  const lines = closed.size ? scene.lines.filter(({ lit, from, to }) => lit && (isOut(from) || isOut(to))) : [];
  paintLines(ctx, lines, camera, size, look, false);
}

/** A disc whose rim tells what kinds are in it. */
function paintGroup(ctx: Context, mark: GroupMark, camera: Camera, look: Look, hovered: boolean): void {
  const { paper, accent, quiet } = look.colours;
  const [x, y, radius] = [screenX(camera, mark.x), screenY(camera, mark.y), radiusOf(mark, camera)];
  const band = Math.max(2, Math.min(6, radius * 0.07));
  ctx.globalAlpha = 1;
  ctx.fillStyle = paper;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, TURN);
  ctx.fill();
  ctx.globalAlpha = mark.faint ? 0.3 : 0.9;
  ctx.lineWidth = band;
  const all = mark.counts.reduce((sum, [, count]) => sum + count, 0);
  let angle = -TURN / 4;
  for (const [kind, count] of mark.counts) {
    const end = angle + (TURN * count) / all;
    ctx.strokeStyle = (look.graph.styles[kind] ?? PLAIN).color;
    ctx.beginPath();
    ctx.arc(x, y, radius - band / 2, angle, end);
    ctx.stroke();
    angle = end;
  }
  ctx.globalAlpha = 1;
  if (!mark.chosen && !hovered) return;
  ctx.strokeStyle = mark.chosen ? accent : quiet;
  ctx.lineWidth = mark.chosen ? 3 : 1.5;
  ctx.beginPath();
  ctx.arc(x, y, radius + 3, 0, TURN);
  ctx.stroke();
}

/** Lines that are drawn alike. */
interface Stroke {
  /** Their own, "" for the usual one. */
  colour: string;
  width: number;
  /** Whether they are of one edge each, which has a direction. */
  heads: boolean;
  curves: Curve[];
}

/** Of many lines, those that only pass by are left out: they would hide what there is to see. */
export function linesShown({ lines }: Scene, camera: Camera, size: Size): Line[] {
  return lines.length > MANY ? lines.filter((line) => line.lit || !passes(line, camera, size)) : lines;
}

const passes = ({ from, to }: Line, camera: Camera, size: Size): boolean =>
  !inView(from, camera, size) && !inView(to, camera, size);

function paintLines(
  ctx: Context,
  lines: readonly Line[],
  camera: Camera,
  size: Size,
  look: Look,
  moving: boolean,
): void {
  const step = moving ? Math.ceil(lines.length / MOVING_LINES) : 1;
  const lit = lines.reduce((sum, line) => sum + (line.lit ? 1 : 0), 0);
  const [usual, passing, faint, clear]: Map<number | string, Stroke>[] = [new Map(), new Map(), new Map(), new Map()];
  let drawn = 0;
  for (const [place, line] of lines.entries()) {
    if (place % step && !line.lit) continue;
    const curve = curveOf(line, camera);
    if (!curve || !crosses(curve, size)) continue;
    drawn += 1;
    const strokes = line.lit ? clear! : line.faint ? faint! : passes(line, camera, size) ? passing! : usual!;
    const own = edgeColour(line.edges[0]!);
    const heads = line.edges.length === 1;
    const width = Math.round(line.width * 4) / 4;
    const key = own ? `${own} ${width} ${heads}` : heads ? width : -width;
    let stroke = strokes.get(key);
    if (!stroke) {
      stroke = { colour: own ?? "", width, heads, curves: [] };
      strokes.set(key, stroke);
    }
    stroke.curves.push(curve);
  }
  const { edge, quiet, accent } = look.colours;
  const crowd = drawn * step;
  const arrows = camera.scale >= 0.7 && drawn < MANY / 2;
  // A canvas without a graphics card draws lines of one of its pixels many times faster than wider ones.
  const widest = crowd > MANY ? 1 / ctx.getTransform().a : Number.POSITIVE_INFINITY;
  paintStrokes(ctx, faint!, { colour: edge, alpha: 0.1, widest, arrows: false });
  paintStrokes(ctx, passing!, { colour: edge, alpha: 0.12, widest, arrows: false });
  paintStrokes(ctx, usual!, { colour: edge, alpha: usualAlpha(crowd), widest, arrows });
  const colour = lit === 1 ? accent : quiet;
  paintStrokes(ctx, clear!, { colour, alpha: litAlpha(lit), wider: litWider(lit), arrows: true });
  ctx.globalAlpha = 1;
}

interface Pen {
  colour: string;
  alpha: number;
  arrows: boolean;
  widest?: number;
  wider?: number;
}

function paintStrokes(ctx: Context, strokes: Map<unknown, Stroke>, pen: Pen): void {
  const { alpha, arrows, widest = Number.POSITIVE_INFINITY, wider = 0 } = pen;
  for (const { colour, width, heads, curves } of strokes.values()) {
    ctx.globalAlpha = heads ? alpha : alpha * 0.75;
    ctx.strokeStyle = colour || pen.colour;
    ctx.fillStyle = colour || pen.colour;
    ctx.lineWidth = Math.min(widest, width + wider);
    for (let first = 0; first < curves.length; first += CHUNK) {
      ctx.beginPath();
      for (const curve of curves.slice(first, first + CHUNK)) trace(ctx, curve);
      ctx.stroke();
    }
    if (!heads || !arrows) continue;
    ctx.beginPath();
    for (const curve of curves) traceHead(ctx, curve, 5 + 1.5 * (width + wider));
    ctx.fill();
  }
}

const crosses = ({ x1, y1, x2, y2 }: Curve, { width, height }: Size): boolean =>
  !((x1 < 0 && x2 < 0) || (y1 < 0 && y2 < 0) || (x1 > width && x2 > width) || (y1 > height && y2 > height));

function trace(ctx: Context, { x1, y1, x2, y2, via }: Curve): void {
  ctx.moveTo(x1, y1);
  if (via) ctx.bezierCurveTo(...via, x2, y2);
  else ctx.lineTo(x2, y2);
}

function traceHead(ctx: Context, { x1, y1, x2, y2, via }: Curve, length: number): void {
  const [fromX, fromY] = via ? [via[2], via[3]] : [x1, y1];
  const angle = Math.atan2(y2 - fromY, x2 - fromX);
  ctx.moveTo(x2, y2);
  for (const turn of [-0.38, 0.38])
    ctx.lineTo(x2 - length * Math.cos(angle + turn), y2 - length * Math.sin(angle + turn));
  ctx.closePath();
}

export function paintSigns(
  ctx: Context,
  scene: Scene,
  camera: Camera,
  size: Size,
  look: Look,
  { hovered }: Attention,
): void {
  const { colours, graph } = look;
  const order = byRank(scene);
  const base = ctx.getTransform();
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const mark = order[place]!;
    if (!mark.node || !inView(mark, camera, size)) continue;
    const [x, y, radius] = [screenX(camera, mark.x), screenY(camera, mark.y), radiusOf(mark, camera)];
    const { color, shape } = styleOf(graph, mark.node);
    ctx.globalAlpha = mark.faint ? 0.2 : 1;
    ctx.fillStyle = color;
    if (radius < (order.length > MANY ? 2.5 : 1.2)) ctx.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    else {
      const zoom = radius / UNIT;
      const [left, top] = [x - 8 * zoom, y - 8 * zoom];
      ctx.setTransform(base.a * zoom, 0, 0, base.d * zoom, base.e + base.a * left, base.f + base.d * top);
      ctx.fill(pathOf(shape));
      ctx.setTransform(base);
    }
    if (!mark.chosen && mark !== hovered) continue;
    ctx.globalAlpha = 1;
    ctx.strokeStyle = mark.chosen ? colours.accent : colours.quiet;
    ctx.lineWidth = mark.chosen ? 2.5 : 1.5;
    ctx.beginPath();
    ctx.arc(x, y, radius * 1.2 + 4, 0, TURN);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** What lies above all: names, and a plus on what the reader looks at, if it has more neighbours than are drawn. */
export function paintLabels(
  ctx: Context,
  scene: Scene,
  camera: Camera,
  size: Size,
  look: Look,
  attention: Attention = {},
): Label[] {
  for (const mark of scene.marks)
    if (mark.node && mark.plus && (mark.chosen || mark === attention.hovered)) paintPlus(ctx, mark, camera, look);
  const labels = placeLabels(scene, camera, size, look, measureWith(ctx), attention);
  for (const label of labels) paintLabel(ctx, label, look);
  return labels;
}

function paintPlus(ctx: Context, mark: NodeMark, camera: Camera, { colours }: Look): void {
  const radius = radiusOf(mark, camera);
  const arm = 4;
  // On the ring around what is chosen.
  const away = (radius * 1.2 + 4) * 0.75;
  const [x, y] = [screenX(camera, mark.x) + away, screenY(camera, mark.y) - away];
  ctx.beginPath();
  ctx.arc(x, y, arm + 2.5, 0, TURN);
  ctx.fillStyle = colours.paper;
  ctx.fill();
  ctx.beginPath();
  ctx.moveTo(x - arm, y);
  ctx.lineTo(x + arm, y);
  ctx.moveTo(x, y - arm);
  ctx.lineTo(x, y + arm);
  ctx.strokeStyle = colours.quiet;
  ctx.lineWidth = 1.4;
  ctx.stroke();
}

function paintLabel(ctx: Context, { x, rows }: Label, { colours }: Look): void {
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = colours.paper;
  for (const { text, size, bold, quiet, y } of rows) {
    ctx.font = fontOf(size, bold);
    ctx.strokeText(text, x, y);
    ctx.fillStyle = quiet ? colours.quiet : colours.ink;
    ctx.fillText(text, x, y);
  }
}
