/** What vis-network is told of marks and lines. */
import type { VisAttributes } from "../data.ts";
import type { Line, Mark } from "../scene.ts";
import { styleOf } from "./paint.ts";
import type { Look } from "./surface.ts";

export type Item = VisAttributes & { id: string };

/** Shapes that hold their name. */
const WITH_NAME = new Set(["box", "circle", "database", "ellipse", "text"]);
/** What vis-network would show as it likes, or what would move the picture. */
const OURS = ["title", "physics", "x", "y", "id", "from", "to"];

/** How lines are bent; not by forces, as pyvis has it by itself: these rest. */
export const still = (smooth: unknown): false | undefined => {
  const { type = "dynamic" } = Object(smooth);
  return type === "dynamic" ? false : (smooth as undefined);
};

/** Whether a user has changed how a node looks. */
export const isOwn = (mark: Mark): boolean => !!mark.node && Object.keys(without(mark.node.vis, OURS)).length > 0;
export const hasOwnName = ({ node }: Mark): boolean => WITH_NAME.has(node?.vis.shape as string);

export function nodeItem(mark: Mark, look: Look): Item {
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

export function edgeItem({ key, from, to, edges, bend }: Line, { colours }: Look): Item {
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

const without = (attributes: VisAttributes, names: string[]): VisAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
