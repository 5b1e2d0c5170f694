/** The outline of a selection: strategies with their projects, these with who undertakes them and where; or the same
 * things by place or by industry. Branches are made when they are opened. */
import { type Edge, type Graph, type Node, other } from "../data.ts";
import type { Selection } from "../scene.ts";
import { compare, folded } from "../words.ts";

export const ROOTS = ["Strategy", "Location", "Industry"] as const;
export type Root = (typeof ROOTS)[number];

type Step = [predicate: string, outward: boolean];
const UNDERTAKEN: Step = ["undertakes", false];
const LOCATED: Step = ["locatedIn", true];

/** By which edges an outline goes on below a thing, by its kind. */
const STEPS: Record<Root, Record<string, Step[]>> = {
  Strategy: {
    Strategy: [
      ["implements", false],
      ["promotes", true],
    ],
    Measure: [["promotes", true]],
    Project: [UNDERTAKEN, LOCATED, ["inIndustry", true]],
    Enterprise: [LOCATED],
    Organization: [LOCATED],
    Industry: [LOCATED],
  },
  Location: {
    Location: [
      ["locatedIn", false],
      ["within", false],
    ],
    Project: [UNDERTAKEN, ["inIndustry", true], ["implements", true]],
    Enterprise: [["operatesIn", true]],
    Organization: [["operatesIn", true]],
  },
  Industry: {
    Industry: [["inIndustry", false], ["operatesIn", false], ["promotes", false], LOCATED],
    Project: [UNDERTAKEN, LOCATED],
    Enterprise: [LOCATED],
    Organization: [LOCATED],
  },
};

/** Headings beside kinds: things of the root's kind with nothing below them, and things below none of these. */
export const EMPTY = "·empty";
export const APART = "·apart";

/** With more branches, of several kinds, each kind has a heading. */
const FEW = 6;
/** So many branches at the top, at most, are open at first. */
const FEW_TOPS = 3;

/** A thing where the outline has it, or a heading. */
export interface Branch {
  /** Names its place in the outline: a thing may stand in several. */
  key: string;
  level: number;
  /** null for a heading. */
  node: Node | null;
  /** What a heading is over: a kind, EMPTY or APART. */
  heading: string;
  /** What the graph says of this thing and the one above it. */
  edge: Edge | null;
  above: Branch | null;
  openAtFirst: boolean;
}
/** A branch that is seen, as `aria-posinset` and `aria-setsize` tell it: 1-based place among so many. */
export interface Row {
  branch: Branch;
  open: boolean;
  size: number;
  place: number;
  of: number;
}

export class Outline {
  readonly tops: Branch[];
  readonly #graph: Graph;
  readonly #steps: Map<string, Step[]>;
  readonly #edges: Set<Edge>;
  readonly #made = new Map<string, Branch[]>();
  readonly #ties = new Map<Node, [Edge, Node][]>();
  readonly #headed: Map<string, Node[]>;

  constructor(graph: Graph, { nodes, edges }: Selection, root: Root) {
    this.#graph = graph;
    // By a map: a kind may have the name of what all objects have.
    this.#steps = new Map(Object.entries(STEPS[root]));
    this.#edges = new Set(edges);
    const all = [...nodes];
    const ofRoot = all.filter((node) => node.kind === root);
    const lower = new Set(ofRoot.flatMap((node) => this.#tiesOf(node).map(([, child]) => child)));
    const tops = ofRoot.filter((node) => !lower.has(node));
    const [full, empty] = [true, false].map((has) => tops.filter((node) => this.#tiesOf(node).length > 0 === has));
    const reached = this.#closure(tops);
    this.#headed = new Map([
      [EMPTY, empty!],
      [APART, all.filter((node) => !reached.has(node))],
    ]);
    this.tops = [
      ...this.#sorted(full!.map((node): [null, Node] => [null, node])).map(([, node]) =>
        this.#branch(node, null, null),
      ),
      ...[...this.#headed].filter(([, under]) => under.length).map(([name]) => this.#heading(name, null, false)),
    ];
    if (this.tops.length <= FEW_TOPS) for (const branch of this.tops) branch.openAtFirst = true;
  }

  branches(branch: Branch): Branch[] {
    let made = this.#made.get(branch.key);
    if (!made) {
      made = this.#make(branch);
      this.#made.set(branch.key, made);
    }
    return made;
  }

  /** How many things are below another, each counted once, by kind in the order of the legend. */
  counts(node: Node): [kind: string, count: number][] {
    const below = this.#closure([node]);
    below.delete(node);
    return byKind(this.#graph, [...below]).map(([kind, found]) => [kind, found.length]);
  }

  /** How many of the projects below a thing are how far, as these statuses are given; none for the last, "". */
  progress(node: Node, statuses: string[]): number[] {
    const projects = [...this.#closure([node])].filter(({ kind }) => kind === "Project");
    return statuses.map((status) => projects.filter(({ about }) => (about.status ?? "") === status).length);
  }

  /** The branches that are seen: of those whose opening was toggled; with a query, what it finds and what is above. */
  rows(toggled: ReadonlySet<string>, query: string): Row[] {
    const wanted = folded(query.trim());
    const known = new Map<string, boolean>();
    const fits = ({ node }: Branch) =>
      !!node && [node.label, ...(node.about.aliases ?? [])].some((name) => folded(name).includes(wanted));
    const holds = (branch: Branch): boolean => {
      const found = known.get(branch.key) ?? this.branches(branch).some((lower) => fits(lower) || holds(lower));
      known.set(branch.key, found);
      return found;
    };
    const rows: Row[] = [];
    const add = (branches: Branch[], all: boolean) => {
      const shown = all ? branches : branches.filter((branch) => fits(branch) || holds(branch));
      shown.forEach((branch, place) => {
        const lower = this.branches(branch);
        const first = wanted ? holds(branch) : branch.openAtFirst;
        const open = lower.length > 0 && first !== toggled.has(toggleKey(branch, query));
        rows.push({ branch, open, size: lower.length, place: place + 1, of: shown.length });
        if (open) add(lower, all || fits(branch));
      });
    };
    add(this.tops, !wanted);
    return rows;
  }

  #make(branch: Branch): Branch[] {
    const { node, heading, above } = branch;
    if (heading === APART)
      return byKind(this.#graph, this.#headed.get(APART)!).map(([kind]) => this.#heading(kind, branch, false));
    if (!node) {
      const found: [Edge | null, Node][] = above?.node
        ? this.#below(above).filter(([, child]) => child.kind === heading)
        : this.#headed
            .get(above ? APART : EMPTY)!
            .filter((child) => !above || child.kind === heading)
            .map((child) => [null, child]);
      return this.#sorted(found).map(([edge, child]) => this.#branch(child, edge, branch));
    }
    const found = this.#below(branch);
    const kinds = byKind(
      this.#graph,
      found.map(([, child]) => child),
    );
    if (kinds.length > 1 && found.length > FEW) return kinds.map(([kind]) => this.#heading(kind, branch, true));
    const order = kinds.map(([kind]) => kind);
    return this.#sorted(found)
      .sort(([, one], [, another]) => order.indexOf(one.kind) - order.indexOf(another.kind))
      .map(([edge, child]) => this.#branch(child, edge, branch));
  }

  /** What is next below a branch and not above it already. */
  #below(branch: Branch): [Edge, Node][] {
    const over = new Set<Node | null>();
    for (let at: Branch | null = branch; at; at = at.above) over.add(at.node);
    return this.#tiesOf(branch.node!).filter(([, child]) => !over.has(child));
  }

  #tiesOf(node: Node): [Edge, Node][] {
    let ties = this.#ties.get(node);
    if (!ties) {
      const steps = this.#steps.get(node.kind) ?? [];
      ties = this.#graph
        .edgesOf(node)
        .filter(
          (edge) =>
            this.#edges.has(edge) &&
            edge.from !== edge.to &&
            steps.some(([name, outward]) => name === edge.predicate && outward === (edge.from === node)),
        )
        .map((edge): [Edge, Node] => [edge, other(edge, node)]);
      this.#ties.set(node, ties);
    }
    return ties;
  }

  #closure(starts: Iterable<Node>): Set<Node> {
    const found = new Set(starts);
    // A set that grows is walked to its end.
    for (const node of found) for (const [, child] of this.#tiesOf(node)) found.add(child);
    return found;
  }

  /** Those with most below them by the first of their steps come first (projects of a strategy), then by name. */
  #sorted<T>(found: [T, Node][]): [T, Node][] {
    const size = (node: Node) => {
      const ties = this.#tiesOf(node);
      const [first] = this.#steps.get(node.kind)?.[0] ?? [];
      return ties.filter(([edge]) => edge.predicate === first).length + ties.length / 1e6;
    };
    return found
      .map((one): [number, [T, Node]] => [size(one[1]), one])
      .sort(([more, [, one]], [most, [, another]]) => most - more || compare(one.label, another.label))
      .map(([, one]) => one);
  }

  #branch(node: Node, edge: Edge | null, above: Branch | null): Branch {
    const key = `${above?.key ?? ""}/${edge ? `e${edge.index}` : node.index}`;
    return { key, level: levelBelow(above), node, heading: "", edge, above, openAtFirst: false };
  }

  #heading(heading: string, above: Branch | null, openAtFirst: boolean): Branch {
    return {
      key: `${above?.key ?? ""}/${heading}`,
      level: levelBelow(above),
      node: null,
      heading,
      edge: null,
      above,
      openAtFirst,
    };
  }
}

const levelBelow = (above: Branch | null) => (above?.level ?? 0) + 1;

/** What is opened while a query is there is not for the outline without it. */
export const toggleKey = (branch: Branch, query: string): string => `${query.trim()}\n${branch.key}`;

/** Nodes by kind, in the order of the legend. */
export function byKind(graph: Graph, nodes: Node[]): [kind: string, nodes: Node[]][] {
  return graph.kinds
    .map((kind): [string, Node[]] => [kind, nodes.filter((node) => node.kind === kind)])
    .filter(([, found]) => found.length);
}
