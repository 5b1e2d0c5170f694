import "./styles.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToString } from "preact-render-to-string";
import { Graph } from "../src/data.ts";
import { ExplorerContext, initialState, type State } from "../src/state.ts";
import { payload } from "./payload.ts";

globalThis.matchMedia = (() => ({ matches: true })) as unknown as typeof matchMedia;
const { Reader } = await import("../src/reader/reader.tsx");

const graph = new Graph(payload());

function read(passage: number, change: Partial<State> = {}, of = graph): string {
  const explorer = {
    graph: of,
    state: { ...initialState(of), ...change },
    language: "zh" as const,
    theme: "light" as const,
    go() {},
    announce() {},
    read() {},
  };
  return renderToString(
    <ExplorerContext.Provider value={explorer}>
      <Reader passage={passage} close={() => {}} />
    </ExplorerContext.Provider>,
  );
}
const text = (html: string) => html.replace(/<[^>]+>/g, "");
const here = (html: string) =>
  [...html.matchAll(/<mark class="here"[^>]*>(.*?)<\/mark>/gs)].map(([, found]) => text(found!));
const lines = (html: string) => [...html.matchAll(/<p data-line[^>]*>(.*?)<\/p>/gs)].map(([, found]) => text(found!));

test("the whole text is there, with the passage and the names in it marked", () => {
  const html = read(2);
  assert.equal(lines(html).join(""), graph.documents[0]!.text!.text);
  assert.deepEqual(here(html), [graph.passages[2]!.quote]);
  assert.deepEqual(
    [...html.matchAll(/<span[^>]*data-node="(\d)"[^>]*>(.*?)<\/span>/g)].map(([, node, name]) => [node, name]),
    [
      ["2", "云岭茶厂"],
      ["4", "青石镇"],
    ],
  );
});

test("lines have the numbers that sources tell", () => {
  const html = read(2);
  const { line, quote } = graph.passages[2]!;
  const [, found] = html.match(new RegExp(`<p data-line="${line}"[^>]*>(.*?)</p>`, "s"))!;
  assert.ok(text(found!).includes(quote!));
});

test("a passage over several lines is marked in each", () => {
  const data = payload();
  data.documents[0]!.text = "甲𠀀\r\n乙\t丙\r\n丁\n";
  data.passages = [[0, -1, 1, 1, 10, 1, 10], ...data.passages.slice(1)];
  const other = new Graph(data);
  assert.deepEqual(here(read(0, {}, other)), ["𠀀\r\n", "乙\t丙\r\n", "丁"]);
  assert.equal(other.passages[0]!.quote, "𠀀\r\n乙\t丙\r\n丁");
});

test("previous and next lead through the passages of what is chosen", () => {
  const data = payload();
  data.edges.passages[1] = [2, 1, 3];
  const other = new Graph(data);
  const html = read(1, { chosen: { edge: other.edges[1]! } }, other);
  assert.match(text(html), /第 2 处，共 3 处/);
  assert.doesNotMatch(text(read(0, { chosen: { edge: other.edges[1]! } }, other)), /第 . 处/);
});
