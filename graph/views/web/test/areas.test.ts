import assert from "node:assert/strict";
import { test } from "node:test";
import { Graph } from "../src/data.ts";
import { type Area, areasOf, countOf, sorted } from "../src/views/areas.ts";
import { graphOf } from "./graph_of.ts";
import { payload } from "./payload.ts";

const whole = (graph: Graph) => areasOf({ nodes: new Set(graph.nodes), edges: graph.edges });
const told = (areas: Area[]): unknown[] =>
  sorted(areas, "").map(({ node, parts, things }) => [node.label, things.size, told(parts)]);

test("what is at a place is in the places around it too, each thing once", () => {
  const graph = new Graph(payload());
  const [county] = whole(graph);
  assert.deepEqual(told([county!]), [["青石县", 2, [["青石镇", 2, []]]]]);
  assert.equal(countOf(county!, "Project"), 1);
  assert.equal(countOf(county!, ""), 2);
  assert.equal(county!.things.get(graph.nodes[1]!)!.to.label, "青石镇");
});

test("codes tell what lies in what where no edge does", () => {
  const data = payload();
  data.edges.from.pop();
  data.edges.about = {};
  data.nodes.about = { 4: { code: "999901101" }, 5: { code: "999901" }, 0: { code: "9999" } };
  data.nodes.kind[0] = data.nodes.kind[4]!;
  const codes = (areas: Area[]): unknown[] => areas.map(({ node, parts }) => [node.label, codes(parts)]);
  assert.deepEqual(codes(whole(new Graph(data))), [["兴茶战略", [["青石县", [["青石镇", []]]]]]]);
  data.nodes.about[0] = { code: "999900" };
  assert.deepEqual(codes(whole(new Graph(data))), [["兴茶战略", [["青石县", [["青石镇", []]]]]]]);
});

test("places that are said to lie in each other, or in themselves, are all told", () => {
  const graph = graphOf({
    kinds: ["Location"],
    nodes: [{ label: "甲" }, { label: "乙" }, { label: "丙" }],
    edges: [
      [0, "within", 1],
      [1, "within", 2],
      [2, "within", 0],
      [1, "within", 1],
    ],
  });
  assert.deepEqual(told(whole(graph)), [["丙", 0, [["乙", 0, [["甲", 0, []]]]]]]);
});
