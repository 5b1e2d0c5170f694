import assert from "node:assert/strict";
import { test } from "node:test";
import { Graph, type Node, type Payload } from "../src/data.ts";
import { PlanText } from "../src/plan_text.ts";
import { lineStarts, mentionsIn, outlineOf, segments } from "../src/reader/reader_text.ts";
import { payload } from "./payload.ts";

const node = (index: number) => ({ index }) as Node;
const text = new PlanText("𠀀县在\t青石镇建𠮷源茶厂。\r\n青石镇，青石镇工业园。\n");

/** Numbers that look random and are the same every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % below;
  };
}

test("runs are the whole text, whatever is named", () => {
  const letters = [...text.text];
  const next = numbers(5);
  for (let round = 0; round < 200; round += 1) {
    const mentions = Array.from({ length: next(9) }, (_, index) => {
      const start = next(letters.length + 2);
      return { start, end: start + next(7), node: node(index) };
    });
    const cuts = [next(letters.length), next(letters.length)];
    const runs = segments(text, mentions, cuts);
    assert.equal(runs.map((run) => run.text).join(""), text.text);
    for (const [place, run] of runs.entries()) {
      assert.equal(run.text, letters.slice(run.start, run.end).join(""));
      assert.equal(run.start, runs[place - 1]?.end ?? 0);
      assert.ok(cuts.every((cut) => cut <= run.start || cut >= run.end));
      if (run.node) {
        const of = mentions[run.node.index]!;
        assert.ok(of.start <= run.start && run.end <= of.end);
      }
    }
  }
});

test("of names that overlap, the longest counts", () => {
  const runs = segments(text, [
    { start: 4, end: 7, node: node(1) },
    { start: 19, end: 25, node: node(2) },
    { start: 19, end: 22, node: node(1) },
    { start: 22, end: 25, node: node(3) },
  ]);
  assert.deepEqual(
    runs.filter((run) => run.node).map((run) => [run.text, run.node!.index]),
    [
      ["青石镇", 1],
      ["青石镇工业园", 2],
    ],
  );
});

test("names that lie outside the text, or are empty, mark nothing", () => {
  const wrong = [
    { start: -2, end: 3, node: node(1) },
    { start: 20, end: 99, node: node(1) },
    { start: 5, end: 5, node: node(1) },
    { start: 6, end: 4, node: node(1) },
  ];
  assert.ok(segments(text, wrong).every((run) => !run.node));
  assert.deepEqual(segments(new PlanText(""), wrong), []);
});

test("lines begin after each line feed, counted in code points", () => {
  const starts = lineStarts(text);
  assert.deepEqual(
    starts.map((start, line) => text.slice(start, starts[line + 1] ?? text.length)),
    ["𠀀县在\t青石镇建𠮷源茶厂。\r\n", "青石镇，青石镇工业园。\n", ""],
  );
});

test("sections stand at their headings, in the order of the text", () => {
  const source = "第一章 总则\n一、工业\n工业要强。\n二、茶业\n茶业要兴。\n没有标题。\n";
  const graph = new Graph({
    ...payload(),
    documents: [{ title: "规划", sha256: "", text: source, sections: ["二、茶业", "一、工业", "别处的"] }],
    passages: [
      [0, 0, 5, 22, 24, 22, 27],
      [0, 1, 3, 13, 15, 13, 18],
      [0, 2, 6, 28, 30, 28, 33],
      [0, -1, 1, 0, 3, 0, 6],
    ],
  } as Payload);
  assert.deepEqual(outlineOf(graph, graph.documents[0]!, source.split("\n")), [
    { title: "一、工业", line: 1 },
    { title: "二、茶业", line: 3 },
    { title: "别处的", line: 5 },
  ]);
});

test("a document's mentions are those of its own passages", () => {
  const graph = new Graph(payload());
  const mentions = mentionsIn(graph, graph.documents[0]!);
  assert.deepEqual(
    mentions.map(({ start, end, node }) => [graph.documents[0]!.text!.slice(start, end), node.label]),
    [
      ["云岭茶厂", "云岭茶厂"],
      ["青石镇", "青石镇"],
    ],
  );
});
