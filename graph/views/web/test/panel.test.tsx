import "./styles.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToString } from "preact-render-to-string";
import { Graph, type Node } from "../src/data.ts";
import { ExplorerContext, focusOn, initialState, type State } from "../src/state.ts";
import { type Language, LanguageContext } from "../src/words.ts";
import { payload } from "./payload.ts";

const { Panel } = await import("../src/panel/panel.tsx");
const { suggestions } = await import("../src/panel/start.tsx");

const graph = new Graph(payload());
const [strategy, project, works, tea, town] = graph.nodes as [Node, Node, Node, Node, Node];

function told(change: Partial<State>, of = graph, language: Language = "zh"): string {
  const explorer = {
    graph: of,
    state: { ...initialState(of), ...change },
    language,
    theme: "light" as const,
    go() {},
    announce() {},
    read() {},
  };
  return renderToString(
    <LanguageContext.Provider value={language}>
      <ExplorerContext.Provider value={explorer}>
        <Panel />
      </ExplorerContext.Provider>
    </LanguageContext.Provider>,
  );
}
/** What a reader sees of it. */
const plain = (html: string) =>
  html
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&quot;", '"')
    .replace(/\s+/g, " ")
    .trim();

test("with nothing chosen, the panel says where to start", () => {
  const text = plain(told({}));
  for (const part of [
    "从这里开始",
    "1 个战略和实施它的项目数 兴茶战略 1",
    "青石镇有什么？ 2",
    "图上的 2 组",
    "看 2 项规划指标",
  ])
    assert.ok(text.includes(part), part);
});

test("suggestions leave out what the legend hides", () => {
  const found = suggestions(graph, { ...initialState(graph), hiddenKinds: new Set(["Project"]) });
  assert.deepEqual(found.strategies, []);
  assert.deepEqual(
    found.questions.map(([node]) => node.label),
    ["青石镇", "云岭茶厂"],
  );
});

test("a graph of other kinds gets suggestions of these", () => {
  const data = payload();
  const own = new Graph({ ...data, kinds: ["", "人", "事", "物", "地"] });
  const found = suggestions(own, initialState(own));
  assert.deepEqual(found.strategies, []);
  assert.deepEqual(
    found.most.map(([kind]) => kind),
    ["", "人", "事"],
  );
  assert.match(plain(told({}, own)), /联系最多的对象/);
});

test("a node tells its names, its relations and where the plan names it", () => {
  const text = plain(told({ chosen: { node: works } }));
  for (const part of [
    "企业 云岭茶厂 又称 云岭、茶厂",
    "代码 91X",
    "承担 → 1",
    "茶园项目 规划",
    "位于 → 1",
    '图谱里另有 3 个相邻的不在这一页： kg.show("云岭茶厂")',
    "在规划中 1 云岭茶厂 在青石镇建设𠀀茶园项目。 第一章 茶业 · 第 3 行，字符 13–17 在原文中看",
  ])
    assert.ok(text.includes(part), `${part} in ${text}`);
});

test("a node's relations can be drawn and collapsed around a focus only where that changes something", () => {
  const around = { ...focusOn(project), chosen: { node: project } };
  assert.equal(told(around).match(/收起/g)?.length, 3);
  const farther = { ...focusOn(strategy), chosen: { node: project } };
  assert.match(told(farther), /画出 1 个/);
  assert.doesNotMatch(told({ chosen: { node: project } }), /收起|画出/);
});

test("figures stand in the order of their years, with their passage", () => {
  const text = plain(told({ chosen: { node: tea } }));
  assert.match(text, /指标 1 茶产业产值 2020 年 12 亿元 → 2025 年 20 亿元/);
  assert.match(text, /规划里没有写它与别的对象的关系/);
});

test("the legend's hidden relations are counted", () => {
  const text = plain(told({ chosen: { node: works }, hiddenRelations: new Set(["undertakes"]) }));
  assert.match(text, /另有 1 条关系被图例隐去/);
});

test("an edge is a statement with its passages", () => {
  const [, undertakes] = graph.edges;
  const html = told({ chosen: { edge: undertakes!, seenFrom: works } });
  const text = plain(html);
  assert.match(text, /‹ 云岭茶厂 云岭茶厂 — 承担 → 茶园项目 权重 2\.5 出处 1/);
  assert.match(html, /<mark><strong>云岭茶厂<\/strong>在青石镇建设𠀀<strong>茶园项目<\/strong><\/mark>/);
});

test("an edge without evidence says so", () => {
  assert.match(plain(told({ chosen: { edge: graph.edges[0]! } })), /出处 0 这条关系没有记下出处。/);
});

test("without text only the place is told, once with the way to the sentences", () => {
  const without = new Graph(payload({ withText: false }));
  const html = told({ chosen: { edge: without.edges[1]! } }, without);
  assert.doesNotMatch(html, /blockquote|在原文中看/);
  assert.match(html, /第 3 行，字符 13–/);
  assert.equal(html.match(/hongtu build --plan-text/g)?.length, 1);
});

test("a group lists its members by kind and its ties to others", () => {
  const text = plain(told({ chosen: { group: graph.groups[0]! }, open: new Set() }));
  for (const part of ["兴茶战略", "打开这组", "项目 1 茶园项目 规划", "与别的组的关系 其他地点 1"])
    assert.ok(text.includes(part), `${part} in ${text}`);
  assert.match(told({ chosen: { group: graph.groups[0]! } }), /合上这组/);
});

test("between two groups stand their edges", () => {
  const [one, another] = graph.groups;
  const text = plain(told({ chosen: { between: [one!, another!] } }));
  assert.match(text, /之间的 1 条关系 青石镇 — 属于 → 青石县/);
});

test("a path is told step by step", () => {
  const text = plain(told({ path: { from: works, to: strategy, slack: 0 } }));
  assert.match(
    text,
    /最短 2 步，共画出 2 条关系.*第 1 步 1 云岭茶厂 — 承担 → 茶园项目 第 2 步 1 茶园项目 — 实施 → 兴茶战略/,
  );
  assert.match(plain(told({ path: { from: works, to: tea, slack: 0 } })), /没有路径/);
});

test("names are text, whatever they contain", () => {
  const data = payload();
  data.nodes.label[4] = '<img src=x onerror="alert(1)">';
  const hostile = new Graph(data);
  const html = told({ chosen: { node: hostile.nodes[town.index]! } }, hostile);
  assert.doesNotMatch(html, /<img/);
});

test("in English, everything is", () => {
  const english: Graph = new Graph(JSON.parse(JSON.stringify(payload()).replace(/[\u4e00-\u9fff]/g, "x")));
  const [, , third] = english.nodes;
  for (const chosen of [null, { node: third! }, { edge: english.edges[0]! }, { group: english.groups[0]! }])
    assert.doesNotMatch(plain(told({ chosen }, english, "en")), /[\u4e00-\u9fff]/);
});
