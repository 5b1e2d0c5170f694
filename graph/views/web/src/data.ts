/** The explorer's data: as Python writes them (graph/views/explorer.py), and as the page uses them. */
import { PlanText } from "./plan_text.ts";
import type { Bilingual } from "./words.ts";

type Sparse<T> = Record<string, T>;

export interface About {
  aliases?: string[];
  status?: string;
  code?: string;
  confidence?: number;
  definition?: string;
  weight?: number;
}
export interface Style {
  color: string;
  shape: string;
}
/** What a pyvis user changed of a node or an edge: any attribute of vis-network. */
export type VisAttributes = Record<string, unknown>;

/** A passage in columns: see graph/views/explorer.py. Offsets are code points, the end exclusive. */
export type PassageRow =
  | [document: number, section: number, line: number, start: number, end: number, from: number, to: number]
  | [
      document: number,
      section: number,
      line: number,
      start: number,
      end: number,
      quote: string | null,
      before: string | null,
      after: string | null,
    ];

export type TargetRow = [
  subject: number | string,
  indicator: string,
  value: number | null,
  verbatim: string,
  unit: string,
  year: number | null,
  comparator: string,
  role: string,
  passages: number[],
];

export interface Payload {
  language: string;
  title: string;
  /** The page opens at this node, with what is 1 or 2 steps away. */
  around: [node: number, steps: number] | null;
  terms: Record<string, Partial<Bilingual<string>>>;
  kinds: string[];
  styles: Record<string, Style>;
  options: VisAttributes;
  documents: { title: string; sha256: string; text: string | null; sections: string[] }[];
  passages: PassageRow[];
  nodes: {
    id: string[];
    label: string[];
    kind: number[];
    x: number[];
    y: number[];
    size: number[];
    group: number[];
    passages: number[][];
    about: Sparse<About>;
    hidden: number[];
    beyond: Sparse<number>;
    vis: Sparse<VisAttributes>;
  };
  predicates: string[];
  edges: {
    from: number[];
    to: number[];
    predicate: number[];
    passages: number[][];
    about: Sparse<About>;
    vis: Sparse<VisAttributes>;
  };
  groups: { name: string; x: number; y: number; radius: number }[];
  targets: TargetRow[];
  places: { points: Sparse<[latitude: number, longitude: number]>; outline: [longitude: number, latitude: number][][] };
}

/** Characters of a plan that say something. `quote` is null where the plan's text is not at hand. */
export interface Passage {
  plan: string;
  section: string;
  line: number;
  start: number;
  end: number;
  quote: string | null;
  before: string;
  after: string;
}
/** A passage of a document that the page may carry whole. */
export interface DocumentPassage extends Passage {
  index: number;
  document: PlanDocument;
}
export interface PlanDocument {
  index: number;
  title: string;
  text: PlanText | null;
}
export interface Node {
  index: number;
  id: string;
  label: string;
  kind: string;
  x: number;
  y: number;
  size: number;
  /** Place in `groups`, -1 for none. */
  group: number;
  passages: number[];
  about: About;
  /** Not drawn until it is asked for. */
  hidden: boolean;
  /** How many neighbours the graph has that this page has not. */
  beyond: number;
  vis: VisAttributes;
}
export interface Edge {
  index: number;
  from: Node;
  to: Node;
  predicate: string;
  passages: number[];
  about: About;
  /** 0 for a straight line, 1, 2 … for what would lie on another edge of the same two nodes. */
  bend: number;
  vis: VisAttributes;
}
export interface Group {
  index: number;
  /** The node in the middle, null for a group of one kind. */
  centre: Node | null;
  /** The kind that a group without a centre is of. */
  kind: string;
  x: number;
  y: number;
  radius: number;
  members: Node[];
}
export interface Target {
  node: Node | null;
  /** What it is of where that is no node, such as a measure; "" for a node, and for the plan itself. */
  subject: string;
  indicator: string;
  value: number | null;
  verbatim: string;
  unit: string;
  year: number | null;
  comparator: string;
  role: string;
  passages: number[];
}

/** Entries without those that all objects have: a kind may be called "constructor". */
const bare = <T>(entries: Record<string, T>): Record<string, T> => Object.assign(Object.create(null), entries);

/** The graph of the page: nodes and edges by their places, and what each edge of a node is. */
export class Graph {
  readonly title: string;
  readonly kinds: string[];
  readonly styles: Record<string, Style>;
  readonly options: VisAttributes;
  readonly nodes: Node[];
  readonly edges: Edge[];
  readonly groups: Group[];
  readonly documents: PlanDocument[];
  readonly passages: DocumentPassage[];
  readonly targets: Target[];
  readonly outline: [longitude: number, latitude: number][][];
  readonly around: { node: Node; steps: number } | null;
  readonly points: Map<Node, [latitude: number, longitude: number]>;
  readonly #terms: Payload["terms"];
  readonly #edgesOf: Edge[][];
  readonly #byId: Map<string, Node>;

  constructor(data: Payload) {
    const { nodes, edges } = data;
    const hidden = new Set(nodes.hidden);
    this.title = data.title;
    this.kinds = data.kinds;
    this.styles = bare(data.styles);
    this.options = data.options;
    this.#terms = bare(data.terms);
    this.nodes = nodes.id.map((id, index) => ({
      index,
      id,
      label: nodes.label[index]!,
      kind: data.kinds[nodes.kind[index]!]!,
      x: nodes.x[index]!,
      y: nodes.y[index]!,
      size: nodes.size[index]!,
      group: nodes.group[index]!,
      passages: nodes.passages[index]!,
      about: nodes.about[index] ?? {},
      hidden: hidden.has(index),
      beyond: nodes.beyond[index] ?? 0,
      vis: nodes.vis[index] ?? {},
    }));
    this.#byId = new Map(this.nodes.map((node) => [node.id, node]));
    this.#edgesOf = this.nodes.map(() => []);
    const parallel = new Map<string, number>();
    this.edges = edges.from.map((from, index) => {
      const to = edges.to[index]!;
      const pair = from < to ? `${from} ${to}` : `${to} ${from}`;
      const bend = parallel.get(pair) ?? 0;
      parallel.set(pair, bend + 1);
      const edge = {
        index,
        from: this.nodes[from]!,
        to: this.nodes[to]!,
        predicate: data.predicates[edges.predicate[index]!]!,
        passages: edges.passages[index]!,
        about: edges.about[index] ?? {},
        bend,
        vis: edges.vis[index] ?? {},
      };
      this.#edgesOf[from]!.push(edge);
      if (to !== from) this.#edgesOf[to]!.push(edge);
      return edge;
    });
    this.groups = data.groups.map(({ name, x, y, radius }, index) => {
      const centre = this.#byId.get(name) ?? null;
      return { index, centre, kind: centre ? "" : name, x, y, radius, members: [] };
    });
    for (const node of this.nodes) this.groups[node.group]?.members.push(node);
    this.documents = data.documents.map(({ title, text }, index) => ({
      index,
      title,
      text: text === null ? null : new PlanText(text),
    }));
    this.passages = data.passages.map((row, index) => this.#passage(row, index, data));
    this.targets = data.targets.map(
      ([subject, indicator, value, verbatim, unit, year, comparator, role, passages]): Target => ({
        node: (typeof subject === "number" && this.nodes[subject]) || null,
        subject: typeof subject === "string" ? subject : "",
        indicator,
        value,
        verbatim,
        unit,
        year,
        comparator,
        role,
        passages,
      }),
    );
    this.outline = data.places.outline;
    this.around = data.around && { node: this.nodes[data.around[0]]!, steps: data.around[1] };
    this.points = new Map(
      Object.entries(data.places.points).map(([index, point]) => [this.nodes[Number(index)]!, point]),
    );
  }

  #passage(row: PassageRow, index: number, data: Payload): DocumentPassage {
    const [place, section, line, start, end] = row;
    const document = this.documents[place]!;
    const { text } = document;
    const [quote, before, after] =
      text && typeof row[5] === "number"
        ? [text.slice(start, end), text.slice(row[5], start), text.slice(end, row[6] as number)]
        : [row[5] as string | null, (row[6] as string | null) ?? "", row[7] ?? ""];
    const sections = data.documents[place]!.sections;
    return {
      index,
      document,
      plan: document.title,
      section: sections[section] ?? "",
      line,
      start,
      end,
      quote,
      before,
      after,
    };
  }

  node(id: string): Node | undefined {
    return this.#byId.get(id);
  }

  /** Edges that begin or end at a node. */
  edgesOf(node: Node): readonly Edge[] {
    return this.#edgesOf[node.index]!;
  }

  /** The label of a kind or predicate; own names are their own labels. */
  term(name: string, language: "zh" | "en"): string {
    return this.#terms[name]?.[language] ?? name;
  }

  /** What so many things of a kind are called: in English by the plural of the ontology's label. */
  plural(kind: string, language: "zh" | "en", count = 2): string {
    const term = this.term(kind, language);
    return language === "en" && term !== kind && count > 1 ? `${term.replace(/y$/, "ie")}s` : term;
  }
}

export const other = (edge: Edge, node: Node): Node => (edge.from === node ? edge.to : edge.from);
