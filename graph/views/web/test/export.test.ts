import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Graph, type Payload } from "../src/data.ts";
import { jsonLdOf } from "../src/export/jsonld.ts";
import { iriOf } from "../src/export/rdf.ts";
import { relationRows } from "../src/export/relations.ts";
import { PRINT, sheetOf } from "../src/export/svg.ts";
import { turtleOf } from "../src/export/turtle.ts";
import { selectionOf } from "../src/scene.ts";
import { focusOn, initialState } from "../src/state.ts";

const HOSTILE = `<script>alert("1")</script>&amp;]]>'\\ \u0000\ud800 \u{20000}\n乙`;
/** Halves of surrogate pairs. */
const HALVES = /\p{Cs}/u;
const BASE = "https://example.org/id/";

const payload = (): Payload => ({
  language: "zh",
  around: null,
  title: "甲县规划",
  terms: {
    Enterprise: { zh: "企业", en: "enterprise" },
    Project: { zh: "项目", en: "project" },
    undertakes: { zh: "承担", en: "undertakes" },
  },
  kinds: ["Enterprise", "Project", "自定"],
  styles: {
    Enterprise: { color: "#e08a00", shape: "square" },
    Project: { color: "#2e75b6", shape: "dot" },
    自定: { color: 'red" onload="x', shape: "cross" },
  },
  options: {},
  documents: [{ title: "甲县规划", sha256: "", text: "甲公司建设乙园。", sections: ["第一章"] }],
  passages: [[0, 0, 1, 0, 7, 0, 8]],
  nodes: {
    id: [`${BASE}甲公司`, `${BASE}乙园`, "my own {node}"],
    label: ["甲公司", "乙园", HOSTILE],
    kind: [0, 1, 2],
    x: [0, 200, 100],
    y: [0, 0, 150],
    size: [12, 10, 9],
    group: [-1, -1, -1],
    passages: [[0], [], []],
    about: { 0: { aliases: ["甲"], confidence: 0.6 }, 1: { status: "planned" } },
    hidden: [],
    beyond: {},
    vis: {},
  },
  predicates: ["undertakes", "my relation"],
  edges: {
    from: [0, 2, 2],
    to: [1, 0, 0],
    predicate: [0, 1, 1],
    passages: [[0], [], []],
    about: { 0: { confidence: 1 } },
    vis: {},
  },
  groups: [],
  targets: [],
  places: { points: {}, outline: [] },
});

const graph = new Graph(payload());
const state = initialState(graph);
const selection = selectionOf(graph, state);

/** The texts and attributes of XML that is well-formed; an error otherwise. */
function parsed(xml: string): { names: string[]; attributes: string[] } {
  const stack: string[] = [];
  const found = { names: [] as string[], attributes: [] as string[] };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none
  assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  assert.doesNotMatch(xml, HALVES);
  const rest = xml.replace(/<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<&]*(?:&\w+;[^"<&]*)*")*)\s*(\/?)>/g, (...match) => {
    const [, closes, name, attributes, isEmpty] = match;
    if (closes) assert.equal(stack.pop(), name);
    else {
      found.names.push(name);
      found.attributes.push(...[...attributes.matchAll(/([\w:-]+)="[^"]*"/g)].map(([, attribute]) => attribute));
      if (!isEmpty) stack.push(name);
    }
    return "";
  });
  assert.deepEqual(stack, []);
  assert.doesNotMatch(rest.replace(/&(amp|lt|gt|quot);/g, ""), /[<&]/);
  return found;
}

test("the sheet is well-formed XML of a few harmless elements, whatever things are called", () => {
  const { names, attributes } = parsed(sheetOf(graph, state, "zh").svg);
  const harmless = ["circle", "g", "path", "rect", "svg", "text", "title"];
  assert.deepEqual(
    names.filter((name) => !harmless.includes(name)),
    [],
  );
  assert.ok(attributes.every((name) => !name.startsWith("on") && name !== "style" && name !== "href"));
});

test("the sheet names what it shows, the kinds and the source", () => {
  const { svg, width, height } = sheetOf(graph, { ...state, ...focusOn(graph.nodes[0]!) }, "zh");
  for (const words of [
    "甲县规划 · 甲公司及其周围 1 步",
    "企业 1",
    "项目 1",
    "来源：《甲县规划》",
    "3 条关系",
    ">乙园<",
  ])
    assert.ok(svg.includes(words), words);
  assert.ok(width >= 960 && height > 300);
  assert.ok(sheetOf(graph, state, "en").svg.includes("Source: “甲县规划”; made with Hongtu; 3 things, 3 relations"));
});

test("a graph of nothing has a sheet", () => {
  const bare = payload();
  for (const list of Object.values(bare.nodes)) if (Array.isArray(list)) list.length = 0;
  for (const list of Object.values(bare.edges)) if (Array.isArray(list)) list.length = 0;
  const empty = new Graph({ ...bare, nodes: { ...bare.nodes, about: {} }, edges: { ...bare.edges, about: {} } });
  parsed(sheetOf(empty, initialState(empty), "zh").svg);
});

test("the sheet has the light colours of the page", () => {
  const css = readFileSync(new URL("../src/pages/page.css", import.meta.url), "utf8");
  const light = css.slice(0, css.indexOf("[data-theme"));
  for (const [name, colour] of Object.entries(PRINT)) assert.ok(light.includes(`--${name}: ${colour};`), name);
});

test("Turtle has things, edges and each edge's passage", () => {
  const turtle = turtleOf(graph, selection);
  for (const line of [
    `<${BASE}甲公司> a ht:Enterprise ;`,
    'skos:prefLabel "甲公司"@zh ;',
    'skos:altLabel "甲"@zh ;',
    'ht:confidence "0.6"^^xsd:decimal ;',
    `ht:undertakes <${BASE}乙园> .`,
    "_:claim0 a ht:Claim ;",
    "rdf:predicate ht:undertakes ;",
    "prov:wasDerivedFrom _:passage0 .",
    'ht:quote "甲公司建设乙园" ;',
    'oa:suffix "。" .',
  ])
    assert.ok(turtle.includes(line), line);
});

test("relations and nodes of the user's own are written as what surely holds", () => {
  const turtle = turtleOf(graph, selection);
  assert.match(turtle, /<urn:x-hongtu:my%20own%20%7Bnode%7D> skos:prefLabel ".*\\\\ .*\\n乙"@zh ;\n {4}skos:related </);
  assert.match(turtle, /rdf:predicate skos:related ;\n {4}rdf:object <[^>]*> ;\n {4}skos:note "my relation"@zh \./);
  assert.equal(turtle.match(/ {4}skos:related /g)!.length, 1);
  assert.doesNotMatch(turtle, HALVES);
});

test("JSON-LD says the same as Turtle", () => {
  const { "@graph": resources } = JSON.parse(jsonLdOf(graph, selection));
  const turtle = turtleOf(graph, selection);
  assert.equal(resources.length, turtle.match(/ \.$/gm)!.length - turtle.match(/^@prefix/gm)!.length);
  const claim = resources.find((one: { "@id": string }) => one["@id"] === "_:claim0");
  assert.deepEqual(claim["prov:wasDerivedFrom"], [{ "@id": "_:passage0" }]);
});

test("the relations as rows have the sentence and its place", () => {
  const [headings, first] = relationRows(graph, selection.edges, "zh");
  assert.equal(headings!.length, first!.length);
  // The relation has no status of its own: it is that of the project.
  assert.deepEqual(first!.slice(0, 6), ["甲公司", "企业", "承担", "乙园", "项目", "规划"]);
  assert.deepEqual(first!.slice(-2), ["甲公司建设乙园。", "甲县规划 · 第一章 · 第 1 行，字符 0–7"]);
});

test("what is no IRI becomes one", () => {
  const iri = (id: string) => iriOf({ ...graph.nodes[0]!, id });
  for (const id of [`${BASE}澜溪县/enterprise/甲`, "urn:n1", "http://example.org/a?b=c#d", "urn:%E4%B8%80"])
    assert.equal(iri(id), id);
  for (const id of [
    "甲",
    "1",
    "a b",
    "http://a b",
    "urn:a>b",
    "urn:%zz",
    "urn:a#b#c",
    "http://[x",
    "\ud800",
    "urn:\u0001",
    "_:b",
    "",
  ])
    assert.match(iri(id), /^urn:x-hongtu:[\w%.~!*'()-]*$/);
});

test("the same state gives the same bytes", () => {
  const again = new Graph(payload());
  const same = initialState(again);
  assert.equal(sheetOf(again, same, "zh").svg, sheetOf(graph, state, "zh").svg);
  assert.equal(turtleOf(again, selectionOf(again, same)), turtleOf(graph, selection));
  assert.equal(jsonLdOf(again, selectionOf(again, same)), jsonLdOf(graph, selection));
});
