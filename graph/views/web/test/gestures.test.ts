import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import Gestures from "../src/picture/gestures.ts";

const NAMES = ["tap", "doubletap", "panstart", "panmove", "panend", "pinch"];

/** What is told of pointers that come, move and leave; each as its kind, its number and its place. */
function watched() {
  const element = Object.assign(new EventTarget(), { style: {} });
  const page = new EventTarget();
  Object.assign(globalThis, { window: page });
  const gestures = new Gestures(element as unknown as HTMLElement);
  const told: string[] = [];
  let last = { center: { x: 0, y: 0 }, scale: 0 };
  for (const name of NAMES)
    gestures.on(name, (gesture) => {
      told.push(name);
      last = gesture;
    });
  gestures.on("hammer.input", ({ isFirst, isFinal }) => {
    if (isFirst || isFinal) told.push(isFirst ? "first" : "final");
  });
  const send = (type: string, pointerId: number, clientX: number, button = 0) =>
    (type === "pointerdown" ? element : page).dispatchEvent(
      Object.assign(new Event(type), { pointerId, clientX, clientY: 0, button }),
    );
  return { gestures, told, send, last: () => last };
}

test("a tap is told at once, and the second near it as a double one too", () => {
  const { told, send } = watched();
  for (const x of [10, 12, 13]) {
    send("pointerdown", 1, x);
    send("pointermove", 1, x + 3);
    send("pointerup", 1, x + 3);
  }
  const tap = ["first", "final", "tap"];
  assert.deepEqual(told, [...tap, ...tap, "doubletap", ...tap]);
});

test("a hand that moves pans, and does not tap", () => {
  const { told, send, last } = watched();
  send("pointerdown", 1, 0);
  for (const x of [8, 20]) send("pointermove", 1, x);
  send("pointermove", 2, 99);
  send("pointerup", 1, 20);
  assert.deepEqual(told, ["first", "panstart", "panmove", "final", "panend"]);
  assert.equal(last().center.x, 20);
});

test("two hands pinch, whatever one did before; what is left of them does nothing", () => {
  const { told, send, last } = watched();
  send("pointerdown", 1, 0);
  send("pointermove", 1, 10);
  send("pointerdown", 2, 110);
  send("pointermove", 2, 210);
  assert.deepEqual(last(), { ...last(), scale: 2, center: { x: 110, y: 0 } });
  send("pointerup", 2, 210);
  send("pointermove", 1, 60);
  send("pointercancel", 1, 60);
  assert.deepEqual(told, ["first", "panstart", "panend", "pinch", "final"]);
});

test("a slow tap is a tap too", async () => {
  const { told, send } = watched();
  send("pointerdown", 1, 0);
  await wait(400);
  send("pointerup", 1, 0);
  assert.deepEqual(told, ["first", "final", "tap"]);
});

test("other buttons are for others, and nothing is told in the end", () => {
  const { gestures, told, send } = watched();
  send("pointerdown", 1, 0, 2);
  gestures.destroy();
  send("pointerdown", 1, 0);
  assert.deepEqual(told, []);
});
