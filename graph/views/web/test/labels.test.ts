import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "../src/data.ts";
import { curveOf, fitted, pointOf } from "../src/picture/geometry.ts";
import { type Box, groupName, type Measure, placeLabels } from "../src/picture/labels.ts";
import type { Look } from "../src/picture/surface.ts";
import { length } from "../src/picture/wrap.ts";
import { sceneOf } from "../src/scene.ts";
import { initialState, type State } from "../src/state.ts";
import { graphOf, numbers } from "./graph_of.ts";

const size = { width: 1000, height: 700 };
const measure: Measure = (text, letters, bold) => length(text) * letters * (bold ? 1.05 : 1);
const colours = { paper: "", ground: "", ink: "", quiet: "", line: "", edge: "", accent: "" };
const lookAt = (graph: Graph): Look => ({ graph, language: "zh", colours });

const LETTERS = [..."青石云岭河东镇产业园区公司项目、“”（）"];

/** Nodes with names of any length in five heaps, of which three have a node in the middle. */
function heaps(count: number, seed: number): Graph {
  const roll = numbers(seed);
  const name = () => Array.from({ length: 1 + roll(24) }, () => LETTERS[roll(LETTERS.length)]).join("");
  const graph = graphOf({
    nodes: Array.from({ length: count }, (_, place) => ({
      id: `n${place}`,
      label: name(),
      kind: place % 2 ? "Project" : "Enterprise",
      group: place % 5,
    })),
    edges: Array.from({ length: count }, (_, place) => [place, "implements", roll(count)]),
    groups: 5,
  });
  for (const group of graph.groups) {
    const centre = group.index < 3 ? graph.nodes[group.index]! : null;
    Object.assign(group, { centre, x: group.index * 700, y: (group.index % 2) * 500, radius: 40 + roll(300) });
  }
  const wide = 500 + Math.floor(count / 5);
  for (const node of graph.nodes) {
    const { x, y } = graph.groups[node.group]!;
    Object.assign(node, { x: x + roll(wide) - wide / 2, y: y + roll(wide) - wide / 2, size: 7 + roll(25) });
  }
  return graph;
}

const overlap = (one: Box, other: Box) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

test("no two names overlap, whatever is drawn, chosen and looked at", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const roll = numbers(seed * 7919);
    const part = () => roll(1000) / 1000;
    const graph = heaps(10 + roll(300), seed);
    const node = graph.nodes[roll(graph.nodes.length)]!;
    const state: State = {
      ...initialState(graph),
      open: new Set(graph.groups.filter(() => part() < 0.5)),
      chosen: part() < 0.3 ? { node } : part() < 0.3 ? { group: graph.groups[0]! } : null,
      focus: part() < 0.3 ? { node, steps: 2 } : null,
    };
    const scene = sceneOf(graph, state);
    const camera = fitted(scene.marks, scene.discs, size);
    const zoom = 0.3 + 6 * part();
    const view = { scale: camera.scale * zoom, x: camera.x - 300 * part(), y: camera.y - 300 * part() };
    const hovered = scene.marks[roll(scene.marks.length)]!;
    const labels = placeLabels(scene, view, size, lookAt(graph), measure, { hovered });
    for (const [place, one] of labels.entries())
      for (const other of labels.slice(place + 1))
        assert.ok(!overlap(one.box, other.box), `${seed}: ${JSON.stringify([one.rows, other.rows])}`);
  }
});

test("letters lie within the box of their label", () => {
  const graph = heaps(120, 3);
  const scene = sceneOf(graph, initialState(graph));
  for (const { x, rows, box } of placeLabels(
    scene,
    fitted(scene.marks, scene.discs, size),
    size,
    lookAt(graph),
    measure,
  ))
    for (const { text, size: letters, bold, y } of rows) {
      const half = measure(text, letters, bold) / 2;
      assert.ok(box.left <= x - half && x + half <= box.right && box.top <= y - 0.8 * letters && y <= box.bottom);
    }
});

test("closed groups tell their name and counts, within their disc where it has room", () => {
  const graph = heaps(200, 5);
  const scene = sceneOf(graph, initialState(graph));
  const camera = fitted(scene.marks, scene.discs, size);
  const labels = placeLabels(scene, camera, size, lookAt(graph), measure);
  for (const mark of scene.marks) {
    const label = labels.find(({ of }) => of === mark);
    if (!mark.group || mark.radius * camera.scale < 60) continue;
    assert.ok(label, mark.key);
    assert.equal(label.x, mark.x * camera.scale + camera.x);
    assert.match(label.rows.at(-1)!.text, /项目|企业/);
  }
  assert.equal(groupName(graph, graph.groups[0]!, "zh"), graph.nodes[0]!.label);
  assert.equal(groupName(graph, graph.groups[3]!, "zh"), "其他项目");
});

test("what is chosen or under the pointer is named before all others", () => {
  const graph = heaps(400, 9);
  const [chosen, far] = [graph.nodes[399]!, graph.nodes[390]!];
  const state: State = { ...initialState(graph), open: new Set(graph.groups), chosen: { node: chosen } };
  const scene = sceneOf(graph, state);
  const hovered = scene.marks.find(({ node }) => node === far)!;
  const camera = fitted(scene.marks, scene.discs, size);
  const named = placeLabels(scene, camera, size, lookAt(graph), measure, { hovered }).map(({ of }) => of);
  assert.ok(named.includes(hovered));
  const faint = placeLabels(scene, camera, size, lookAt(graph), measure);
  assert.ok(faint.some(({ of }) => "node" in of && of.node === chosen));
  assert.ok(!faint.some(({ of }) => "faint" in of && of.faint));
});

test("few lines say what they are", () => {
  const graph = heaps(12, 11);
  const scene = sceneOf(graph, { ...initialState(graph), open: new Set(graph.groups) });
  const labels = placeLabels(scene, { scale: 1, x: 0, y: 0 }, { width: 4000, height: 3000 }, lookAt(graph), measure);
  assert.ok(labels.some(({ of }) => "edges" in of));
  const afar = placeLabels(scene, { scale: 0.3, x: 0, y: 0 }, size, lookAt(graph), measure);
  assert.ok(!afar.some(({ of }) => "edges" in of));
});

test("ten thousand names: only some, and of those in view", () => {
  const graph = heaps(10000, 13);
  const scene = sceneOf(graph, { ...initialState(graph), open: new Set(graph.groups) });
  const labels = placeLabels(scene, { scale: 2, x: -800, y: -300 }, size, lookAt(graph), measure);
  assert.ok(labels.length > 0 && labels.length <= 260);
  const moving = placeLabels(scene, { scale: 2, x: -800, y: -300 }, size, lookAt(graph), measure, { moving: true });
  assert.ok(moving.length <= 40);
});

test("edges of the same two nodes lie apart, whichever way they lead, and loops outside their sign", () => {
  const nodes = [{ label: "青石" }, { label: "云岭" }];
  const graph = graphOf({
    nodes,
    edges: [0, 1, 0, 0].map((from, place) => [from, "within", place < 3 ? 1 - from : 0]),
  });
  Object.assign(graph.nodes[1]!, { x: 200, y: 50 });
  for (const node of graph.nodes) node.size = 10;
  const { lines } = sceneOf(graph, initialState(graph));
  const middles = lines.map((line) => pointOf(curveOf(line, { scale: 1, x: 0, y: 0 })!, 0.5));
  assert.equal(middles.length, 4);
  for (const [place, [x, y]] of middles.entries())
    for (const [otherX, otherY] of middles.slice(place + 1)) assert.ok(Math.hypot(x - otherX, y - otherY) > 15);
  assert.ok(Math.hypot(...middles[3]!) > 10);
});

test("all that is drawn is in view at first", () => {
  const graph = heaps(90, 17);
  for (const open of [new Set<never>(), new Set(graph.groups)]) {
    const { marks, discs } = sceneOf(graph, { ...initialState(graph), open });
    const { scale, x, y } = fitted(marks, discs, size);
    for (const mark of [...marks, ...discs]) {
      const [left, top] = [(mark.x - mark.radius) * scale + x, (mark.y - mark.radius) * scale + y];
      assert.ok(left >= 0 && top >= 0);
      assert.ok(left + 2 * mark.radius * scale <= size.width && top + 2 * mark.radius * scale <= size.height);
    }
  }
});
