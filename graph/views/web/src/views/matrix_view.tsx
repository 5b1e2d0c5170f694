/** The selection as a matrix: how often the things of two kinds meet, at a place or anywhere. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Edge, Node } from "../data.ts";
import type { Sheet } from "../shared/csv.ts";
import { useKept } from "../shared/kept.ts";
import { type Cell, MatrixGrid } from "../shared/matrix_grid.tsx";
import { useExplorer } from "../state.ts";
import { useWords } from "../words.ts";
import { type Meetings, meetAtAll, meetings, placesOf } from "./meetings.ts";
import { Choice, Name, Relation, SaveSheet } from "./parts.tsx";
import { useSelection } from "./selection.ts";
import "./matrix_view.css";

const WORDS = {
  zh: {
    rows: "行",
    columns: "列",
    swap: "行列互换",
    where: "哪里",
    anywhere: "不限地点",
    note: "格里的数是把两者连起来的项目、主体和直接关系",
    size: (rows: number, columns: number) => `${rows} 行 × ${columns} 列`,
    none: "这里没有两者相连的，换两个类别或地点试试",
    count: (count: number) => `${count} 项`,
    close: "关闭",
  },
  en: {
    rows: "Rows",
    columns: "Columns",
    swap: "Swap",
    where: "Where",
    anywhere: "anywhere",
    note: "a cell counts the projects, bodies and edges that connect the two",
    size: (rows: number, columns: number) => `${rows} rows × ${columns} columns`,
    none: "Nothing connects the two here; try other kinds or another place",
    count: (count: number) => `${count} counted`,
    close: "Close",
  },
};

export function MatrixView() {
  const { graph, language } = useExplorer();
  const words = useWords(WORDS);
  const { nodes, edges } = useSelection();
  const kinds = useMemo(() => {
    const present = new Set([...nodes].map(({ kind }) => kind));
    return graph.kinds.filter((kind) => present.has(kind));
  }, [nodes]);
  const usual = useMemo(() => usualKinds(edges), [edges]);
  const places = useMemo(() => placesOf(edges), [edges]);
  const [wantedKinds, setKinds] = useKept<readonly [string, string] | null>("matrix kinds", null);
  const [wantedPlace, setPlace] = useKept<Node | null>("matrix place", null);
  const [row, column] = wantedKinds?.every((kind) => kinds.includes(kind)) ? wantedKinds : usual;
  const place = wantedPlace && places.includes(wantedPlace) ? wantedPlace : null;
  const found = useMemo(() => meetings(graph, edges, row, column, place), [graph, edges, row, column, place]);
  const named = kinds.map((kind) => [kind, graph.term(kind, language)] as const);
  const names = [graph.term(row, language), graph.term(column, language)] as const;
  return (
    <div class="view matrix-view">
      <div class="settings">
        <Choice label={words.rows} value={row} set={(kind) => setKinds([kind, column])} options={named} />
        <button
          type="button"
          class="plain"
          aria-label={words.swap}
          title={words.swap}
          onClick={() => setKinds([column, row])}
        >
          ⇄
        </button>
        <Choice label={words.columns} value={column} set={(kind) => setKinds([row, kind])} options={named} />
        {places.length > 0 && (
          <Choice
            label={words.where}
            value={place ? `${place.index}` : ""}
            set={(index) => setPlace(index ? graph.nodes[Number(index)]! : null)}
            options={[["", words.anywhere], ...places.map(({ index, label }) => [`${index}`, label] as const)]}
          />
        )}
        <span class="count" title={words.note}>
          {words.size(found.rows.length, found.columns.length)}
        </span>
        <SaveSheet name={names.join("×")} sheet={() => sheetOf(found, names)} disabled={!found.rows.length} />
      </div>
      {found.rows.length ? <Crossing key={found} found={found} names={names} /> : <p class="none">{words.none}</p>}
    </div>
  );
}

/** The grid, and below it what the chosen cell counts. */
function Crossing({ found, names }: { found: Meetings; names: readonly [string, string] }) {
  const { go, announce } = useExplorer();
  const words = useWords(WORDS);
  const whole = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<Cell | null>(null);
  const heading = ({ label }: Node) => ({ text: label, title: label });
  const matrix = useMemo(
    () => ({ names, rows: found.rows.map(heading), columns: found.columns.map(heading), cells: found.cells }),
    [found, ...names],
  );

  function choose(cell: Cell) {
    setChosen(cell);
    const entries = found.cells.get(cell.join(" "))!;
    const edges = entries.flatMap((entry) => entry.edges);
    announce(words.count(entries.length));
    if (edges.length === 1) go({ chosen: { edge: edges[0]! } });
  }
  function close() {
    setChosen(null);
    whole.current!.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }
  return (
    <>
      <div class="whole" ref={whole}>
        <MatrixGrid matrix={matrix} chosen={chosen} choose={choose} />
      </div>
      {chosen && <Counted key={chosen.join(" ")} found={found} cell={chosen} close={close} />}
    </>
  );
}

function Counted({ found, cell, close }: { found: Meetings; cell: Cell; close: () => void }) {
  const words = useWords(WORDS);
  const section = useRef<HTMLElement>(null);
  const entries = found.cells.get(cell.join(" "))!;
  useEffect(() => {
    section.current!.scrollIntoView({ block: "nearest" });
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      close();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <section class="counted" ref={section}>
      <h2>
        <Name node={found.rows[cell[0]]!} /> × <Name node={found.columns[cell[1]]!} />
        <small>{words.count(entries.length)}</small>
        <button type="button" class="close" aria-label={words.close} title={words.close} onClick={close}>
          ×
        </button>
      </h2>
      <ul>
        {entries.map(({ edges }, place) => (
          <li key={place}>
            {edges.map((edge) => (
              <Statement key={edge.index} edge={edge} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Statement({ edge }: { edge: Edge }) {
  const { graph, language } = useExplorer();
  return (
    <Relation edge={edge}>
      {edge.from.label} — {graph.term(edge.predicate, language)} → {edge.to.label}
    </Relation>
  );
}

/** Enterprise and Industry, or the two kinds between which there are most edges. */
function usualKinds(edges: readonly Edge[]): readonly [string, string] {
  const wanted = ["Enterprise", "Industry"] as const;
  if (meetAtAll(edges, ...wanted)) return wanted;
  const counts = new Map<string, [number, readonly [string, string]]>();
  for (const { from, to } of edges) {
    if (from.kind === to.kind) continue;
    const key = JSON.stringify([from.kind, to.kind]);
    counts.set(key, [(counts.get(key)?.[0] ?? 0) + 1, [from.kind, to.kind]]);
  }
  const [most] = [...counts.values()].sort(([one], [other]) => other - one);
  return most?.[1] ?? wanted;
}

function sheetOf({ rows, columns, cells }: Meetings, names: readonly [string, string]): Sheet {
  return [
    [names.join(" × "), ...columns.map(({ label }) => label)],
    ...rows.map(({ label }, row) => [label, ...columns.map((_, column) => cells.get(`${row} ${column}`)?.length ?? 0)]),
  ];
}
