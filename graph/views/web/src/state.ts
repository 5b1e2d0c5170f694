/** What the page shows: one value that is never changed, a trail of the earlier ones, and its form in the address. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Edge, Graph, Group, Node } from "./data.ts";
import { edgeShown } from "./walks.ts";
import type { Language } from "./words.ts";

export const VIEWS = ["picture", "table", "matrix", "tree", "targets", "places"] as const;
export type View = (typeof VIEWS)[number];

/** What the panel tells of. `seenFrom` is the node from whose list an edge was opened. */
export type Chosen = { node: Node } | { edge: Edge; seenFrom?: Node } | { group: Group } | { between: [Group, Group] };

/** One relation of one node: as it is listed in the panel, and expanded or collapsed in the picture. */
export interface Relation {
  node: Node;
  predicate: string;
  /** Whether the node is the edge's subject. */
  outward: boolean;
}

export interface State {
  view: View;
  chosen: Chosen | null;
  /** Groups whose members are drawn. */
  open: ReadonlySet<Group>;
  /** The picture is of what lies around a node. */
  focus: { node: Node; steps: number } | null;
  /** The picture is of the ways between two nodes, `slack` steps longer than the shortest at most. */
  path: { from: Node; to: Node; slack: number } | null;
  expanded: readonly Relation[];
  collapsed: readonly Relation[];
  hiddenKinds: ReadonlySet<string>;
  hiddenRelations: ReadonlySet<string>;
}

/** Up to so many nodes the picture begins with all of them, not with groups. */
const FEW = 150;

export function initialState(graph: Graph): State {
  const drawn = graph.nodes.filter((node) => !node.hidden).length;
  return {
    view: "picture",
    chosen: null,
    open: new Set(drawn <= FEW || graph.groups.length < 2 ? graph.groups : []),
    focus: null,
    path: null,
    expanded: [],
    collapsed: [],
    hiddenKinds: new Set(),
    hiddenRelations: new Set(),
  };
}

/** What a page shows when it is opened. */
export const openingState = (graph: Graph): State => ({
  ...initialState(graph),
  ...(graph.around && focusOn(graph.around.node, graph.around.steps)),
});

export interface Explorer {
  graph: Graph;
  state: State;
  language: Language;
  theme: "light" | "dark";
  /** Show something else; Back returns. */
  go(change: Partial<State>): void;
  /** Say to those who do not see the page what has happened. */
  announce(text: string): void;
  /** Open a document at a passage. */
  read(passage: number): void;
}
export const ExplorerContext = createContext<Explorer>(null as unknown as Explorer);
export const useExplorer = (): Explorer => useContext(ExplorerContext);

const sameRelation = (one: Relation, other: Relation): boolean =>
  one.node === other.node && one.predicate === other.predicate && one.outward === other.outward;

export const isAmong = (relations: readonly Relation[], relation: Relation): boolean =>
  relations.some((one) => sameRelation(one, relation));

export const without = (relations: readonly Relation[], relation: Relation): Relation[] =>
  relations.filter((one) => !sameRelation(one, relation));

/** The change that brings what lies around a node into the picture. */
export const focusOn = (node: Node, steps = 1): Partial<State> => ({
  view: "picture",
  focus: { node, steps },
  path: null,
  chosen: { node },
  expanded: [],
  collapsed: [],
});

/** The change that shows all groups again. */
export const overview = (graph: Graph): Partial<State> => ({
  view: "picture",
  focus: null,
  path: null,
  chosen: null,
  open: initialState(graph).open,
  expanded: [],
  collapsed: [],
});

/** The relations of a node and their edges, as lists of the panel have them: those with most edges first. */
export function relationsOf(graph: Graph, state: State, node: Node): [Relation, Edge[]][] {
  const found = new Map<string, [Relation, Edge[]]>();
  for (const edge of graph.edgesOf(node)) {
    if (!edgeShown(state, edge)) continue;
    const outward = edge.from === node;
    const key = `${outward}${edge.predicate}`;
    const entry = found.get(key) ?? [{ node, predicate: edge.predicate, outward }, []];
    entry[1].push(edge);
    found.set(key, entry);
  }
  return [...found.values()].sort((one, other) => other[1].length - one[1].length);
}
