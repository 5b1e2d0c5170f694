import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "../src/data.ts";
import { meetAtAll, meetings, placesOf } from "../src/views/meetings.ts";
import { graphOf } from "./graph_of.ts";

const kinds = ["Project", "Enterprise", "Industry", "Location"];
// A company with a project in each of two towns of a county, both in the tea industry; another in the county itself.
const graph = graphOf({
  kinds,
  nodes: [
    { label: "甲公司", kind: "Enterprise" },
    { label: "东园", kind: "Project" },
    { label: "西园", kind: "Project" },
    { label: "茶产业", kind: "Industry" },
    { label: "青石镇", kind: "Location" },
    { label: "白沙镇", kind: "Location" },
    { label: "某县", kind: "Location" },
    { label: "乙公司", kind: "Enterprise" },
    { label: "酒产业", kind: "Industry" },
  ],
  edges: [
    [0, "undertakes", 1],
    [0, "undertakes", 2],
    [1, "inIndustry", 3],
    [2, "inIndustry", 3],
    [0, "operatesIn", 3],
    [1, "locatedIn", 4],
    [2, "locatedIn", 5],
    [4, "within", 6],
    [5, "within", 6],
    [7, "partnersWith", 0],
    [7, "operatesIn", 8],
  ],
});
const [company, , , , town, , county] = graph.nodes as Node[];

/** Counts as "row × column". */
function counts(row: string, column: string, place: Node | null = null): Record<string, number> {
  const { rows, columns, cells } = meetings(graph, graph.edges, row, column, place);
  return Object.fromEntries(
    [...cells].map(([key, found]) => {
      const [y, x] = key.split(" ").map(Number) as [number, number];
      return [`${rows[y]!.label} × ${columns[x]!.label}`, found.length];
    }),
  );
}

test("two things meet by edges of their own and over a project, each counted once", () => {
  assert.deepEqual(counts("Enterprise", "Industry"), { "甲公司 × 茶产业": 3, "乙公司 × 酒产业": 1 });
  // A partner's industry is not one's own.
  assert.deepEqual(counts("Enterprise", "Enterprise"), { "甲公司 × 乙公司": 1, "乙公司 × 甲公司": 1 });
  assert.ok(meetAtAll(graph.edges, "Industry", "Enterprise"));
  assert.ok(!meetAtAll(graph.edges, "Strategy", "Industry"));
});

test("what lies within a place counts for that place too", () => {
  const found = { "甲公司 × 某县": 2, "甲公司 × 青石镇": 1, "甲公司 × 白沙镇": 1 };
  assert.deepEqual(counts("Enterprise", "Location"), found);
  const { rows, cells } = meetings(graph, graph.edges, "Location", "Project", null);
  assert.deepEqual(
    rows.map(({ label }) => label),
    ["某县", "白沙镇", "青石镇"],
    "the most first, then by pinyin",
  );
  const [why] = cells.get("0 0")!;
  assert.deepEqual(
    why!.edges.map(({ predicate }) => predicate),
    ["locatedIn", "within"],
  );
});

test("a place of which only one place within it tells is left out", () => {
  const without = graph.edges.filter(({ to }) => to.label !== "白沙镇");
  assert.deepEqual(meetings(graph, without, "Enterprise", "Location", null).columns, [town]);
});

test("a place as a filter leaves what is done there", () => {
  assert.deepEqual(counts("Enterprise", "Industry", town), { "甲公司 × 茶产业": 1 });
  assert.deepEqual(counts("Enterprise", "Industry", county), { "甲公司 × 茶产业": 2 });
  assert.deepEqual(
    placesOf(graph.edges).map(({ label }) => label),
    ["白沙镇", "某县", "青石镇"],
  );
  assert.equal(company!.label, "甲公司");
});
