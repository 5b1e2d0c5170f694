/** What the picture draws of a state: marks for nodes and closed groups, lines for edges, discs behind open groups.
 * Places are pixels at scale 1, y downwards. Surfaces (picture/) draw it, exports write it. */
import { columns, fan, type Place } from "./arrange.ts";
import { type Edge, type Graph, type Group, type Node, other } from "./data.ts";
import type { Chosen, Relation, State } from "./state.ts";
import { distances, edgeShown, nodeShown, ways } from "./walks.ts";

interface MarkBase {
  key: string;
  x: number;
  y: number;
  radius: number;
  /** Names of a higher rank find a place first. */
  rank: number;
  faint: boolean;
  chosen: boolean;
}
export interface NodeMark extends MarkBase {
  node: Node;
  group: null;
  /** Neighbours of it are not drawn and can be brought. */
  plus: boolean;
  /** It is in the middle of a group or of the picture: its name is bold. */
  central: boolean;
}
export interface GroupMark extends MarkBase {
  node: null;
  group: Group;
  /** How many of its members are shown, by kind, in the order of the legend. */
  counts: [kind: string, count: number][];
}
export type Mark = NodeMark | GroupMark;

export interface Line {
  key: string;
  from: Mark;
  to: Mark;
  /** One edge, or all between two marks of which one is a closed group. */
  edges: Edge[];
  /** Of pixels on the screen. */
  width: number;
  bend: number;
  lit: boolean;
  faint: boolean;
}
export interface Scene {
  marks: Mark[];
  lines: Line[];
  /** Open groups, as discs behind their members. */
  discs: Group[];
  /** Names that change when other things are drawn: surfaces then show the whole picture. */
  frame: string;
}

/** Where few things are seen from near, none need be larger. */
const LARGEST = 22;
/** Pixels of the strongest bundle of lines. */
const WIDEST = 7;
/** A closed group leaves room around its disc for the lines to others. */
const CLOSED = 0.8;
/** Of lines between groups, at most so many are drawn: the strongest. */
const MOST_BUNDLES = 150;

/** The nodes that a state draws one by one, and where. */
export interface Contents {
  places: Map<Node, Place>;
  /** Groups that are drawn as one mark. */
  closed: Group[];
  discs: Group[];
  /** Whether an edge between two of these nodes belongs to what is shown. */
  has(edge: Edge): boolean;
}

export const contents = (graph: Graph, state: State): Contents =>
  state.path ? between(graph, state, state.path) : state.focus ? around(graph, state, state.focus) : map(graph, state);

/** All things at the places that Python gave them; those of closed groups are not drawn one by one. */
function map(graph: Graph, state: State): Contents {
  const isOpen = (node: Node) => !graph.groups[node.group] || state.open.has(graph.groups[node.group]!);
  const nodes = graph.nodes.filter((node) => drawn(state, node) && isOpen(node));
  return {
    places: new Map([...withRelations(graph, state, nodes)].map((node) => [node, node])),
    closed: graph.groups.filter((group) => !state.open.has(group) && group.members.some((node) => drawn(state, node))),
    discs: graph.groups.length > 1 ? graph.groups.filter((group) => state.open.has(group)) : [],
    has: (edge) => edgeShown(state, edge),
  };
}

function around(graph: Graph, state: State, { node, steps }: NonNullable<State["focus"]>): Contents {
  const layers: Node[][] = [];
  for (const [found, step] of distances(graph, state, node, steps)) {
    layers[step] ??= [];
    layers[step].push(found);
  }
  const { kept, ties } = cutOut(graph, state, layers);
  return { places: fan(kept, ties), closed: [], discs: [], has: (edge) => edgeShown(state, edge) };
}

function between(graph: Graph, state: State, { from, to, slack }: NonNullable<State["path"]>): Contents {
  const { layers, edges } = ways(graph, state, from, to, slack);
  const { kept, ties } = cutOut(graph, state, layers);
  const [on, along] = [new Set(layers.flat()), new Set(edges)];
  const has = (edge: Edge) => edgeShown(state, edge) && (along.has(edge) || !(on.has(edge.from) && on.has(edge.to)));
  return { places: columns(kept, ties), closed: [], discs: [], has };
}

/** Layers without what was sent away, and what was brought as the last one. */
function cutOut(graph: Graph, state: State, layers: Node[][]): { kept: Node[][]; ties(node: Node): Node[] } {
  const core = new Set(layers.flat());
  const present = withRelations(graph, state, core);
  const kept = layers.map((layer) => layer.filter((node) => present.has(node)));
  const brought = [...present].filter((node) => !core.has(node));
  const ties = (node: Node) =>
    graph.edgesOf(node).flatMap((edge) => (edgeShown(state, edge) ? [other(edge, node)] : []));
  return { kept: [...kept, brought], ties };
}

/** What is left of nodes when the reader's relations are expanded and collapsed. */
function withRelations(graph: Graph, state: State, nodes: Iterable<Node>): Set<Node> {
  const present = new Set(nodes);
  const ends = ({ node, predicate, outward }: Relation) =>
    graph
      .edgesOf(node)
      .filter(
        (edge) => edge.predicate === predicate && (outward ? edge.from : edge.to) === node && edgeShown(state, edge),
      )
      .map((edge) => other(edge, node));
  for (const relation of state.expanded)
    if (present.has(relation.node)) for (const node of ends(relation)) present.add(node);
  for (const relation of state.collapsed)
    for (const leaf of ends(relation)) {
      // What hangs on something else too stays.
      const held = graph.edgesOf(leaf).some((edge) => {
        const tie = other(edge, leaf);
        return tie !== relation.node && tie !== leaf && edgeShown(state, edge) && present.has(tie);
      });
      if (!held && leaf !== state.focus?.node) present.delete(leaf);
    }
  return present;
}

const drawn = (state: State, node: Node) => !node.hidden && nodeShown(state, node);

export function sceneOf(graph: Graph, state: State): Scene {
  const { places, closed, discs, has } = contents(graph, state);
  const lit = litEdges(graph, state);
  const near = new Set<Node>([...lit].flatMap((edge) => [edge.from, edge.to]));
  if (state.chosen && "node" in state.chosen) near.add(state.chosen.node);
  const marks = new Map<Node | Group, Mark>();
  // Not where what lies around the chosen one is all that is there, or a whole disc.
  const dims = !!state.chosen && !isChosen(state.chosen, state.focus?.node ?? null) && !choosesOpen(state);
  const clear = (node: Node) => !dims || near.has(node);
  const centres = new Set(graph.groups.map((group) => group.centre));
  const shut = new Set(closed);
  const isThere = (node: Node) => places.has(node) || (!node.hidden && shut.has(graph.groups[node.group]!));
  const isCut = !!(state.focus ?? state.path);
  for (const [node, { x, y }] of places) {
    const central = node === state.focus?.node || centres.has(node);
    marks.set(node, {
      key: `n${node.index}`,
      node,
      group: null,
      x,
      y,
      radius: isCut ? Math.min(node.size, LARGEST) : node.size,
      rank: node.size + (central ? 100 : 0) + (state.chosen && near.has(node) ? 1000 : 0),
      faint: !clear(node),
      chosen: isChosen(state.chosen, node),
      plus: graph.edgesOf(node).some((edge) => edgeShown(state, edge) && !isThere(other(edge, node))),
      central,
    });
  }
  for (const group of closed) {
    const members = group.members.filter((node) => drawn(state, node));
    marks.set(group, {
      key: `g${group.index}`,
      node: null,
      group,
      x: group.x,
      y: group.y,
      radius: group.radius * CLOSED,
      rank: 2000 + members.length,
      faint: !!state.chosen && !isChosen(state.chosen, group) && !members.some((node) => near.has(node)),
      chosen: isChosen(state.chosen, group),
      counts: graph.kinds
        .map((kind): [string, number] => [kind, members.filter((node) => node.kind === kind).length])
        .filter(([, count]) => count),
    });
  }
  return {
    marks: [...marks.values()],
    lines: linesOf(graph, marks, { lit, has, dims }),
    discs,
    frame: JSON.stringify([
      state.focus?.node.index,
      state.focus?.steps,
      state.path && [state.path.from.index, state.path.to.index, state.path.slack],
    ]),
  };
}

function linesOf(
  graph: Graph,
  marks: Map<Node | Group, Mark>,
  { lit, has, dims }: { lit: ReadonlySet<Edge>; has(edge: Edge): boolean; dims: boolean },
): Line[] {
  const markOf = (node: Node) => marks.get(node) ?? (node.hidden ? undefined : marks.get(graph.groups[node.group]!));
  const single: Line[] = [];
  const bundles = new Map<string, Line>();
  for (const edge of graph.edges) {
    if (!has(edge)) continue;
    const [from, to] = [markOf(edge.from), markOf(edge.to)];
    if (!from || !to) continue;
    const isLit = lit.has(edge);
    if (from.node && to.node) {
      const width = 1 + Math.min(5, Math.log2(1 + (edge.about.weight ?? 0)));
      single.push({
        key: `e${edge.index}`,
        from,
        to,
        edges: [edge],
        width,
        bend: edge.bend,
        lit: isLit,
        faint: dims && !isLit,
      });
    } else if (from !== to) {
      const key = from.key < to.key ? `${from.key} ${to.key}` : `${to.key} ${from.key}`;
      const line = bundles.get(key);
      if (line) {
        line.edges.push(edge);
        line.lit ||= isLit;
        line.faint &&= !isLit;
      } else
        bundles.set(key, {
          key,
          from,
          to,
          edges: [edge],
          width: 1,
          bend: 0,
          lit: isLit,
          faint: dims && !isLit,
        });
    }
  }
  const bundled = [...bundles.values()].sort((one, another) => another.edges.length - one.edges.length);
  const most = Math.max(WIDEST ** 2, bundled[0]?.edges.length ?? 0);
  for (const line of bundled) line.width = Math.max(1, WIDEST * Math.sqrt(line.edges.length / most));
  return [...bundled.filter((line, place) => line.lit || place < MOST_BUNDLES), ...single];
}

const choosesOpen = ({ chosen, open }: State) => !!chosen && "group" in chosen && open.has(chosen.group);

function litEdges(graph: Graph, state: State): Set<Edge> {
  const { chosen } = state;
  if (!chosen || choosesOpen(state)) return new Set();
  if ("node" in chosen) return new Set(graph.edgesOf(chosen.node));
  if ("edge" in chosen) return new Set([chosen.edge]);
  if ("group" in chosen) return new Set(chosen.group.members.flatMap((node) => graph.edgesOf(node)));
  return new Set(edgesBetween(graph, ...chosen.between));
}

/** Edges between the members of two groups. */
export const edgesBetween = (graph: Graph, one: Group, another: Group): Edge[] =>
  one.members.flatMap((node) => graph.edgesOf(node).filter((edge) => other(edge, node).group === another.index));

const isChosen = (chosen: Chosen | null, what: Node | Group | null): boolean =>
  !!chosen && (("node" in chosen && chosen.node === what) || ("group" in chosen && chosen.group === what));

/** What a click on a mark or line chooses. */
export function chosenBy(hit: Mark | Line | null): Chosen | null {
  if (!hit) return null;
  if ("edges" in hit) {
    if (hit.edges.length === 1) return { edge: hit.edges[0]! };
    if (hit.from.group && hit.to.group) return { between: [hit.from.group, hit.to.group] };
    return hit.from.node ? { node: hit.from.node } : hit.to.node ? { node: hit.to.node } : null;
  }
  return hit.node ? { node: hit.node } : { group: hit.group };
}

/** What a state is about, drawn or in closed groups: the same for the table, the matrix, the tree and exports. */
export interface Selection {
  nodes: ReadonlySet<Node>;
  edges: Edge[];
}

export function selectionOf(graph: Graph, state: State): Selection {
  const { places, closed, has } = contents(graph, state);
  const nodes = new Set(places.keys());
  for (const group of closed) for (const node of group.members) if (drawn(state, node)) nodes.add(node);
  const edges = graph.edges.filter((edge) => nodes.has(edge.from) && nodes.has(edge.to) && has(edge));
  return { nodes, edges };
}
