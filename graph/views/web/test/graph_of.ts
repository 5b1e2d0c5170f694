/** Graphs for tests, told by their nodes and edges. */
import { Graph, type Payload } from "../src/data.ts";

interface Told {
  /** The id is the label where none is given. */
  nodes: { id?: string; label: string; kind?: string; aliases?: string[]; group?: number }[];
  /** Places of nodes. */
  edges?: [from: number, predicate: string, to: number][];
  kinds?: string[];
  groups?: number;
  around?: Payload["around"];
}

const TERMS: Payload["terms"] = {
  Project: { zh: "项目", en: "project" },
  Enterprise: { zh: "企业", en: "enterprise" },
};

export function graphOf({
  nodes,
  edges = [],
  kinds = ["Project", "Enterprise"],
  groups = 0,
  around = null,
}: Told): Graph {
  const predicates = [...new Set(edges.map(([, predicate]) => predicate))];
  const zeros = nodes.map(() => 0);
  return new Graph({
    language: "zh",
    around,
    title: "",
    terms: TERMS,
    kinds,
    styles: {},
    options: {},
    documents: [],
    passages: [],
    nodes: {
      id: nodes.map(({ id, label }) => id ?? label),
      label: nodes.map(({ label }) => label),
      kind: nodes.map(({ kind }) => kinds.indexOf(kind ?? kinds[0]!)),
      x: zeros,
      y: zeros,
      size: zeros,
      group: nodes.map(({ group }) => group ?? -1),
      passages: nodes.map(() => []),
      about: Object.fromEntries(nodes.map(({ aliases = [] }, place) => [place, { aliases }])),
      hidden: [],
      beyond: {},
      vis: {},
    },
    predicates,
    edges: {
      from: edges.map(([from]) => from),
      to: edges.map(([, , to]) => to),
      predicate: edges.map(([, predicate]) => predicates.indexOf(predicate)),
      passages: edges.map(() => []),
      about: {},
      vis: {},
    },
    groups: Array.from({ length: groups }, () => ({ name: "Project", x: 0, y: 0, radius: 50 })),
    targets: [],
    places: { points: {}, outline: [] },
  });
}

/** Numbers below a bound that look random and are the same every time. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
