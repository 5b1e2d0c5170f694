/** The selection as tables: its relations, and its things. */
import { useMemo } from "preact/hooks";
import type { Edge, Node } from "../data.ts";
import { relationRows } from "../export/relations.ts";
import { cited } from "../shared/cited.ts";
import type { Sheet } from "../shared/csv.ts";
import { type Column, Grid, type Order, useFound } from "../shared/grid.tsx";
import { useKept } from "../shared/kept.ts";
import { Sign } from "../shared/sign.tsx";
import { statusName, statusOf } from "../shared/status.ts";
import { type Explorer, useExplorer } from "../state.ts";
import { useWords } from "../words.ts";
import { Filter, SaveSheet } from "./parts.tsx";
import { useSelection } from "./selection.ts";
import "./table_view.css";

const WORDS = {
  zh: {
    relations: "关系",
    things: "对象",
    tables: "看哪一张表",
    who: "主体",
    relation: "关系",
    whom: "客体",
    status: "进展",
    sources: "出处",
    name: "名称",
    kind: "类别",
    aliases: "别名",
    code: "代码",
    count: "关系数",
    passages: "提及",
    sayings: "原文",
    filter: "筛选：名称、类别、关系，几个词用空格分开",
    rows: (found: number, all: number) => (found === all ? `${all} 行` : `找到 ${found} 行，共 ${all} 行`),
    none: "没有符合的行",
    clear: "清除筛选",
    keys: (table: string) => `${table}：方向键移动，回车看出处`,
    comma: "、",
    more: (count: number) => `还有 ${count} 处`,
  },
  en: {
    relations: "Relations",
    things: "Things",
    tables: "Which table",
    who: "Who",
    relation: "Relation",
    whom: "Whom",
    status: "Status",
    sources: "Sources",
    name: "Name",
    kind: "Kind",
    aliases: "Aliases",
    code: "Code",
    count: "Relations",
    passages: "Mentions",
    sayings: "Text",
    filter: "Filter: names, kinds, relations",
    rows: (found: number, all: number) =>
      found === all ? `${all} row${all === 1 ? "" : "s"}` : `${found} of ${all} rows found`,
    none: "No row fits",
    clear: "Clear the filter",
    keys: (table: string) => `${table}: arrow keys move, Enter opens the source`,
    comma: ", ",
    more: (count: number) => `${count} more`,
  },
};
type Words = (typeof WORDS)["zh"];

/** Characters in a cell; Excel holds 32,767. */
const CELL = 32_000;

export function TableView() {
  const words = useWords(WORDS);
  const [table, setTable] = useKept<"relations" | "things">("table", "relations");
  const tabs = (
    // biome-ignore lint/a11y/useSemanticElements: two buttons in a row of settings are no fieldset
    <span role="group" class="tabs" aria-label={words.tables}>
      {(["relations", "things"] as const).map((name) => (
        <button
          type="button"
          key={name}
          aria-current={name === table ? "page" : undefined}
          onClick={() => setTable(name)}
        >
          {words[name]}
        </button>
      ))}
    </span>
  );
  return table === "relations" ? <Relations tabs={tabs} /> : <Things tabs={tabs} />;
}

function Relations({ tabs }: { tabs: preact.JSX.Element }) {
  const explorer = useExplorer();
  const { graph, state, language, go } = explorer;
  const words = useWords(WORDS);
  const { edges } = useSelection();
  const columns = useMemo(() => relationColumns(explorer, words), [graph, language]);
  const chosen = state.chosen && "edge" in state.chosen ? state.chosen.edge : null;
  return (
    <Table
      name="relations"
      tabs={tabs}
      rows={edges}
      columns={columns}
      isChosen={(edge) => edge === chosen}
      open={(edge) => go({ chosen: { edge } })}
      save={(found) => relationRows(graph, found, language)}
    />
  );
}

function Things({ tabs }: { tabs: preact.JSX.Element }) {
  const explorer = useExplorer();
  const { graph, state, language, go } = explorer;
  const words = useWords(WORDS);
  const { nodes, edges } = useSelection();
  const rows = useMemo(() => [...nodes], [nodes]);
  const columns = useMemo(() => thingColumns(explorer, words, edges), [graph, language, edges]);
  const chosen = state.chosen && "node" in state.chosen ? state.chosen.node : null;
  return (
    <Table
      name="things"
      tabs={tabs}
      rows={rows}
      columns={columns}
      isChosen={(node) => node === chosen}
      open={(node) => go({ chosen: { node } })}
      save={(found) => [
        [...columns.map(({ heading }) => heading), words.sayings, "IRI"],
        ...found.map((node) => [
          ...columns.map(({ value }) => value(node)),
          mentionsOf(explorer, words, node),
          node.id,
        ]),
      ]}
    />
  );
}

/** What the plans say of a thing, each sentence with its place, as far as a spreadsheet's cell holds it. */
function mentionsOf({ graph, language }: Explorer, words: Words, node: Node): string {
  const lines = node.passages.map((place) => {
    const passage = graph.passages[place]!;
    const { before, quote, after } = passage;
    const source = cited(passage, graph.documents.length > 1, language);
    return quote === null ? source : `${source}: ${(before + quote + after).trim()}`;
  });
  let length = 0;
  const fit = lines.filter((line) => {
    length += line.length + 1;
    return length <= CELL;
  });
  return [...fit, ...(fit.length < lines.length ? [words.more(lines.length - fit.length)] : [])].join("\n");
}

function relationColumns({ graph, language }: Explorer, words: Words): Column<Edge>[] {
  const named = (node: Node) => `${node.label} ${graph.term(node.kind, language)}`;
  const shown = (node: Node) => (
    <>
      <Sign style={graph.styles[node.kind]} /> {node.label}
      <small>{graph.term(node.kind, language)}</small>
    </>
  );
  return [
    { heading: words.who, width: "wide", value: ({ from }) => named(from), show: ({ from }) => shown(from) },
    { heading: words.relation, width: "middle", value: ({ predicate }) => graph.term(predicate, language) },
    { heading: words.whom, width: "wide", value: ({ to }) => named(to), show: ({ to }) => shown(to) },
    { heading: words.status, width: "narrow", value: (edge) => statusName(statusOf(edge), language) },
    { heading: words.sources, width: "number", value: ({ passages }) => passages.length },
  ];
}

function thingColumns({ graph, language }: Explorer, words: Words, edges: readonly Edge[]): Column<Node>[] {
  const counts = new Map<Node, number>();
  for (const { from, to } of edges)
    for (const node of new Set([from, to])) counts.set(node, (counts.get(node) ?? 0) + 1);
  return [
    {
      heading: words.name,
      width: "wide",
      value: ({ label }) => label,
      show: ({ kind, label }) => (
        <>
          <Sign style={graph.styles[kind]} /> {label}
        </>
      ),
    },
    { heading: words.kind, width: "narrow", value: ({ kind }) => graph.term(kind, language) },
    { heading: words.aliases, width: "wide", value: ({ about }) => (about.aliases ?? []).join(words.comma) },
    { heading: words.code, width: "middle", value: ({ about }) => about.code ?? "" },
    { heading: words.count, width: "number", value: (node) => counts.get(node) ?? 0 },
    { heading: words.passages, width: "number", value: ({ passages }) => passages.length },
  ];
}

function Table<Row>({
  name,
  tabs,
  rows,
  columns,
  isChosen,
  open,
  save,
}: {
  name: "relations" | "things";
  tabs: preact.JSX.Element;
  rows: readonly Row[];
  columns: Column<Row>[];
  isChosen: (row: Row) => boolean;
  open: (row: Row) => void;
  save: (found: Row[]) => Sheet;
}) {
  const words = useWords(WORDS);
  const [search, setSearch] = useKept(`${name} search`, "");
  const [order, setOrder] = useKept<Order | null>(`${name} order`, null);
  const found = useFound(rows, columns, search, order);
  return (
    <div class="view table-view">
      <div class="settings">
        {tabs}
        <Filter label={words.filter} value={search} set={setSearch} />
        <span class="count" role="status">
          {words.rows(found.length, rows.length)}
        </span>
        <SaveSheet name={words[name]} sheet={() => save(found)} />
      </div>
      <Grid
        label={words.keys(words[name])}
        rows={found}
        columns={columns}
        order={order}
        setOrder={setOrder}
        isChosen={isChosen}
        open={open}
      />
      {!found.length && (
        <p class="none">
          {words.none}　
          {search && (
            <button type="button" class="plain" onClick={() => setSearch("")}>
              {words.clear}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
