import assert from "node:assert/strict";
import { test } from "node:test";
import { spellingsOf } from "../src/finding/pinyin.ts";
import { Index, pieces } from "../src/finding/search.ts";
import { graphOf, numbers } from "./graph_of.ts";

const graph = graphOf({
  nodes: [
    { label: "青石县" },
    { label: "大青石茶园" },
    { label: "青石" },
    { label: "云岭茶业集团", kind: "Enterprise", aliases: ["云岭茶业", "Yunling Tea"] },
    { label: "LNG加气站" },
    { label: "长岭水库" },
    { label: "绿色𠀀矿山（一期）" },
    { label: "青石水厂", kind: "Enterprise" },
  ],
  edges: [
    [7, "undertakes", 1],
    [7, "undertakes", 4],
    [3, "undertakes", 1],
  ],
});
const index = new Index(graph);
const found = (text: string) => index.find(text).map((node) => node.label);

test("the whole name comes first, then beginnings by edges, then what is inside", () => {
  assert.deepEqual(found("青石"), ["青石", "青石水厂", "青石县", "大青石茶园"]);
  assert.deepEqual(found("青石县"), ["青石县"]);
  assert.deepEqual(index.find("青石", 2).length, 2);
});

test("one Han character is enough, one letter is not", () => {
  assert.deepEqual(found("县"), ["青石县"]);
  assert.deepEqual(found("𠀀"), ["绿色𠀀矿山（一期）"]);
  for (const text of ["", " ", "l", "1", "’"]) assert.deepEqual(found(text), []);
});

test("aliases, width, case and accents make no difference", () => {
  for (const text of ["云岭茶业", "yunling tea", "ＹＵＮＬＩＮＧ", "ling te", "Yúnlǐng"])
    assert.deepEqual(found(text), ["云岭茶业集团"], text);
  for (const text of ["lng", "ＬＮＧ加", "Lng加气"]) assert.deepEqual(found(text), ["LNG加气站"], text);
});

test("several words are all wanted, of names and of the kind", () => {
  assert.deepEqual(found("茶园 青石"), ["大青石茶园"]);
  assert.deepEqual(found("企业 青石"), ["青石水厂"]);
  assert.deepEqual(found("青石　enterprise"), ["青石水厂"]);
  assert.deepEqual(found("青石 云岭"), []);
  assert.deepEqual(found("企业"), ["青石水厂", "云岭茶业集团"]);
});

test("pinyin: whole syllables, initials, both, without tones, with other readings", () => {
  assert.deepEqual(found("qingshi"), ["青石", "青石水厂", "青石县", "大青石茶园"]);
  for (const text of ["qing shi xian", "qing'shi'xian", "qīng shí xiàn", "qsx", "qshix", "qingshix", "青sx"])
    assert.deepEqual(found(text), ["青石县"], text);
  for (const text of ["changling", "zhangling", "clsk"]) assert.deepEqual(found(text), ["长岭水库"], text);
  for (const text of ["lvse", "lüsè", "luse"]) assert.deepEqual(found(text), ["绿色𠀀矿山（一期）"], text);
  assert.deepEqual(found("lngjqz"), ["LNG加气站"]);
  assert.deepEqual(found("qingshiz"), []);
  assert.deepEqual(found("q".repeat(500)), []);
});

test("syllables of characters that stand first and last, and of none", () => {
  const read = (characters: string) => [...characters].map((one) => spellingsOf(one)[0] ?? "").join(" ");
  assert.equal(read("阿座八卓女虐陆略"), "a zuo ba zhuo nv nve lu lve");
  assert.equal(read("临汾市经济技术开发区"), "lin fen shi jing ji ji shu kai fa qu");
  assert.deepEqual(spellingsOf("重"), ["zhong", "chong"]);
  for (const other of ["a", "1", "（", "あ", "\ud840"]) assert.deepEqual(spellingsOf(other), []);
});

test("any fragment of a name finds it, and the pieces are the name with the fragment marked", () => {
  const next = numbers(7);
  for (let round = 0; round < 500; round += 1) {
    const node = graph.nodes[next(graph.nodes.length)]!;
    const letters = [...node.label];
    const start = next(letters.length - 1);
    const fragment = letters.slice(start, start + 2 + next(letters.length - start - 1)).join("");
    assert.ok(index.find(fragment).includes(node), fragment);
    const parts = pieces(node.label, fragment);
    assert.equal(parts.join(""), node.label);
    assert.equal(parts[1], fragment);
  }
});

test("what is marked is what was looked for, also where letters fold to several or none", () => {
  assert.deepEqual(pieces("云岭茶业集团", "chaye"), ["云岭", "茶业", "集团"]);
  assert.deepEqual(pieces("大青石茶园", "茶园 大"), ["", "大", "青石", "茶园"]);
  assert.deepEqual(pieces("𠀀厂50㎡房", "m2房"), ["𠀀厂50", "㎡房"]);
  assert.deepEqual(pieces("Yun  Ling Tea", "nli"), ["Yu", "n", "  ", "Li", "ng Tea"]);
  assert.deepEqual(pieces("青石县", "云岭"), ["青石县"]);
});
