import assert from "node:assert/strict";
import { test } from "node:test";
import { Graph } from "../src/data.ts";
import { curveOf, fitted, pointOf } from "../src/picture/geometry.ts";
import { hitAt, lineAt, markAt } from "../src/picture/hits.ts";
import { type Label, placeLabels } from "../src/picture/labels.ts";
import { sceneOf } from "../src/scene.ts";
import { initialState } from "../src/state.ts";
import { payload } from "./payload.ts";

const SIZE = { width: 800, height: 600 };
const SAME = { scale: 1, x: 0, y: 0 };

/** Six nodes: five in a row, 100 apart, the last below the middle. */
function row(open: number[] = [0, 1]) {
  const data = payload();
  data.nodes.x = [100, 200, 300, 400, 500, 300];
  data.nodes.y = [100, 100, 100, 100, 100, 300];
  const graph = new Graph(data);
  const scene = sceneOf(graph, { ...initialState(graph), open: new Set(open.map((place) => graph.groups[place]!)) });
  return { graph, scene, mark: (node: number) => scene.marks.find(({ key }) => key === `n${node}`)! };
}

test("the nearest mark within reach is found; a node above the disc of its group", () => {
  const { scene, mark } = row();
  assert.equal(markAt(scene.marks, SAME, { x: 203, y: 100 }, 6), mark(1));
  assert.equal(markAt(scene.marks, SAME, { x: 212, y: 100 }, 6), mark(1));
  assert.equal(markAt(scene.marks, SAME, { x: 230, y: 100 }, 6), null);
  const disc = row([0]).scene.marks.find(({ group }) => group)!;
  const above = { ...mark(1), x: disc.x, y: disc.y };
  for (const marks of [
    [disc, above],
    [above, disc],
  ])
    assert.equal(markAt(marks, SAME, { x: disc.x + 2, y: disc.y }, 6), above);
  assert.equal(markAt([disc, above], SAME, { x: disc.x + 30, y: disc.y }, 6), disc);
});

test("a line is found along its curve, a lit one before a faint one", () => {
  const { scene } = row();
  const [line] = scene.lines;
  assert.equal(lineAt([line!], SAME, { x: 150, y: 104 }, 6), line);
  assert.equal(lineAt([line!], SAME, { x: 150, y: 107 }, 6), null);
  const bent = { ...line!, bend: 1 };
  const [x, y] = pointOf(curveOf(bent, SAME)!, 0.5);
  assert.ok(Math.abs(y - 100) > 6);
  assert.equal(lineAt([bent], SAME, { x, y }, 2), bent);
  const faint = { ...line!, faint: true };
  assert.equal(lineAt([faint, line!], SAME, { x: 150, y: 100 }, 6), line);
});

test("a name stands for its own line or node, whatever passes behind it; not for a disc, nor over a sign", () => {
  const { graph, scene, mark } = row();
  const [line, another] = scene.lines;
  const box = { left: 140, top: 90, right: 160, bottom: 110 };
  const label = (of: Label["of"], more = {}): Label => ({ of, x: 150, rows: [], box: { ...box, ...more } });
  const hit = (labels: Label[], x = 150) => hitAt(scene, labels, SAME, { x, y: 100 }, 6);
  assert.equal(hit([]), line);
  assert.equal(hit([label(another!)]), another);
  assert.equal(hit([label(mark(5))]), mark(5));
  assert.equal(hit([label(graph.groups[0]!)]), line);
  assert.equal(hit([label(another!, { right: 220 })], 200), mark(1));
});

test("where names were placed, they are hit", () => {
  const { graph, scene } = row();
  const look = { graph, language: "zh" as const, colours: {} as never };
  const labels = placeLabels(scene, SAME, SIZE, look, (text, size) => [...text].length * size);
  const named = labels.filter(({ of }) => !("members" in of));
  assert.ok(named.some(({ of }) => "edges" in of) && named.some(({ of }) => "node" in of));
  for (const { of, x, box } of named)
    assert.equal(hitAt(scene, labels, SAME, { x, y: (box.top + box.bottom) / 2 }, 0), of);
});

test("all marks and discs lie in the fitted view", () => {
  const { scene } = row();
  for (const size of [SIZE, { width: 300, height: 700 }, { width: 1400, height: 200 }]) {
    const { scale, x, y } = fitted(scene.marks, scene.discs, size);
    for (const { x: across, y: down, radius } of [...scene.marks, ...scene.discs]) {
      const [left, top, room] = [across * scale + x, down * scale + y, radius * scale];
      assert.ok(left > room && left < size.width - room && top > room && top < size.height - room);
    }
  }
});

test("one small thing is not shown from nearer than needed, and nothing from the middle", () => {
  const { mark } = row();
  assert.equal(fitted([mark(1)], [], SIZE).scale, 1.4);
  assert.deepEqual(fitted([], [], SIZE), { scale: 1, x: 400, y: 300 });
});
