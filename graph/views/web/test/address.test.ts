import assert from "node:assert/strict";
import { test } from "node:test";
import { fromAddress, toAddress } from "../src/address.ts";
import { type Chosen, initialState, openingState, overview, type State, VIEWS } from "../src/state.ts";
import { graphOf, numbers } from "./graph_of.ts";

const IDS = [
  "urn:青石",
  "a~b",
  "a!tb",
  "!",
  "~",
  "a&open=1#x",
  "%7E+ ?",
  "edge",
  "group",
  "between",
  "𠀀",
  "<b>\u2028",
];
const graph = graphOf({
  nodes: [...IDS, ...Array.from({ length: 160 }, (_, place) => `n${place}`)].map((label, place) => ({
    label,
    kind: ["Project", "Enterprise", ""][place % 3]!,
    group: place % 4,
  })),
  edges: IDS.map((_, place) => [place, ["is~in", "", "by!"][place % 3]!, (place * 5 + 1) % IDS.length]),
  kinds: ["Project", "Enterprise", ""],
  groups: 4,
});

function random(seed: number): State {
  const next = numbers(seed);
  const one = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const some = <T>(list: readonly T[]): T[] => list.filter(() => !next(3));
  const node = () => graph.nodes[next(IDS.length)]!;
  const relations = () =>
    Array.from({ length: next(3) }, () => ({ node: node(), predicate: one(graph.edges).predicate, outward: !next(2) }));
  const chosen: (Chosen | null)[] = [
    null,
    { node: node() },
    { edge: one(graph.edges) },
    { group: one(graph.groups) },
    { between: [one(graph.groups), one(graph.groups)] },
  ];
  return {
    view: one(VIEWS),
    chosen: one(chosen),
    open: new Set(some(graph.groups)),
    focus: next(2) ? { node: node(), steps: 1 + next(2) } : null,
    path: next(2) ? { from: node(), to: node(), slack: next(2) } : null,
    expanded: relations(),
    collapsed: relations(),
    hiddenKinds: new Set(some(graph.kinds)),
    hiddenRelations: new Set(some(["is~in", "", "by!"])),
  };
}

test("an address restores the state that it was made of, whatever things are called", () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const state = random(seed);
    assert.deepEqual(fromAddress(graph, `#${toAddress(graph, state)}`), state, `seed ${seed}`);
  }
});

test("the first state has an empty address, and an empty address is the first state", () => {
  assert.equal(toAddress(graph, initialState(graph)), "");
  for (const hash of ["", "#"]) assert.deepEqual(fromAddress(graph, hash), initialState(graph));
});

test("where an edge was seen from is not told", () => {
  const edge = graph.edges[0]!;
  const state = { ...initialState(graph), chosen: { edge, seenFrom: edge.to } };
  assert.deepEqual(fromAddress(graph, toAddress(graph, state)).chosen, { edge });
});

test("what the page has not is left out", () => {
  for (const hash of [
    "#view=nowhere&around=urn:gone~2&path=urn:gone~edge~1&chosen=urn:gone&more=urn:gone~by~%3E&less=edge&without=Gone&unrelated=gone",
    "#chosen=edge~a~b&path=edge&without=toString",
    "#chosen=group~9",
    "#chosen=between~0",
    "#%%%=%E0%A4%A&&=&~",
  ])
    assert.deepEqual(fromAddress(graph, hash), initialState(graph), hash);
  assert.deepEqual(fromAddress(graph, "#open=9~x~-1~1").open, new Set([graph.groups[1]]));
});

test("a page of one thing opens at it, and its overview has an address too", () => {
  const page = graphOf({ nodes: [{ label: "甲" }, { label: "乙" }], edges: [[0, "r", 1]], around: [1, 2] });
  const opening = openingState(page);
  assert.deepEqual([opening.focus?.node.label, opening.focus?.steps], ["乙", 2]);
  assert.deepEqual(fromAddress(page, toAddress(page, opening)), opening);
  const whole = { ...opening, ...overview(page) };
  assert.notEqual(toAddress(page, whole), "");
  assert.deepEqual(fromAddress(page, toAddress(page, whole)), whole);
});
