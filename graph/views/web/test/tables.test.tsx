import "./styles.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToString } from "preact-render-to-string";
import { Graph } from "../src/data.ts";
import type { Column, Order } from "../src/shared/grid.tsx";
import { ExplorerContext, initialState } from "../src/state.ts";
import { payload } from "./payload.ts";

const { Grid, useFound } = await import("../src/shared/grid.tsx");
const { MatrixGrid } = await import("../src/shared/matrix_grid.tsx");
const { TableView } = await import("../src/views/table_view.tsx");
const { MatrixView } = await import("../src/views/matrix_view.tsx");

interface Town {
  name: string;
  count: number;
}
const columns: Column<Town>[] = [
  { heading: "镇", width: "wide", value: ({ name }) => name },
  { heading: "数", width: "number", value: ({ count }) => count },
];
const towns = ["赵城", "", "安泰", "中医院", "北京"].map((name, place) => ({ name, count: (place * 7) % 5 }));

function found(search: string, order: Order | null): string[] {
  let rows: string[] = [];
  function Seen() {
    rows = useFound(towns, columns, search, order).map(({ name }) => name);
    return null;
  }
  renderToString(<Seen />);
  return rows;
}

test("rows are found by all words, names sorted by pinyin, gaps last", () => {
  assert.deepEqual(found("", { column: 0, down: false }), ["安泰", "北京", "赵城", "中医院", ""]);
  assert.deepEqual(found("", { column: 0, down: true }), ["中医院", "赵城", "北京", "安泰", ""]);
  assert.deepEqual(found("", { column: 1, down: true }), ["安泰", "北京", "", "中医院", "赵城"]);
  assert.deepEqual(found("院 中", null), ["中医院"]);
});

test("of twenty thousand rows, those in view are elements, and each tells its place", () => {
  const rows = Array.from({ length: 20_000 }, (_, place) => ({ name: `镇${place}`, count: place }));
  const html = renderToString(
    <Grid
      label="表"
      rows={rows}
      columns={columns}
      order={{ column: 1, down: true }}
      setOrder={() => {}}
      isChosen={({ count }) => count === 1}
      open={() => {}}
    />,
  );
  assert.match(html, /role="grid"[^>]*aria-rowcount="20001"/);
  assert.ok(html.match(/<tr/g)!.length < 80);
  assert.match(html, /aria-rowindex="2"/);
  assert.match(html, /id="row-1"[^>]*aria-selected="true"/);
  assert.deepEqual(html.match(/aria-sort="[a-z]+"/g), ['aria-sort="none"', 'aria-sort="descending"']);
});

test("a matrix counts what is in several cells once in a total", () => {
  const cells = new Map([
    ["0 0", [{ what: "p" }, { what: "q" }]],
    ["0 1", [{ what: "p" }]],
  ]);
  const headings = (...names: string[]) => names.map((text) => ({ text, title: text }));
  const matrix = { names: ["谁", "产业"] as const, rows: headings("甲"), columns: headings("茶", "酒"), cells };
  const html = renderToString(<MatrixGrid matrix={matrix} chosen={[0, 1]} choose={() => {}} />);
  assert.match(html, /aria-label="甲，茶: 2"/);
  assert.deepEqual(
    [...html.matchAll(/<td class="total"[^>]*>(\d+)/g)].map(([, count]) => count),
    ["2", "2", "1"],
  );
  assert.equal(html.match(/aria-selected="true"/g)!.length, 1);
});

test("the explorer's table and matrix tell relations with their sources", () => {
  const graph = new Graph(payload());
  const state = initialState(graph);
  const rest = { go() {}, announce() {}, read() {} };
  const told = (View: () => preact.JSX.Element) =>
    renderToString(
      <ExplorerContext.Provider value={{ graph, state, language: "zh", theme: "light", ...rest }}>
        <View />
      </ExplorerContext.Provider>,
    );
  const table = told(TableView)
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
  assert.match(table, /5 行/);
  assert.match(table, /云岭茶厂 企业 承担 茶园项目 项目 规划 1/);
  assert.match(told(MatrixView), /aria-label="[^"]+，[^"]+: 1"/);
});
