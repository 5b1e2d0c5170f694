import assert from "node:assert/strict";
import { test } from "node:test";
import { Graph, type TargetRow } from "../src/data.ts";
import { axisOf, figuresOf, grouped, sharesOf, signOf } from "../src/views/targets.ts";
import { payload } from "./payload.ts";

const graphWith = (targets: TargetRow[]) => new Graph({ ...payload(), targets });
const rowsOf = (graph: Graph, isWhole = true) => figuresOf(graph, { nodes: new Set(graph.nodes), edges: [] }, isWhole);
const row = (targets: TargetRow[]) => rowsOf(graphWith(targets))[0]!;

test("figures of one thing, indicator and unit are one row, by year", () => {
  const [first, ...more] = rowsOf(new Graph(payload()));
  assert.deepEqual(more, []);
  assert.deepEqual(
    first!.points.map(({ role, year }) => [role, year]),
    [
      ["baseline", 2020],
      ["target", 2025],
    ],
  );
  assert.equal(first!.change!.difference, 8);
  assert.equal(first!.change!.share!.toFixed(3), "0.667");
});

test("another unit or another owner is another row, another width of letters is not", () => {
  const graph = graphWith([
    [-1, "ＧＤＰ", 150, "150 亿元", "亿元", 2020, "=", "baseline", [3]],
    [-1, "GDP", 200, "200 亿元", "亿元", 2025, ">=", "target", [3]],
    [-1, "GDP", 8, "8%", "%", 2025, "=", "target", [3]],
    [3, "GDP", 20, "20 亿元", "亿元", 2025, "=", "target", [3]],
  ]);
  assert.deepEqual(
    rowsOf(graph).map(({ points }) => points.length),
    [2, 1, 1],
  );
});

test("a change is from the latest baseline to the last goal; without a goal, from the first baseline", () => {
  const figures: TargetRow[] = [
    [-1, "收入", 10, "10 元", "元", 2015, "=", "baseline", []],
    [-1, "收入", 20, "20 元", "元", 2020, "=", "baseline", []],
    [-1, "收入", 25, "25 元", "元", 2025, "=", "target", []],
    [-1, "收入", 30, "30 元", "元", 2035, "=", "target", []],
  ];
  assert.equal(row(figures).change!.share, 0.5);
  assert.equal(row(figures.slice(0, 2)).change!.share, 1);
  assert.equal(row(figures.slice(2)).change!.share, 0.2);
  assert.equal(row(figures.slice(1, 2)).change, null);
});

test("percentages change by points, and nothing has a share of zero or of what has no value", () => {
  const change = (unit: string, from: number | null) =>
    row([
      [-1, "覆盖率", from, "", unit, 2020, "=", "baseline", []],
      [-1, "覆盖率", 19, "", unit, 2025, "=", "target", []],
    ]).change;
  assert.equal(change("％", 16)!.share, null);
  assert.equal(change("％", 16)!.difference, 3);
  assert.equal(change("家", 0)!.share, null);
  assert.equal(change("家", null), null);
});

test("targets of plans are left out where only some nodes are shown, those of other nodes always", () => {
  const graph = graphWith([
    [-1, "甲", 1, "1", "", 2025, "=", "target", []],
    [3, "乙", 1, "1", "", 2025, "=", "target", []],
    [0, "丙", 1, "1", "", 2025, "=", "target", []],
  ]);
  const nodes = new Set([graph.nodes[3]!]);
  const indicators = (isWhole: boolean) =>
    figuresOf(graph, { nodes, edges: [] }, isWhole).map(({ indicator }) => indicator);
  assert.deepEqual(indicators(true), ["甲", "乙"]);
  assert.deepEqual(indicators(false), ["乙"]);
});

test("what a target is of may be no node: it has a name, and is the last group of a whole page", () => {
  const graph = graphWith([
    ["制茶行动", "茶园", 30, "30 亩", "亩", 2025, "=", "target", [3]],
    ["育种行动", "茶园", 5, "5 亩", "亩", 2025, "=", "target", [3]],
    ["制茶行动", "茶园", 10, "10 亩", "亩", 2020, "=", "baseline", [3]],
    [3, "产值", 1, "1", "", 2025, "=", "target", []],
    [-1, "人口", 1, "1", "", 2025, "=", "target", [3]],
  ]);
  const groups = grouped(graph, rowsOf(graph), "name").map(([{ owner, subject, plan }, rows]) => [
    owner?.label ?? (subject || plan),
    rows.map(({ points }) => points.length),
  ]);
  assert.deepEqual(groups, [
    ["青石县规划", [1]],
    ["茶产业", [1]],
    ["育种行动", [1]],
    ["制茶行动", [2]],
  ]);
  assert.deepEqual(
    rowsOf(graph, false).map(({ indicator }) => indicator),
    ["产值"],
  );
});

test("groups begin with the plan, rows stand as in the plan, by change or by name", () => {
  const graph = graphWith([
    [3, "产值", 1, "1", "", 2025, "=", "target", []],
    [-1, "丙", 10, "", "个", 2020, "=", "baseline", [3]],
    [-1, "丙", 11, "", "个", 2025, "=", "target", [3]],
    [-1, "乙", 10, "", "个", 2020, "=", "baseline", [3]],
    [-1, "乙", 5, "", "个", 2025, "=", "target", [3]],
    [-1, "甲", 1, "", "个", 2025, "=", "target", [2]],
  ]);
  const order = (by: "plan" | "change" | "name") =>
    grouped(graph, rowsOf(graph), by).map(([, rows]) => rows.map(({ indicator }) => indicator).join(""));
  assert.deepEqual(order("plan"), ["甲丙乙", "产值"]);
  assert.deepEqual(order("change"), ["乙丙甲", "产值"]);
});

test("percentages lie on an axis to 100, others on one from zero", () => {
  const axis = (unit: string, ...values: number[]) =>
    axisOf(row(values.map((value): TargetRow => [-1, "率", value, "", unit, 2025, "=", "target", []])));
  assert.equal(axis("%", 16, 20)(20), 0.2);
  assert.equal(axis("%", 150)(150), 1);
  assert.equal(axis("家", 10, 40)(10), 0.25);
  assert.equal(axis("家", -10, 10)(0), 0.5);
  assert.equal(axis("家", 0)(0), 0);
});

test("shares are read from figures such as 7:44:49 only", () => {
  const shares = (verbatim: string) => sharesOf({ verbatim } as Parameters<typeof sharesOf>[0]);
  assert.deepEqual(shares("10：40:50"), [0.1, 0.4, 0.5]);
  assert.equal(shares("50%"), null);
  assert.equal(shares("1:x"), null);
  assert.equal(shares("0:0"), null);
});

test("what is not exact has a sign", () => {
  const sign = (comparator: string) => signOf({ comparator } as Parameters<typeof signOf>[0]);
  assert.deepEqual([">=", "<=", "~", "="].map(sign), ["≥", "≤", "≈", ""]);
});
