import "./styles.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentType } from "preact";
import { renderToString } from "preact-render-to-string";
import { fromAddress, toAddress } from "../src/address.ts";
import { Graph, type Payload } from "../src/data.ts";
import { jsonLdOf } from "../src/export/jsonld.ts";
import { sheetOf } from "../src/export/svg.ts";
import { turtleOf } from "../src/export/turtle.ts";
import { sceneOf, selectionOf } from "../src/scene.ts";
import { ExplorerContext, focusOn, initialState, type State, VIEWS } from "../src/state.ts";
import { graphOf } from "./graph_of.ts";
import { payload } from "./payload.ts";

const parts: ComponentType[] = [
  (await import("../src/views/table_view.tsx")).TableView,
  (await import("../src/views/matrix_view.tsx")).MatrixView,
  (await import("../src/views/tree_view.tsx")).TreeView,
  (await import("../src/views/targets_view.tsx")).TargetsView,
  (await import("../src/views/places_view.tsx")).PlacesView,
  (await import("../src/finding/legend.tsx")).Legend,
  (await import("../src/panel/panel.tsx")).Panel,
];

const changed = (change: Partial<Payload>) => new Graph({ ...payload(), ...change });
const GRAPHS: Record<string, Graph> = {
  "of nothing": graphOf({ nodes: [], kinds: [] }),
  "of one node": graphOf({ nodes: [{ label: "甲" }] }),
  "of a node of no kind that is tied to itself": graphOf({
    nodes: [{ label: "", kind: "" }],
    edges: [[0, "", 0]],
    kinds: [""],
  }),
  "without edges": graphOf({ nodes: [{ label: "甲" }, { label: "乙", kind: "Enterprise" }], groups: 1 }),
  "whose names all objects have": graphOf({
    nodes: ["__proto__", "constructor", "toString"].map((label) => ({ label, kind: label, aliases: [label] })),
    edges: [
      [0, "__proto__", 1],
      [1, "constructor", 2],
    ],
    kinds: ["__proto__", "constructor", "toString"],
  }),
  "without groups and sections": changed({
    groups: [],
    nodes: { ...payload().nodes, group: [-1, -1, -1, -1, -1, -1] },
    documents: [{ title: "", sha256: "", text: null, sections: [] }],
    passages: [[0, -1, 1, 0, 3, null, null, null]],
    edges: { ...payload().edges, passages: [[0], [0], [], [], []] },
    targets: [
      [3, "产值", null, "翻番", "", null, "", "target", []],
      ["行动", "", null, "", "", null, "", "baseline", []],
      [-1, "人口", 0, "0", "%", 2025, "~", "target", [0]],
    ],
  }),
};
// What would name passages that these have not.
for (const node of GRAPHS["without groups and sections"]!.nodes) node.passages.length = 0;

for (const [name, graph] of Object.entries(GRAPHS))
  test(`a graph ${name} is shown, taken away and linked to`, () => {
    const [node] = graph.nodes;
    const [edge] = graph.edges;
    const states: Partial<State>[] = [
      {},
      { hiddenKinds: new Set(graph.kinds), hiddenRelations: new Set([edge?.predicate ?? ""]) },
      ...(node ? [focusOn(node), { path: { from: node, to: graph.nodes.at(-1)!, slack: 1 } }] : []),
      ...(edge ? [{ chosen: { edge } }] : []),
      ...graph.groups.map((group) => ({ chosen: { group }, open: new Set([group]) })),
    ];
    for (const change of states) {
      const state: State = { ...initialState(graph), ...change };
      for (const language of ["zh", "en"] as const) {
        const rest = { go() {}, announce() {}, read() {} };
        for (const Part of parts) {
          const html = renderToString(
            <ExplorerContext.Provider value={{ graph, state, language, theme: "light", ...rest }}>
              <Part />
            </ExplorerContext.Provider>,
          );
          assert.doesNotMatch(html, /undefined|NaN|Infinity|\[object|function /);
        }
        assert.doesNotMatch(sheetOf(graph, state, language).svg, /undefined|NaN|Infinity|\[object/);
      }
      const selection = selectionOf(graph, state);
      assert.equal(typeof turtleOf(graph, selection) + typeof jsonLdOf(graph, selection), "stringstring");
      assert.ok(sceneOf(graph, state).marks.every(({ x, y, radius }) => Number.isFinite(x + y + radius)));
      for (const view of VIEWS) {
        const one = fromAddress(graph, toAddress(graph, { ...state, view }));
        // Relations that are nowhere are not told.
        assert.deepEqual({ ...one, hiddenRelations: null }, { ...state, view, hiddenRelations: null });
      }
    }
  });
