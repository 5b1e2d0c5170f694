/** The picture as a sheet to print or to put into a report: title, picture, legend and source, as text and shapes. */
import type { Graph } from "../data.ts";
import { type Curve, curveOf, fitted, RIM, radiusOf, type Size, screenX, screenY } from "../picture/geometry.ts";
import { type Label, placeLabels } from "../picture/labels.ts";
import { edgeColour, FONT, isBehind, litAlpha, litWider, styleOf, usualAlpha } from "../picture/paint.ts";
import type { Camera, Colours, Look } from "../picture/surface.ts";
import { length } from "../picture/wrap.ts";
import { type GroupMark, type Line, type NodeMark, type Scene, sceneOf, selectionOf } from "../scene.ts";
import { PLAIN, SHAPES } from "../shared/sign.tsx";
import type { State } from "../state.ts";
import type { Language } from "../words.ts";

const WORDS = {
  zh: {
    focus: (name: string, steps: number) => `${name}及其周围 ${steps} 步`,
    path: (from: string, to: string) => `${from}到${to}的路径`,
    source: (plans: string, nodes: number, edges: number) =>
      `${plans ? `来源：${plans}；` : ""}宏图（Hongtu）整理，${nodes} 个对象，${edges} 条关系`,
    plan: (title: string) => `《${title}》`,
    more: (plans: number) => `等 ${plans} 份规划`,
  },
  en: {
    focus: (name: string, steps: number) => `${steps} step${steps > 1 ? "s" : ""} around ${name}`,
    path: (from: string, to: string) => `paths from ${from} to ${to}`,
    source: (plans: string, nodes: number, edges: number) =>
      `${plans ? `Source: ${plans}; ` : ""}made with Hongtu; ${nodes} things, ${edges} relations`,
    plan: (title: string) => `“${title}”`,
    more: (plans: number) => `and others, ${plans} plans`,
  },
};

/** The light colours of page.css: a sheet is paper, however dark the reader's screen is. */
export const PRINT: Colours = {
  paper: "#ffffff",
  ground: "#f5f7f9",
  ink: "#1c2430",
  quiet: "#56606d",
  line: "#dfe3e8",
  edge: "#8b95a3",
  accent: "#b03a2e",
};
const MARGIN = 40;
const TOP = 76;
const ROW = 26;
/** Of a plan's titles, so many are named. */
const MOST_PLANS = 3;

export interface Sheet extends Size {
  svg: string;
}

/** What the picture is of. */
export function subjectOf({ focus, path }: State, language: Language): string {
  const words = WORDS[language];
  if (focus) return words.focus(focus.node.label, focus.steps);
  return path ? words.path(path.from.label, path.to.label) : "";
}

/** The same state gives the same characters. */
export function sheetOf(graph: Graph, state: State, language: Language): Sheet {
  const scene = sceneOf(graph, state);
  const look: Look = { graph, language, colours: PRINT };
  // More names need more room; an outline of a few groups is to be read from afar.
  const width = Math.round(Math.max(960, Math.min(3200, 130 * Math.sqrt(scene.marks.length))));
  const size = { width: width - 2 * MARGIN, height: Math.round((width - 2 * MARGIN) * shapeOf(scene)) };
  const legend = legendOf(scene, look, size.width);
  const height = TOP + size.height + legend.height + 64;
  const heading = [graph.title, subjectOf(state, language)].filter(Boolean).join(" · ");
  const font = Math.min(24, size.width / length(heading) / 1.06);
  const source = sourceOf(graph, state, language);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(FONT)}">`,
    `<title>${escaped(heading)}</title>`,
    `<rect width="${width}" height="${height}" fill="${PRINT.paper}"/>`,
    text(heading, MARGIN, 50, `font-size="${round(font)}" font-weight="600" fill="${PRINT.ink}"`),
    `<g transform="translate(${MARGIN} ${TOP})">`,
    ...picture(scene, fitted(scene.marks, scene.discs, size), size, look),
    "</g>",
    `<g transform="translate(${MARGIN} ${TOP + size.height + 20})" font-size="14" fill="${PRINT.ink}">`,
    ...legend.parts,
    "</g>",
    text(source, MARGIN, height - 22, `font-size="12" fill="${PRINT.quiet}"`),
    "</svg>\n",
  ].join("\n");
  return { svg, width, height };
}

/** Height by width of what is drawn, within what a page can hold. */
function shapeOf({ marks, discs }: Scene): number {
  const all = [...marks, ...discs];
  const reach = (of: "x" | "y") =>
    Math.max(...all.map((one) => one[of] + one.radius)) - Math.min(...all.map((one) => one[of] - one.radius));
  return all.length ? Math.max(0.4, Math.min(1.3, (reach("y") + 80) / (reach("x") + 120))) : 0.4;
}

function sourceOf(graph: Graph, state: State, language: Language): string {
  const words = WORDS[language];
  const { nodes, edges } = selectionOf(graph, state);
  const cited = [...new Set([...edges, ...nodes].flatMap((one) => one.passages))];
  const plans = [...new Set(cited.map((place) => graph.passages[place]!.plan))];
  const named = plans
    .slice(0, MOST_PLANS)
    .map(words.plan)
    .join(language === "zh" ? "" : ", ");
  const rest = plans.length > MOST_PLANS ? ` ${words.more(plans.length)}` : "";
  return words.source(named + rest, nodes.size, edges.length);
}

/** The kinds that are drawn or counted in groups, in rows. */
function legendOf(scene: Scene, { graph, language }: Look, width: number): { parts: string[]; height: number } {
  const counts = new Map<string, number>();
  for (const mark of scene.marks)
    for (const [kind, count] of mark.group ? mark.counts : [[mark.node.kind, 1] as const])
      counts.set(kind, (counts.get(kind) ?? 0) + count);
  let [x, y] = [0, 0];
  const parts = graph.kinds
    .filter((kind) => kind && counts.has(kind))
    .map((kind) => {
      const name = `${graph.term(kind, language)} ${counts.get(kind)}`;
      const room = 14 * length(name) + 48;
      if (x && x + room > width) [x, y] = [0, y + ROW];
      const { color, shape } = graph.styles[kind] ?? PLAIN;
      const part = sign(shape, color, x + 8, y + 8, 6) + text(name, x + 24, y + 13);
      x += room;
      return part;
    });
  return { parts, height: parts.length ? y + ROW : 0 };
}

function picture(scene: Scene, camera: Camera, size: Size, look: Look): string[] {
  const measure = (name: string, font: number, bold: boolean) => font * length(name) * (bold ? 1.06 : 1);
  const labels = placeLabels(scene, camera, size, look, measure);
  return [
    ...lines(scene, camera, isBehind),
    ...scene.discs.map((disc) =>
      circle(
        screenX(camera, disc.x),
        screenY(camera, disc.y),
        (disc.radius + RIM) * camera.scale,
        `fill="${PRINT.ground}" stroke="${PRINT.line}"`,
      ),
    ),
    ...lines(scene, camera, (line) => !isBehind(line)),
    ...scene.marks.map((mark) => (mark.group ? group(mark, camera, look) : node(mark, camera, look))),
    // Not every program draws an outline below its own letters.
    ...labels.flatMap((label) => rows(label, `stroke="${PRINT.paper}" stroke-width="3.5" stroke-linejoin="round"`)),
    ...labels.flatMap((label) => rows(label, "")),
  ];
}

function lines({ lines }: Scene, camera: Camera, wanted: (line: Line) => boolean): string[] {
  const usual = usualAlpha(lines.length);
  const shining = lines.filter((line) => line.lit).length;
  const order = (line: Line) => (line.lit ? 2 : line.faint ? 0 : 1);
  return lines
    .filter(wanted)
    .sort((one, other) => order(one) - order(other))
    .flatMap((line) => {
      const curve = curveOf(line, camera);
      if (!curve) return [];
      const plain = line.lit ? (shining === 1 ? PRINT.accent : PRINT.quiet) : PRINT.edge;
      const colour = escaped(edgeColour(line.edges[0]!) ?? plain);
      const width = line.width + (line.lit ? litWider(shining) : 0);
      const opacity = round(line.lit ? litAlpha(shining) : line.faint ? 0.1 : usual, 2);
      const path = `<path d="${traced(curve)}" fill="none" stroke="${colour}" stroke-width="${round(width)}" opacity="${opacity}"/>`;
      const hasHead = line.edges.length === 1 && (line.lit || (!line.faint && camera.scale >= 0.7));
      return [
        path + (hasHead ? `<path d="${head(curve, 5 + 1.5 * width)}" fill="${colour}" opacity="${opacity}"/>` : ""),
      ];
    });
}

const traced = ({ x1, y1, x2, y2, via }: Curve) =>
  `M${point(x1, y1)}${via ? `C${point(via[0], via[1])} ${point(via[2], via[3])} ` : "L"}${point(x2, y2)}`;

function head({ x1, y1, x2, y2, via }: Curve, reach: number): string {
  const angle = via ? Math.atan2(y2 - via[3], x2 - via[2]) : Math.atan2(y2 - y1, x2 - x1);
  const side = (turn: number) => point(x2 - reach * Math.cos(angle + turn), y2 - reach * Math.sin(angle + turn));
  return `M${point(x2, y2)}L${side(-0.38)}L${side(0.38)}z`;
}

function node(mark: NodeMark, camera: Camera, { graph, language }: Look): string {
  const [x, y, radius] = [screenX(camera, mark.x), screenY(camera, mark.y), radiusOf(mark, camera)];
  const { color, shape } = styleOf(graph, mark.node);
  const name = `${graph.term(mark.node.kind, language)} ${mark.node.label}`.trim();
  const ring = mark.chosen
    ? circle(x, y, radius * 1.2 + 4, `fill="none" stroke="${PRINT.accent}" stroke-width="2.5"`)
    : "";
  return `<g${mark.faint ? ' opacity="0.15"' : ""}><title>${escaped(name)}</title>${sign(shape, color, x, y, radius)}${ring}</g>`;
}

function sign(shape: string, colour: string, x: number, y: number, radius: number): string {
  const zoom = radius / 6;
  const place = `translate(${point(x - 8 * zoom, y - 8 * zoom)}) scale(${round(zoom, 3)})`;
  return `<path d="${SHAPES[shape] ?? SHAPES.dot}" fill="${escaped(colour)}" transform="${place}"/>`;
}

function group(mark: GroupMark, camera: Camera, { graph }: Look): string {
  const [x, y, radius] = [screenX(camera, mark.x), screenY(camera, mark.y), radiusOf(mark, camera)];
  const band = Math.max(2, Math.min(6, radius * 0.07));
  const all = mark.counts.reduce((sum, [, count]) => sum + count, 0);
  let part = 0;
  const arcs = mark.counts.map(([kind, count]) => {
    const look = `fill="none" stroke="${escaped((graph.styles[kind] ?? PLAIN).color)}" stroke-width="${round(band)}"`;
    if (count === all) return circle(x, y, radius - band / 2, look);
    const on = (turn: number) => {
      const angle = 2 * Math.PI * (turn - 0.25);
      return point(x + (radius - band / 2) * Math.cos(angle), y + (radius - band / 2) * Math.sin(angle));
    };
    const [start, reach] = [part, round(radius - band / 2)];
    part += count / all;
    return `<path d="M${on(start)}A${reach} ${reach} 0 ${part - start > 0.5 ? 1 : 0} 1 ${on(part)}" ${look}/>`;
  });
  const ring = mark.chosen ? circle(x, y, radius + 3, `fill="none" stroke="${PRINT.accent}" stroke-width="3"`) : "";
  return `<g${mark.faint ? ' opacity="0.3"' : ""}>${circle(x, y, radius, `fill="${PRINT.paper}"`)}${arcs.join("")}</g>${ring}`;
}

const rows = ({ x, rows }: Label, halo: string): string[] =>
  rows.map((row) =>
    text(
      row.text,
      x,
      row.y,
      `text-anchor="middle" font-size="${row.size}"${row.bold ? ' font-weight="600"' : ""} ${halo || `fill="${row.quiet ? PRINT.quiet : PRINT.ink}"`}`,
    ),
  );

const text = (words: string, x: number, y: number, look = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" ${look}>${escaped(words)}</text>`;
const circle = (x: number, y: number, radius: number, look: string): string =>
  `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" ${look}/>`;
const point = (x: number, y: number): string => `${round(x)} ${round(y)}`;
const round = (number: number, digits = 1): number => Number(number.toFixed(digits));

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as XML holds it; characters that it cannot hold are left out. */
const escaped = (words: string): string =>
  words
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"]/g, (letter) => ENTITIES[letter]!);
