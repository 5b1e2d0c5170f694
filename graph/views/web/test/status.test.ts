import assert from "node:assert/strict";
import { test } from "node:test";
import { STATUSES, statusName } from "../src/shared/status.ts";

test("every status has a name of its own; what is none stays as it is", () => {
  assert.equal(new Set(STATUSES.map((status) => statusName(status, "zh"))).size, STATUSES.length);
  assert.equal(statusName("planned", "en"), "planned");
  for (const word of ["停工", "", "constructor", "__proto__"]) assert.equal(statusName(word, "zh"), word);
});
