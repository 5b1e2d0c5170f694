import assert from "node:assert/strict";
import { test } from "node:test";
import { type Edge, type Graph, type Node, other } from "../src/data.ts";
import { distances, edgeShown, ways } from "../src/walks.ts";
import { graphOf, numbers } from "./graph_of.ts";

const ALL = { hiddenKinds: new Set<string>(), hiddenRelations: new Set<string>() };

function random(seed: number): Graph {
  const next = numbers(seed);
  const size = 3 + next(5);
  return graphOf({
    nodes: Array.from({ length: size }, (_, place) => ({
      label: `${place}`,
      kind: next(5) ? "Project" : "Enterprise",
    })),
    // Loops and several edges between the same two are among them.
    edges: Array.from({ length: next(12) }, () => [next(size), ["one", "two"][next(2)]!, next(size)]),
  });
}

/** The edges of all ways without a node twice, by trying them all. */
function tried(graph: Graph, hidden: typeof ALL, from: Node, to: Node, most: number): Edge[][] {
  const walk = (at: Node, seen: Node[], edges: Edge[]): Edge[][] => {
    if (at === to) return [edges];
    if (edges.length === most) return [];
    return graph
      .edgesOf(at)
      .filter((edge) => edgeShown(hidden, edge) && !seen.includes(other(edge, at)))
      .flatMap((edge) => walk(other(edge, at), [...seen, other(edge, at)], [...edges, edge]));
  };
  return walk(from, [from], []);
}

test("ways are those that trying all finds", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const graph = random(seed);
    const [from, to] = [graph.nodes[0]!, graph.nodes[1]!];
    for (const hidden of [
      ALL,
      { ...ALL, hiddenRelations: new Set(["two"]) },
      { ...ALL, hiddenKinds: new Set(["Enterprise"]) },
    ])
      for (const slack of [0, 1]) {
        const all = tried(graph, hidden, from, to, graph.nodes.length);
        const shortest = Math.min(...all.map((way) => way.length));
        const kept = new Set(all.filter((way) => way.length <= shortest + slack).flat());
        const found = ways(graph, hidden, from, to, slack);
        assert.equal(found.steps, all.length ? shortest : -1, `seed ${seed}`);
        assert.deepEqual(new Set(found.edges), kept, `seed ${seed}`);
        assert.equal(found.edges.length, kept.size);
        const far = distances(graph, hidden, from);
        for (const [step, layer] of found.layers.entries()) for (const node of layer) assert.equal(far.get(node), step);
        const ends = new Set(found.edges.flatMap((edge) => [edge.from, edge.to]));
        if (all.length) assert.deepEqual(new Set(found.layers.flat()), new Set([from, to, ...ends]));
      }
  }
});

test("distances end at the number of steps and go neither way along what is hidden", () => {
  const graph = graphOf({
    nodes: [{ label: "a" }, { label: "b" }, { label: "c", kind: "Enterprise" }, { label: "d" }, { label: "e" }],
    edges: [
      [0, "one", 1],
      [2, "one", 1],
      [2, "two", 3],
    ],
  });
  const labels = (...rest: [Partial<typeof ALL>, number?]) =>
    [...distances(graph, { ...ALL, ...rest[0] }, graph.nodes[0]!, rest[1])].map(([{ label }, step]) => label + step);
  assert.deepEqual(labels({}), ["a0", "b1", "c2", "d3"]);
  assert.deepEqual(labels({}, 2), ["a0", "b1", "c2"]);
  assert.deepEqual(labels({ hiddenRelations: new Set(["two"]) }), ["a0", "b1", "c2"]);
  assert.deepEqual(labels({ hiddenKinds: new Set(["Enterprise"]) }), ["a0", "b1"]);
});

test("a thing is no steps from itself", () => {
  const graph = graphOf({ nodes: [{ label: "a" }, { label: "b" }], edges: [[0, "one", 1]] });
  const [node] = graph.nodes;
  assert.deepEqual(ways(graph, ALL, node!, node!, 1), { steps: 0, layers: [[node]], edges: [] });
});
