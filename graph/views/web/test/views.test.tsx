import "./styles.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentType } from "preact";
import { renderToString } from "preact-render-to-string";
import { Graph, type Node } from "../src/data.ts";
import { ExplorerContext, focusOn, initialState, type State } from "../src/state.ts";
import { type Language, LanguageContext } from "../src/words.ts";
import { payload } from "./payload.ts";

const { TreeView } = await import("../src/views/tree_view.tsx");
const { TargetsView } = await import("../src/views/targets_view.tsx");
const { PlacesView } = await import("../src/views/places_view.tsx");

const graph = new Graph(payload());
const [strategy, , works] = graph.nodes as [Node, Node, Node];

function told(View: ComponentType, change: Partial<State> = {}, language: Language = "zh"): string {
  const state = { ...initialState(graph), ...change };
  const rest = { go() {}, announce() {}, read() {} };
  return renderToString(
    <LanguageContext.Provider value={language}>
      <ExplorerContext.Provider value={{ graph, state, language, theme: "light", ...rest }}>
        <View />
      </ExplorerContext.Provider>
    </LanguageContext.Provider>,
  );
}
const plain = (html: string) =>
  html
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

test("the outline is a tree of which one branch takes the focus, and what is chosen is told", () => {
  const html = told(TreeView, { chosen: { node: strategy } });
  assert.match(html, /role="tree"/);
  assert.equal(html.match(/role="treeitem"[^>]*tabindex="0"/g)!.length, 1);
  assert.match(html, /aria-level="1"[^>]*aria-expanded="true"[^>]*aria-selected="true"/);
  for (const part of ["兴茶战略 1 项目 · 1 企业 · 1 地点", "茶园项目 规划 1 企业 · 1 地点 ← 实施", "未归入战略 2"])
    assert.ok(plain(html).includes(part), part);
});

test("a target stands with its baseline, its goal and how far that is", () => {
  assert.ok(plain(told(TargetsView)).includes("茶产业产值 2020 12 亿元 2025 20 亿元 +66.7% 1 ▸"));
  const text = plain(told(TargetsView, { ...focusOn(works), view: "targets" }, "en"));
  assert.ok(text.includes("There are no targets in what is shown. Show all targets"), text);
});

test("a place has the counts of what is in it and within it", () => {
  const text = plain(told(PlacesView));
  assert.ok(text.includes("青石县 1 1 2 青石镇 1 1 2"), text);
});
