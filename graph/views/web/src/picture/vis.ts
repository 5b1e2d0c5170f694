/** vis-network as a surface: it moves and draws what pyvis users have changed; all else looks as in paint.ts. */
import { DataSet } from "vis-data/esnext";
import { Network, type Options } from "vis-network/esnext";
import type { VisAttributes } from "../data.ts";
import type { Line, Mark, Scene } from "../scene.ts";
import { lineAt, markAt } from "./canvas.ts";
import { fitted, type Size } from "./geometry.ts";
import { countsOf, groupName } from "./labels.ts";
import {
  edgeColour,
  isBehind,
  litAlpha,
  litWider,
  paintGround,
  paintGroups,
  paintLabels,
  paintSigns,
  styleOf,
  usualAlpha,
} from "./paint.ts";
import type { Camera, Handlers, Look, Surface } from "./surface.ts";

type Item = VisAttributes & { id: string };
type Context = CanvasRenderingContext2D;

/** While a picture of more lines is moved, they are not drawn. */
const MANY_LINES = 1000;
/** From this scale on arrows can be told. */
const ARROWS = 0.7;
/** Pixels: what still counts as on a mark or on a line. */
const NEAR = 6;
const FORCES = {
  solver: "barnesHut",
  barnesHut: {
    gravitationalConstant: -2500,
    centralGravity: 0.1,
    springLength: 170,
    springConstant: 0.02,
    damping: 0.3,
  },
};
/** Shapes that hold their name. */
const WITH_NAME = new Set(["box", "circle", "database", "ellipse", "text"]);
/** What vis-network would show as it likes, or what would move the picture. */
const OURS = ["title", "physics", "x", "y", "id", "from", "to"];

export function visSurface(host: HTMLElement, handlers: Handlers, options: VisAttributes): Surface {
  const nodes = new DataSet<Item>();
  const edges = new DataSet<Item>();
  const { physics, ...own } = without(options, ["configure", "manipulation", "clickToUse"]);
  const network = new Network(host, { nodes, edges } as never, {
    ...(own as Options),
    edges: { ...(own.edges as object), smooth: still((own.edges as VisAttributes | undefined)?.smooth) },
    interaction: { ...(own.interaction as object), hover: false, selectConnectedEdges: false, multiselect: false },
    physics: false,
  });
  const tip = host.appendChild(document.createElement("p"));
  tip.className = "tip";
  tip.hidden = true;

  let scene: Scene = { marks: [], lines: [], discs: [], frame: "" };
  /** Marks that this page draws, not vis-network, and those that a name stands beside. */
  let plain = scene;
  let named = scene;
  let look!: Look;
  let marks = new Map<string, Mark>();
  let hovered: Mark | null = null;
  let placed = new Map<string, { x: number; y: number }>();
  /** What vis-network was told of each node and edge. */
  const told = new Map<string, string>();
  /** vis-network draws at each part of what it is told. */
  let telling = true;
  let shaking = false;
  let hidesEdges = false;
  /** Whether the reader has chosen what to look at. */
  let ownView = false;
  let drawn = false;

  const size = (): Size => ({ width: host.clientWidth, height: host.clientHeight });
  const camera = (): Camera => {
    const { width, height } = size();
    const [scale, middle] = [network.getScale(), network.getViewPosition()];
    return { scale, x: width / 2 - middle.x * scale, y: height / 2 - middle.y * scale };
  };
  const lookFrom = ({ scale, x, y }: Camera, flies = false) => {
    const { width, height } = size();
    network.moveTo({
      scale,
      position: { x: (width / 2 - x) / scale, y: (height / 2 - y) / scale },
      animation: flies && { duration: 260, easingFunction: "easeInOutQuad" },
    });
  };

  network.on("beforeDrawing", (ctx: Context) => {
    if (telling) return;
    for (const [key, { x, y }] of Object.entries(network.getPositions())) Object.assign(marks.get(key) ?? {}, { x, y });
    styleLines();
    onScreen(ctx, () => paintGround(ctx, scene, camera(), size(), look));
  });
  network.on("afterDrawing", (ctx: Context) => {
    if (telling) return;
    const [view, extent] = [camera(), size()];
    onScreen(ctx, () => {
      paintGroups(ctx, scene, view, extent, look, hovered);
      paintSigns(ctx, plain, view, extent, look, { hovered });
      paintLabels(ctx, named, view, extent, look, { hovered });
    });
    if (!drawn) performance.mark("drawn");
    drawn = true;
  });

  /** How lines look now: set at each frame, for to tell vis-network of thousands takes longer; and with the picture,
   * its lines and arrows would grow. */
  const styleLines = () => {
    const { scale } = camera();
    const held = (network as unknown as { body: { edges: Record<string, { options: EdgeOptions }> } }).body.edges;
    const hasArrows = scale >= ARROWS && scene.lines.length < 1500;
    const usual = usualAlpha(scene.lines.length);
    const shining = scene.lines.filter(({ lit }) => lit).length;
    const { accent, quiet, edge: plain } = look.colours;
    for (const line of scene.lines) {
      const { key, edges, width, lit, faint } = line;
      const [edge] = edges;
      const { options } = held[key]!;
      const pixels = width + (lit ? litWider(shining) : 0);
      options.color.color = edgeColour(edge!) ?? (lit ? (shining === 1 ? accent : quiet) : plain);
      // Those behind discs are drawn with the ground.
      options.color.opacity = isBehind(line) ? 0 : lit ? litAlpha(shining) : faint ? 0.1 : usual;
      if (!("width" in edge!.vis)) options.width = pixels / scale;
      if ("arrows" in edge!.vis) continue;
      options.arrows.to.enabled = edges.length === 1 && (lit || (hasArrows && !faint)) && !isBehind(line);
      options.arrows.to.scaleFactor = Math.max(1, 5 - 1.5 * pixels) / 15 / scale;
    }
  };

  const at = ({ x, y }: { x: number; y: number }): Mark | Line | null => {
    const view = camera();
    return markAt(scene, view, { x, y }, NEAR) ?? lineAt(scene, view, { x, y }, NEAR);
  };
  network.on("click", ({ pointer }) => handlers.click(at(pointer.DOM)));
  network.on("doubleClick", ({ pointer }) => {
    const hit = at(pointer.DOM);
    if (hit && !("edges" in hit)) handlers.doubleClick(hit);
  });
  network.on("dragStart", ({ nodes }) => {
    ownView ||= !nodes.length;
    tip.hidden = true;
  });
  network.on("dragEnd", ({ nodes }) => keepPlaces(nodes));
  network.on("zoom", () => {
    ownView = true;
    tip.hidden = true;
  });
  network.on("resize", () => {
    if (!ownView && scene.marks.length) lookFrom(fitted(scene.marks, scene.discs, size()));
  });
  const keepPlaces = (keys?: string[]) => {
    for (const [key, place] of Object.entries(keys ? network.getPositions(keys) : network.getPositions()))
      placed.set(key, place);
  };
  const update = (data: DataSet<Item>, items: Item[]) => {
    data.update(
      items.filter((item) => {
        const written = JSON.stringify(item);
        const isNew = told.get(item.id) !== written;
        told.set(item.id, written);
        return isNew;
      }),
    );
  };
  const forget = (data: DataSet<Item>, items: Item[]) => {
    const kept = new Set(items.map(({ id }) => id));
    for (const id of data.remove(data.getIds().filter((id) => !kept.has(String(id))))) told.delete(String(id));
  };

  const onMove = (event: PointerEvent) => {
    if (event.buttons || event.pointerType !== "mouse") return;
    const { left, top, width } = host.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const hit = at({ x, y });
    const text = hit && tipOf(hit, look);
    host.style.cursor = hit ? "pointer" : "";
    tip.hidden = !text;
    tip.textContent = text;
    Object.assign(tip.style, { left: `${Math.min(x + 14, width - 260)}px`, top: `${y + 16}px` });
    const mark = hit && !("edges" in hit) ? hit : null;
    if (mark === hovered) return;
    hovered = mark;
    network.redraw();
  };
  const onLeave = () => {
    hovered = null;
    tip.hidden = true;
    network.redraw();
  };
  host.addEventListener("pointermove", onMove);
  host.addEventListener("pointerleave", onLeave);

  return {
    draw(next, nextLook) {
      if (next.frame !== scene.frame) placed = new Map();
      else if (shaking) keepPlaces();
      [scene, look] = [next, nextLook];
      marks = new Map(scene.marks.map((mark) => [mark.key, mark]));
      hovered = marks.get(hovered?.key ?? "") ?? null;
      for (const mark of scene.marks) Object.assign(mark, placed.get(mark.key));
      plain = { ...scene, marks: scene.marks.filter((mark) => !isOwn(mark)) };
      named = { ...scene, marks: scene.marks.filter((mark) => !hasOwnName(mark)) };
      const lines = scene.lines.map((line) => edgeItem(line, look));
      telling = true;
      tip.hidden = true;
      // An edge stands between nodes that there are.
      update(
        nodes,
        scene.marks.map((mark) => nodeItem(mark, look)),
      );
      forget(edges, lines);
      update(edges, lines);
      forget(
        nodes,
        scene.marks.map(({ key }) => ({ id: key })),
      );
      if (hidesEdges !== scene.lines.length > MANY_LINES) {
        hidesEdges = !hidesEdges;
        network.setOptions({ interaction: { hideEdgesOnDrag: hidesEdges, hideEdgesOnZoom: hidesEdges } });
      }
      telling = false;
      network.redraw();
    },
    fit(keys) {
      ownView = !!keys;
      const wanted = keys ? scene.marks.filter(({ key }) => keys.has(key)) : scene.marks;
      const flies = drawn && !matchMedia("(prefers-reduced-motion: reduce)").matches;
      lookFrom(fitted(wanted, keys ? [] : scene.discs, size()), flies);
    },
    zoom(factor) {
      ownView = true;
      network.moveTo({ scale: Math.max(0.01, Math.min(8, network.getScale() * factor)) });
    },
    pan(dx, dy) {
      ownView = true;
      const view = camera();
      lookFrom({ ...view, x: view.x + dx, y: view.y + dy });
    },
    camera,
    shake(on) {
      shaking = on;
      if (on)
        network.setOptions({ physics: { ...FORCES, ...(physics as object), enabled: true, stabilization: false } });
      else {
        network.setOptions({ physics: { enabled: false } });
        keepPlaces();
      }
      return true;
    },
    destroy() {
      host.removeEventListener("pointermove", onMove);
      host.removeEventListener("pointerleave", onLeave);
      tip.remove();
      network.destroy();
    },
  };
}

interface EdgeOptions {
  width: number;
  color: { color: string; opacity: number };
  arrows: { to: { enabled: boolean; scaleFactor: number } };
}

/** How lines are bent; not by forces, as pyvis has it by itself: these rest. */
const still = (smooth: unknown): false | undefined => {
  const { type = "dynamic" } = Object(smooth);
  return type === "dynamic" ? false : (smooth as undefined);
};

/** Whether a user has changed how a node looks. */
const isOwn = (mark: Mark): boolean => !!mark.node && Object.keys(without(mark.node.vis, OURS)).length > 0;
const hasOwnName = ({ node }: Mark): boolean => WITH_NAME.has(node?.vis.shape as string);

function nodeItem(mark: Mark, look: Look): Item {
  const { key, node, x, y, radius, faint } = mark;
  // Seen by the pointer and by forces only.
  const item: Item = {
    id: key,
    x,
    y,
    size: radius,
    shape: "dot",
    color: "rgba(0,0,0,0)",
    borderWidth: 0,
    chosen: false,
  };
  if (!node) return { ...item, physics: false };
  if (!isOwn(mark)) return item;
  const { color, shape } = styleOf(look.graph, node);
  const label = hasOwnName(mark) ? node.label : undefined;
  const font = node.vis.color ? {} : { font: { color: "#ffffff" } };
  return { ...item, shape, color, opacity: faint ? 0.15 : 1, label, ...font, ...without(node.vis, OURS) };
}

function edgeItem({ key, from, to, edges, bend }: Line, { colours }: Look): Item {
  const own = edges.length === 1 ? without(edges[0]!.vis, [...OURS, "color"]) : {};
  if ("smooth" in own) own.smooth = still(own.smooth);
  const side = bend % 2 === Number(from.key < to.key) ? "curvedCW" : "curvedCCW";
  return {
    id: key,
    from: from.key,
    to: to.key,
    color: { inherit: false },
    arrows: { to: { enabled: false } },
    chosen: false,
    ...(bend && { smooth: { enabled: true, type: side, roundness: 0.22 * Math.ceil(bend / 2) } }),
    ...("label" in own && { font: { color: colours.ink, strokeColor: colours.paper } }),
    ...own,
  };
}

const WORDS = {
  zh: {
    open: "双击打开",
    around: "双击看周围",
  },
  en: {
    open: "double-click to open",
    around: "double-click to look around it",
  },
};

function tipOf(hit: Mark | Line, { graph, language }: Look): string {
  const words = WORDS[language];
  if ("edges" in hit) {
    const { from, to, predicate, vis } = hit.edges[0]!;
    if (hit.edges.length > 1) return `${nameOf(hit.from)} – ${nameOf(hit.to)}: ${hit.edges.length}`;
    return String(vis.title ?? `${from.label} ${graph.term(predicate, language)} ${to.label}`);
  }
  if (hit.group)
    return [groupName(graph, hit.group, language), countsOf(graph, hit, language, 9), words.open].join("\n");
  const { kind, label, vis } = hit.node;
  return String(vis.title ?? `${graph.term(kind, language)} ${label}${hit.plus ? `\n${words.around}` : ""}`.trim());

  function nameOf(mark: Mark): string {
    return mark.node ? mark.node.label : groupName(graph, mark.group, language);
  }
}

/** Draws in CSS pixels of the screen, not in those of the picture. */
function onScreen(ctx: Context, draw: () => void): void {
  const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw();
  ctx.restore();
}

const without = (attributes: VisAttributes, names: string[]): VisAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
