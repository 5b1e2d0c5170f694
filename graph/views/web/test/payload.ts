/** A small payload of an invented county, as graph/views/explorer.py writes it. */
import type { PassageRow, Payload } from "../src/data.ts";

const TEXT = "青石县规划\n第一章 茶业\n云岭茶厂在青石镇建设𠀀茶园项目。\n茶产业到 2025 年达到 20 亿元。\n";
const LETTERS = [...TEXT];

/** Where the text says something for the first time; the sentence is the line. */
function passage(said: string, withText: boolean): PassageRow {
  const start = [...TEXT.slice(0, TEXT.indexOf(said))].length;
  const end = start + [...said].length;
  const line = LETTERS.slice(0, start).filter((letter) => letter === "\n").length + 1;
  if (!withText) return [0, 0, line, start, end, null, null, null];
  return [0, 0, line, start, end, LETTERS.lastIndexOf("\n", start) + 1, LETTERS.indexOf("\n", end)];
}

export function payload({ withText = true } = {}): Payload {
  const said = ["青石镇", "云岭茶厂", "云岭茶厂在青石镇建设𠀀茶园项目", "茶产业到 2025 年达到 20 亿元"];
  return {
    language: "zh",
    around: null,
    title: "青石县",
    terms: {
      Strategy: { zh: "战略", en: "strategy" },
      Project: { zh: "项目", en: "project" },
      Enterprise: { zh: "企业", en: "enterprise" },
      Industry: { zh: "产业", en: "industry" },
      Location: { zh: "地点", en: "location" },
      undertakes: { zh: "承担", en: "undertakes" },
      implements: { zh: "实施", en: "implements" },
      locatedIn: { zh: "位于", en: "located in" },
      within: { zh: "属于", en: "within" },
    },
    kinds: ["Strategy", "Project", "Enterprise", "Industry", "Location"],
    styles: { Project: { color: "#2e75b6", shape: "dot" } },
    options: {},
    documents: [{ title: "青石县规划", sha256: "", text: withText ? TEXT : null, sections: ["第一章 茶业"] }],
    passages: said.map((words) => passage(words, withText)),
    nodes: {
      id: ["urn:strategy", "urn:project", "urn:works", "urn:tea", "urn:town", "urn:county"],
      label: ["兴茶战略", "茶园项目", "云岭茶厂", "茶产业", "青石镇", "青石县"],
      kind: [0, 1, 2, 3, 4, 4],
      x: [0, 10, 20, 30, 40, 50],
      y: [0, 0, 0, 0, 0, 0],
      size: [9, 7, 7, 7, 7, 7],
      group: [0, 0, 0, 1, 0, 1],
      passages: [[], [], [1], [], [0], []],
      about: { 1: { status: "planned", confidence: 0.6 }, 2: { aliases: ["云岭", "茶厂"], code: "91X" } },
      hidden: [],
      beyond: { 2: 3 },
      vis: {},
    },
    predicates: ["implements", "undertakes", "locatedIn", "within"],
    edges: {
      from: [1, 2, 1, 2, 4],
      to: [0, 1, 4, 4, 5],
      predicate: [0, 1, 2, 2, 3],
      passages: [[], [2], [2], [2], []],
      about: { 1: { weight: 2.5 } },
      vis: {},
    },
    groups: [
      { name: "urn:strategy", x: 0, y: 0, radius: 90 },
      { name: "Location", x: 200, y: 0, radius: 60 },
    ],
    targets: [
      [3, "茶产业产值", 20, "20 亿元", "亿元", 2025, "=", "target", [3]],
      [3, "茶产业产值", 12, "12 亿元", "亿元", 2020, "=", "baseline", [3]],
    ],
    places: { points: {}, outline: [] },
  };
}
