import assert from "node:assert/strict";
import { test } from "node:test";
import { PlanText } from "../src/plan_text.ts";

const TEXTS = ["", "青石县", "𠀀县\r\n一、\t工业𠮷", "a𠀀𠀀b", "\n\n𠀀", "只有常用字\r\n第二行"];

test("a slice is what Python's slice by code points is", () => {
  for (const text of TEXTS) {
    const letters = [...text];
    const plan = new PlanText(text);
    assert.equal(plan.length, letters.length);
    for (let start = 0; start <= letters.length; start += 1)
      for (let end = start; end <= letters.length; end += 1)
        assert.equal(
          plan.slice(start, end),
          letters.slice(start, end).join(""),
          `${JSON.stringify(text)} ${start}:${end}`,
        );
  }
});

test("code points are found in the JavaScript string", () => {
  const plan = new PlanText("a𠀀b");
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((at) => plan.at(at)),
    [0, 1, 3, 4, 4],
  );
  assert.equal(new PlanText("ab").at(2), 2);
});
