/** Walks over the graph: what lies around a node, and the ways between two. */
import { type Edge, type Graph, type Node, other } from "./data.ts";
import type { State } from "./state.ts";

type Hidden = Pick<State, "hiddenKinds" | "hiddenRelations">;

export const nodeShown = (hidden: Hidden, node: Node): boolean => !hidden.hiddenKinds.has(node.kind);

export const edgeShown = (hidden: Hidden, edge: Edge): boolean =>
  !hidden.hiddenRelations.has(edge.predicate) && nodeShown(hidden, edge.from) && nodeShown(hidden, edge.to);

/** How many edges away from a node each other is, up to a number of steps, along what is shown. */
export function distances(
  graph: Graph,
  hidden: Hidden,
  start: Node,
  steps = Number.POSITIVE_INFINITY,
): Map<Node, number> {
  const found = new Map([[start, 0]]);
  let rim = [start];
  for (let step = 1; step <= steps && rim.length; step += 1) {
    const next: Node[] = [];
    for (const node of rim)
      for (const edge of graph.edgesOf(node)) {
        const neighbour = other(edge, node);
        if (found.has(neighbour) || !edgeShown(hidden, edge)) continue;
        found.set(neighbour, step);
        next.push(neighbour);
      }
    rim = next;
  }
  return found;
}

export interface Ways {
  /** How many edges the shortest way has, -1 where there is none. */
  steps: number;
  /** Nodes of these ways, by the fewest edges from the start. */
  layers: Node[][];
  edges: Edge[];
}

/** The ways between two nodes that are at most `slack` edges longer than the shortest one. */
export function ways(graph: Graph, hidden: Hidden, from: Node, to: Node, slack: number): Ways {
  const there = distances(graph, hidden, from);
  const steps = there.get(to) ?? -1;
  if (steps < 0) return { steps, layers: [], edges: [] };
  const back = distances(graph, hidden, to, steps + slack);
  const on = (one: Node, another: Node) =>
    there.get(one)! + 1 + (back.get(another) ?? Number.POSITIVE_INFINITY) <= steps + slack;
  const edges = [...there.keys()]
    .flatMap((node) => graph.edgesOf(node).filter((edge) => edge.from === node && edgeShown(hidden, edge)))
    .filter((edge) => edge.from !== edge.to && (on(edge.from, edge.to) || on(edge.to, edge.from)));
  const layers: Node[][] = [];
  for (const node of new Set([from, to, ...edges.flatMap((edge) => [edge.from, edge.to])])) {
    const layer = there.get(node)!;
    layers[layer] ??= [];
    layers[layer].push(node);
  }
  return { steps, layers, edges: [...new Set(edges)] };
}
