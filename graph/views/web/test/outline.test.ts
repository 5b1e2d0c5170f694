import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "../src/data.ts";
import { APART, type Branch, EMPTY, Outline, toggleKey } from "../src/views/outline.ts";
import { graphOf, numbers } from "./graph_of.ts";

const KINDS = ["Strategy", "Project", "Enterprise", "Industry", "Location"];
const whole = (graph: Graph) => ({ nodes: new Set(graph.nodes), edges: graph.edges });

const graph = graphOf({
  kinds: KINDS,
  nodes: [
    { label: "兴茶战略", kind: "Strategy" },
    { label: "兴水战略", kind: "Strategy" },
    { label: "空谈战略", kind: "Strategy" },
    { label: "茶园", kind: "Project" },
    { label: "水渠", kind: "Project" },
    { label: "茶厂", kind: "Enterprise", aliases: ["云岭公司"] },
    { label: "茶业", kind: "Industry" },
    { label: "青石镇", kind: "Location" },
    { label: "青石县", kind: "Location" },
    { label: "孤岛项目", kind: "Project" },
  ],
  edges: [
    [3, "implements", 0],
    [4, "implements", 0],
    [4, "implements", 1],
    [5, "undertakes", 3],
    [3, "locatedIn", 7],
    [5, "locatedIn", 7],
    [0, "promotes", 6],
    [7, "within", 8],
  ],
});

const named = (branch: Branch) => branch.node?.label ?? branch.heading;
const under = (outline: Outline, ...names: string[]): string[] => {
  let branches = outline.tops;
  for (const name of names) branches = outline.branches(branches.find((branch) => named(branch) === name)!);
  return branches.map(named);
};

test("a strategy leads to its projects and industries, a project to who undertakes it and where", () => {
  const outline = new Outline(graph, whole(graph), "Strategy");
  assert.deepEqual(under(outline), ["兴茶战略", "兴水战略", EMPTY, APART]);
  assert.deepEqual(under(outline, "兴茶战略"), ["茶园", "水渠", "茶业"]);
  assert.deepEqual(under(outline, "兴茶战略", "茶园"), ["茶厂", "青石镇"]);
  assert.deepEqual(under(outline, "兴水战略"), ["水渠"]);
  assert.deepEqual(under(outline, EMPTY), ["空谈战略"]);
  assert.deepEqual(under(outline, APART), ["Project", "Location"]);
  assert.deepEqual(under(outline, APART, "Project"), ["孤岛项目"]);
});

test("each branch has the edge to the one above it", () => {
  const outline = new Outline(graph, whole(graph), "Strategy");
  for (const { branch } of outline.rows(new Set(outline.tops.map((one) => toggleKey(one, ""))), "")) {
    if (!branch.above?.node) assert.equal(branch.edge, null);
    else assert.deepEqual(new Set([branch.edge!.from, branch.edge!.to]), new Set([branch.node, branch.above.node]));
  }
});

test("by place, smaller ones are within larger ones, and by industry who is in it", () => {
  const places = new Outline(graph, whole(graph), "Location");
  assert.deepEqual(under(places, "青石县"), ["青石镇"]);
  assert.deepEqual(under(places, "青石县", "青石镇"), ["茶园", "茶厂"]);
  const industries = new Outline(graph, whole(graph), "Industry");
  assert.deepEqual(under(industries, "茶业"), ["兴茶战略"]);
});

test("counts tell each thing below once", () => {
  const outline = new Outline(graph, whole(graph), "Strategy");
  assert.deepEqual(outline.counts(graph.nodes[0]!), [
    ["Project", 2],
    ["Enterprise", 1],
    ["Industry", 1],
    ["Location", 1],
  ]);
});

test("what is not in the selection is not in the outline", () => {
  const nodes = new Set(graph.nodes.filter((node) => node.label !== "茶厂"));
  const edges = graph.edges.filter((edge) => nodes.has(edge.from) && nodes.has(edge.to));
  assert.deepEqual(under(new Outline(graph, { nodes, edges }, "Strategy"), "兴茶战略", "茶园"), ["青石镇"]);
});

test("many branches of several kinds have a heading for each kind, open at first", () => {
  const many = graphOf({
    kinds: KINDS,
    nodes: [
      { label: "兴茶战略", kind: "Strategy" },
      { label: "茶业", kind: "Industry" },
      ...Array.from({ length: 7 }, (_, place) => ({ label: `项目 ${place}`, kind: "Project" })),
    ],
    edges: [
      [0, "promotes", 1],
      ...[2, 3, 4, 5, 6, 7, 8].map((from): [number, string, number] => [from, "implements", 0]),
    ],
  });
  const outline = new Outline(many, whole(many), "Strategy");
  assert.deepEqual(under(outline, "兴茶战略"), ["Project", "Industry"]);
  assert.equal(outline.rows(new Set(), "").length, 1 + 2 + 8);
});

test("rows tell their level, their place among their like and whether they are open", () => {
  const outline = new Outline(graph, whole(graph), "Strategy");
  assert.equal(outline.rows(new Set(), "").length, 4);
  const rows = outline.rows(new Set([toggleKey(outline.tops[0]!, "")]), "");
  assert.deepEqual(
    rows.map(({ branch, open, place, of }) => [named(branch), branch.level, open, place, of]).slice(0, 4),
    [
      ["兴茶战略", 1, true, 1, 4],
      ["茶园", 2, false, 1, 3],
      ["水渠", 2, false, 2, 3],
      ["茶业", 2, false, 3, 3],
    ],
  );
});

test("a query finds names and aliases, with what is above them", () => {
  const outline = new Outline(graph, whole(graph), "Strategy");
  const found = (query: string) => outline.rows(new Set(), query).map(({ branch }) => named(branch));
  assert.deepEqual(found("云岭"), ["兴茶战略", "茶园", "茶厂"]);
  assert.deepEqual(found("孤岛"), [APART, "Project", "孤岛项目"]);
  assert.deepEqual(found("没有"), []);
});

test("in any graph each thing is somewhere in the outline, and no branch is below itself", () => {
  const next = numbers(7);
  const predicates = ["implements", "undertakes", "locatedIn", "within", "promotes", "inIndustry", "operatesIn"];
  for (let round = 0; round < 40; round += 1) {
    const size = 1 + next(12);
    const some = graphOf({
      kinds: KINDS,
      nodes: Array.from({ length: size }, (_, place) => ({ label: `${place}`, kind: KINDS[next(KINDS.length)]! })),
      edges: Array.from({ length: next(20) }, () => [next(size), predicates[next(predicates.length)]!, next(size)]),
    });
    for (const root of ["Strategy", "Location", "Industry"] as const) {
      const outline = new Outline(some, whole(some), root);
      const seen = new Set();
      const keys = new Set<string>();
      const walk = (branch: Branch) => {
        assert.ok(!keys.has(branch.key));
        keys.add(branch.key);
        if (branch.node) seen.add(branch.node);
        for (let at = branch.above; branch.node && at; at = at.above) assert.notEqual(at.node, branch.node);
        outline.branches(branch).forEach(walk);
      };
      outline.tops.forEach(walk);
      assert.equal(seen.size, size);
    }
  }
});
