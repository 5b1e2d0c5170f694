/** The places of a selection as areas in areas, each with what is there. */
import { type Edge, type Graph, type Node, other } from "../data.ts";
import type { Selection } from "../scene.ts";
import { compare } from "../words.ts";

export interface Area {
  node: Node;
  above: Area | null;
  /** Areas within this one. */
  parts: Area[];
  /** What is here or in a part, each thing once, with the edge that says so. */
  things: Map<Node, Edge>;
}

export const countOf = ({ things }: Area, kind: string): number =>
  [...things.keys()].filter((thing) => !kind || thing.kind === kind).length;

/** The outermost areas, in no order. */
export function areasOf({ nodes, edges }: Selection): Area[] {
  const areas = new Map<Node, Area>();
  for (const node of nodes)
    if (node.kind === "Location") areas.set(node, { node, above: null, parts: [], things: new Map() });
  const put = (part: Area | undefined, whole: Area | undefined) => {
    if (!part || !whole || part.above) return;
    // Data may say of two places that each lies in the other.
    for (let at: Area | null = whole; at; at = at.above) if (at === part) return;
    part.above = whole;
    whole.parts.push(part);
  };
  for (const { predicate, from, to } of edges) if (predicate === "within") put(areas.get(from), areas.get(to));
  const byCode = new Map([...areas.values()].map((area) => [wholeCode(area.node), area]));
  for (const [code, area] of byCode)
    for (const length of [...LEVELS].reverse())
      if (code && length < code.length) put(area, byCode.get(code.slice(0, length)));
  for (const edge of edges)
    if (edge.predicate === "locatedIn" && edge.from.kind !== "Location")
      for (let at = areas.get(edge.to) ?? null; at; at = at.above)
        if (at.node === edge.to || !at.things.has(edge.from)) at.things.set(edge.from, edge);
  return [...areas.values()].filter((area) => !area.above);
}

/** Digits of the codes of provinces, prefectures, counties, towns and villages (GB/T 2260, GB/T 10114). */
const LEVELS = [2, 4, 6, 9, 12];

/** A code without the zeros that say only that it is of a larger area: 141000 is 1410. */
function wholeCode({ about }: Node): string {
  const code = about.code ?? "";
  return code.slice(
    0,
    LEVELS.find((length) => /^0*$/.test(code.slice(length))),
  );
}

/** Areas with most of a kind first, of any kind for ""; then by name. */
export const sorted = (areas: Area[], kind: string): Area[] =>
  [...areas].sort(
    (one, another) => countOf(another, kind) - countOf(one, kind) || compare(one.node.label, another.node.label),
  );

/** What else is said of a thing at a place: who undertakes a project, and with whom a place works. */
export const tiesOf = (graph: Graph, { nodes }: Selection, node: Node, predicate: string): [Edge, Node][] =>
  graph
    .edgesOf(node)
    .filter((edge) => edge.predicate === predicate && (predicate === "partnersWith" || edge.to === node))
    .map((edge): [Edge, Node] => [edge, other(edge, node)])
    .filter(([, end]) => nodes.has(end));
