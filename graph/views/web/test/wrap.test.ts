import assert from "node:assert/strict";
import { test } from "node:test";
import { length, wrapped } from "../src/picture/wrap.ts";

test("short names stay on one line", () => {
  assert.deepEqual(wrapped("青石镇"), ["青石镇"]);
  assert.deepEqual(wrapped(""), [""]);
});

test("long names are broken between words, evenly, and lose nothing", () => {
  const name = "青石镇生态农业观光示范园";
  const lines = wrapped(name);
  assert.equal(lines.join(""), name);
  assert.equal(lines.length, 2);
  assert.ok(Math.abs(length(lines[0]!) - length(lines[1]!)) <= 3, lines.join("|"));
});

test("no line begins with punctuation or ends with an opening one", () => {
  for (const name of [
    "创新驱动、科教兴县、人才强县工程",
    "“茶旅”“文旅”融合示范带（一期）工程",
    "云岭电子（西部）有限责任公司，青石分公司",
    "《青石镇志》编纂与出版、发行工程",
  ])
    for (const limit of [4.5, 6, 8.5])
      for (const line of wrapped(name, limit)) {
        assert.doesNotMatch(line, /^[、，。；：！？）)”’」』》〉·…%]/u, `${limit} ${line}`);
        assert.doesNotMatch(line, /[（(“‘「『《〈]$/u, `${limit} ${line}`);
      }
});

test("three lines at most, the last one tells that there is more", () => {
  const lines = wrapped("青石".repeat(40));
  assert.equal(lines.length, 3);
  assert.ok(lines[2]!.endsWith("…"));
});

test("a word that is longer than a line is cut", () => {
  const lines = wrapped("Donaudampfschifffahrtsgesellschaft");
  assert.ok(lines.every((line) => length(line) <= 9.5));
});

test("letters of other scripts are narrower, and blanks at the ends of lines go", () => {
  assert.deepEqual(wrapped("Qingshi  Tea\nCo."), ["Qingshi", "Tea Co."]);
});
