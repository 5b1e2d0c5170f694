/** Where the things of two kinds meet: the rules of graph/views/matrix.py, whose pages count the same. */
import { type Edge, type Graph, type Node, other } from "../data.ts";
import { compare } from "../words.ts";

/** Kinds of things over which two others meet; all that happens at a place or in an industry would not tell of any. */
const BETWEEN = new Set(["Project", "Enterprise", "Organization"]);
/** Edges over which nothing is said of the other end: a partner's industry, the place around. */
const NO_WAY = new Set(["partnersWith", "within"]);

/** What a cell counts: a thing that connects the two, or an edge of their own; `edges` say so. */
export interface Meeting {
  what: Node | Edge;
  edges: Edge[];
}
export interface Meetings {
  rows: Node[];
  columns: Node[];
  /** By the places of row and column, as `"row column"`. */
  cells: Map<string, Meeting[]>;
}

/** @param within only what is done within this place, null for everything. */
export function meetings(
  graph: Graph,
  edges: readonly Edge[],
  rowKind: string,
  columnKind: string,
  within: Node | null,
): Meetings {
  const around = placesAround(edges);
  const inside = within && thingsIn(graph, within);
  const cells: Cells = new Map();
  const own = new Set<Node>();
  for (const { row, column, what, way } of meet(edges, rowKind, columnKind)) {
    if (inside && !inside.has("from" in what ? what.from : what) && !("from" in what && inside.has(what.to))) continue;
    own.add(row).add(column);
    for (const [widerRow, rowWay] of [[row, []] as const, ...(around.get(row) ?? [])])
      for (const [widerColumn, columnWay] of [[column, []] as const, ...(around.get(column) ?? [])]) {
        if (widerRow === widerColumn) continue;
        const cell = entry(entry(cells, widerRow, newMap<Node, Cell>), widerColumn, newMap<Node | Edge, Edge[]>);
        // A project in two towns of a county is one project of the county.
        if (!cell.has(what)) cell.set(what, [...way, ...rowWay, ...columnWay]);
      }
  }
  const repeated = repeatedPlaces(cells, own, around);
  const found = [...cells].flatMap(([row, line]) =>
    [...line].flatMap(([column, cell]) => (repeated.has(row) || repeated.has(column) ? [] : [{ row, column, cell }])),
  );
  const rows = byTotal(found.map(({ row, cell }) => [row, cell]));
  const columns = byTotal(found.map(({ column, cell }) => [column, cell]));
  return {
    rows: [...rows.keys()],
    columns: [...columns.keys()],
    cells: new Map(
      found.map(({ row, column, cell }) => [
        `${rows.get(row)} ${columns.get(column)}`,
        [...cell].map(([what, why]) => ({ what, edges: why })),
      ]),
    ),
  };
}

/** Whether any two things of these kinds meet. */
export const meetAtAll = (edges: readonly Edge[], rowKind: string, columnKind: string): boolean =>
  !meet(edges, rowKind, columnKind).next().done;

/** Places in which something is, and those around them. */
export function placesOf(edges: readonly Edge[]): Node[] {
  const around = placesAround(edges);
  const places = new Set<Node>();
  for (const { predicate, to } of edges)
    if (predicate === "locatedIn") for (const place of [to, ...(around.get(to)?.keys() ?? [])]) places.add(place);
  return [...places].sort((one, another) => compare(one.label, another.label));
}

type Cell = Map<Node | Edge, Edge[]>;
type Cells = Map<Node, Map<Node, Cell>>;

const newMap = <K, V>() => new Map<K, V>();
const newList = (): Edge[] => [];

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function* meet(edges: readonly Edge[], rowKind: string, columnKind: string) {
  const ties = newMap<Node, Edge[]>();
  for (const edge of edges)
    if (edge.from !== edge.to) for (const node of [edge.from, edge.to]) entry(ties, node, newList).push(edge);
  /** What is next to a node, with the edges to it. */
  const near = (node: Node, isWanted: (kind: string) => boolean) => {
    const found = newMap<Node, Edge[]>();
    for (const edge of ties.get(node)!) {
      const end = other(edge, node);
      if (isWanted(end.kind)) entry(found, end, newList).push(edge);
    }
    return found;
  };
  const isColumn = (kind: string) => kind === columnKind;
  const columnsOf = newMap<Node, Map<Node, Edge[]>>();
  for (const row of ties.keys()) {
    if (row.kind !== rowKind) continue;
    for (const [middle, own] of near(row, (kind) => isColumn(kind) || BETWEEN.has(kind))) {
      if (isColumn(middle.kind))
        for (const edge of own) if (edge.predicate !== "within") yield { row, column: middle, what: edge, way: [edge] };
      const there = own.filter((edge) => !NO_WAY.has(edge.predicate));
      if (!BETWEEN.has(middle.kind) || !there.length) continue;
      for (const [column, more] of entry(columnsOf, middle, () => near(middle, isColumn))) {
        if (column === row) continue;
        const on = more.filter((edge) => !NO_WAY.has(edge.predicate));
        if (on.length) yield { row, column, what: middle, way: [...there, ...on] };
      }
    }
  }
}

/** For each place that lies within others, these, nearest first, and the edges that say so. */
function placesAround(edges: readonly Edge[]): Map<Node, Map<Node, Edge[]>> {
  const up = new Map<Node, Edge[]>();
  for (const edge of edges) if (edge.predicate === "within") entry(up, edge.from, newList).push(edge);
  const around = new Map<Node, Map<Node, Edge[]>>();
  for (const place of up.keys()) {
    const ways = new Map<Node, Edge[]>([[place, []]]);
    // A Map gives what is added while it is walked: step by step outwards.
    for (const [wide, way] of ways)
      for (const edge of up.get(wide) ?? []) if (!ways.has(edge.to)) ways.set(edge.to, [...way, edge]);
    ways.delete(place);
    around.set(place, ways);
  }
  return around;
}

/** A place, the places within it, and what is located in them. */
function thingsIn(graph: Graph, place: Node): Set<Node> {
  const places = new Set([place]);
  for (const wide of places)
    for (const edge of graph.edgesOf(wide)) if (edge.predicate === "within" && edge.to === wide) places.add(edge.from);
  const things = new Set(places);
  for (const at of places)
    for (const edge of graph.edgesOf(at)) if (edge.predicate === "locatedIn" && edge.to === at) things.add(edge.from);
  return things;
}

/** The places of which nothing is said but what is said of one place within them: they would repeat it. */
function repeatedPlaces(cells: Cells, own: Set<Node>, around: Map<Node, Map<Node, Edge[]>>): Set<Node> {
  const said = new Map<Node, Set<string>>();
  const places = new Set([...around].flatMap(([place, wide]) => [place, ...wide.keys()]));
  const note = (heading: Node, met: Node, what: Node | Edge) => {
    if (places.has(heading)) entry(said, heading, () => new Set<string>()).add(key(met, what));
  };
  const key = (met: Node, what: Node | Edge) => `${met.index} ${"from" in what ? "edge" : "node"} ${what.index}`;
  for (const [row, line] of cells)
    for (const [column, cell] of line)
      for (const what of cell.keys()) {
        note(row, column, what);
        note(column, row, what);
      }
  const repeated = new Set<Node>();
  for (const [place, wide] of around) {
    const here = said.get(place);
    if (!here) continue;
    for (const wider of wide.keys()) {
      const there = said.get(wider);
      if (!own.has(wider) && there?.size === here.size && [...here].every((one) => there.has(one))) repeated.add(wider);
    }
  }
  return repeated;
}

/** Headings by how many different things they count, then by name, each with its place in this order. */
function byTotal(found: [Node, Cell][]): Map<Node, number> {
  const counted = new Map<Node, Set<Node | Edge>>();
  for (const [heading, cell] of found)
    for (const what of cell.keys()) entry(counted, heading, () => new Set<Node | Edge>()).add(what);
  const order = [...counted].sort(
    ([one, some], [another, others]) => others.size - some.size || compare(one.label, another.label),
  );
  return new Map(order.map(([heading], place) => [heading, place]));
}
