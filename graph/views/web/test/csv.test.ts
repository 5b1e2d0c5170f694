import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf, tsvOf } from "../src/shared/csv.ts";
import { guard } from "../src/shared/guard.ts";

// The examples of tests/loaders/test_rows.py.
test("what a spreadsheet would compute or rewrite is guarded", () => {
  for (const text of [
    "=1+1",
    "+86",
    "-乙",
    "@甲",
    "＝甲",
    "\t甲",
    "12.5%",
    "1:2",
    "1-2",
    "2021/3",
    "001",
    "7.20",
    "2E3",
  ])
    assert.equal(guard(text), `'${text}`);
  assert.equal(guard("'=1"), "''=1");
});

test("what a spreadsheet leaves alone is not", () => {
  for (const text of ["", "甲-乙", "-3.5", "12.5", "2025", "0.6", "23:1205-1209", "'甲'", "6.9:44.6:48.5", "5G"])
    assert.equal(guard(text), text);
});

test("a file begins with the mark by which Excel knows UTF-8, and quotes what parts cells and lines", () => {
  const rows = [
    ["谁", "数"],
    ['"甲", 乙', -5],
    ["两\n行", 0.5],
    ["=1+1", 1e21],
  ];
  assert.equal(csvOf(rows), '\ufeff谁,数\r\n"""甲"", 乙",-5\r\n"两\n行",0.5\r\n\'=1+1,1e+21\r\n');
});

test("rows to paste are lines of cells, in which a quote at the beginning is not lost", () => {
  assert.equal(
    tsvOf([
      ['"甲"', "两\r\n行"],
      ["a\tb", 2],
    ]),
    '"""甲"""\t两 行\r\na b\t2',
  );
});
