import assert from "node:assert/strict";
import { test } from "node:test";
import { Graph, type Group, type Node } from "../src/data.ts";
import { chosenBy, type Scene, sceneOf, selectionOf } from "../src/scene.ts";
import { focusOn, initialState, type State } from "../src/state.ts";
import { payload } from "./payload.ts";

const graph = new Graph(payload());
const [strategy, project, works, tea, town, county] = graph.nodes as [Node, Node, Node, Node, Node, Node];
const [tied, others] = graph.groups as [Group, Group];

const state = (change: Partial<State> = {}): State => ({ ...initialState(graph), ...change });
const drawn = (change: Partial<State>, of = graph): Scene => sceneOf(of, state(change));
const keys = ({ marks, lines }: Scene) => [marks, lines].map((some) => some.map(({ key }) => key));

test("of open groups the members are drawn, of closed ones a disc with their counts", () => {
  assert.deepEqual(keys(drawn({ open: new Set([tied]) })), [
    ["n0", "n1", "n2", "n4", "g1"],
    ["g1 n4", "e0", "e1", "e2", "e3"],
  ]);
  const { marks, lines, discs } = drawn({ open: new Set() });
  assert.deepEqual(marks[0]!.group && marks[0]!.counts, [
    ["Strategy", 1],
    ["Project", 1],
    ["Enterprise", 1],
    ["Location", 1],
  ]);
  assert.deepEqual(
    lines.map(({ key, edges }) => [key, edges.length]),
    [["g0 g1", 1]],
  );
  assert.deepEqual(discs, []);
});

test("hidden kinds and relations are neither drawn nor counted; a group of nothing else is gone", () => {
  const scene = drawn({
    open: new Set(),
    hiddenKinds: new Set(["Location", "Industry"]),
    hiddenRelations: new Set(["undertakes"]),
  });
  assert.deepEqual(keys(scene), [["g0"], []]);
  assert.deepEqual(scene.marks[0]!.group && scene.marks[0]!.counts.map(([kind]) => kind), [
    "Strategy",
    "Project",
    "Enterprise",
  ]);
});

test("what is not drawn at first comes when its relation is expanded", () => {
  const data = payload();
  data.nodes.hidden = [5];
  const graph = new Graph(data);
  const [town, county] = [graph.nodes[4]!, graph.nodes[5]!];
  const within = { node: town, predicate: "within", outward: true };
  const open = new Set(graph.groups);
  const [before, after] = [drawn({ open }, graph), drawn({ open, expanded: [within] }, graph)];
  const hasCounty = ({ marks }: Scene) => marks.some(({ node }) => node === county);
  assert.deepEqual([hasCounty(before), hasCounty(after)], [false, true]);
  const hasMore = ({ marks }: Scene) => marks.some((mark) => mark.node === town && mark.plus);
  assert.deepEqual([hasMore(before), hasMore(after)], [true, false]);
  assert.equal(before.frame, after.frame);
});

test("a relation that is collapsed takes away what hangs on nothing else", () => {
  const around = focusOn(town, 1);
  const placed = { node: town, predicate: "locatedIn", outward: false };
  const names = (change: Partial<State>) => keys(drawn({ ...around, ...change }))[0]!.sort();
  assert.deepEqual(names({}), ["n1", "n2", "n4", "n5"]);
  // The project and the works hold each other.
  assert.deepEqual(names({ collapsed: [placed] }), ["n1", "n2", "n4", "n5"]);
  const within = { node: town, predicate: "within", outward: true };
  assert.deepEqual(names({ collapsed: [within] }), ["n1", "n2", "n4"]);
});

test("what is chosen and its edges are lit, the rest is faint; but not when a whole disc is chosen", () => {
  const open = new Set(graph.groups);
  const { marks, lines } = drawn({ open, chosen: { node: works } });
  assert.deepEqual(
    marks.filter(({ faint }) => !faint).map(({ node }) => node),
    [project, works, town],
  );
  assert.deepEqual(
    lines.filter(({ lit }) => lit).map(({ key }) => key),
    ["e1", "e3"],
  );
  assert.ok(lines.every(({ lit, faint }) => lit !== faint));
  assert.ok(drawn({ open, chosen: { group: tied } }).marks.every(({ faint }) => !faint));
});

test("a click chooses the edge of a line, both groups of a bundle, or the node that it ends at", () => {
  const [bundle] = drawn({ open: new Set() }).lines;
  assert.deepEqual(chosenBy({ ...bundle!, edges: [...bundle!.edges, graph.edges[0]!] }), { between: [tied, others] });
  const [half] = drawn({ open: new Set([tied]) }).lines;
  assert.deepEqual(chosenBy({ ...half!, edges: graph.edges.slice(0, 2) }), { node: town });
  assert.deepEqual(chosenBy(half!), { edge: graph.edges[4] });
  assert.equal(chosenBy(null), null);
});

test("the selection has the members of closed groups, and the edges between all of them", () => {
  const { nodes, edges } = selectionOf(graph, state({ open: new Set(), hiddenKinds: new Set(["Strategy"]) }));
  assert.deepEqual(new Set([project, works, tea, town, county]), nodes);
  assert.ok(!nodes.has(strategy));
  assert.deepEqual(
    edges.map(({ index }) => index),
    [1, 2, 3, 4],
  );
});
