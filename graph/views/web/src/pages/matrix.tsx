/** The page of a matrix: graph/views/matrix.py. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Cell, type Matrix, MatrixGrid } from "../shared/matrix_grid.tsx";
import { Hint, Passages } from "../shared/passages.tsx";
import { useWords } from "../words.ts";
import { Header, type PageData, plansOf, showPage } from "./frame.tsx";
import "./matrix.css";

const WORDS = {
  zh: {
    size: (rows: number, columns: number) => `${rows} 行 × ${columns} 列`,
    open: "点一格看依据",
    count: (number: number) => `${number} 项`,
    close: "关闭",
    stop: "；",
  },
  en: {
    size: (rows: number, columns: number) => `${rows} rows × ${columns} columns`,
    open: "click a cell to see why",
    count: (number: number) => `${number} counted`,
    close: "Close",
    stop: "; ",
  },
};

type Named = [text: string, iri: string | null];
interface MatrixData extends PageData {
  names: [row: string, column: string];
  note: string;
  rows: Named[];
  columns: Named[];
  cells: [row: number, column: number, entries: [what: number, lines: string[], passages: number[]][]][];
}
interface Entry {
  what: number;
  lines: string[];
  passages: number[];
}

function matrixOf({ names, rows, columns, cells }: MatrixData): Matrix<Entry> {
  const heading = ([text, iri]: Named) => ({ text, title: iri || text });
  return {
    names,
    rows: rows.map(heading),
    columns: columns.map(heading),
    cells: new Map(
      cells.map(([row, column, entries]) => [
        `${row} ${column}`,
        entries.map(([what, lines, passages]) => ({ what, lines, passages })),
      ]),
    ),
  };
}

function MatrixPage({ data }: { data: MatrixData }) {
  const words = useWords(WORDS);
  const matrix = useMemo(() => matrixOf(data), [data]);
  const [chosen, setChosen] = useState<Cell | null>(null);
  const { rows, columns } = matrix;

  /** Let go of the cell, and give the keyboard back to it. */
  function close() {
    setChosen(null);
    document.querySelector<HTMLElement>('td[aria-selected="true"]')?.focus();
  }
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === "Escape" && chosen) close();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [chosen]);
  return (
    <>
      <Header
        title={data.title}
        summary={[words.size(rows.length, columns.length), data.note, words.open].filter(Boolean).join(words.stop)}
      />
      <main id="main" class="beside">
        <div id="picture">
          <MatrixGrid matrix={matrix} chosen={chosen} choose={setChosen} />
        </div>
        <aside id="panel" hidden={!chosen} aria-live="polite">
          {chosen && <Why key={chosen.join(" ")} data={data} matrix={matrix} cell={chosen} close={close} />}
        </aside>
      </main>
    </>
  );
}

/** What a cell counts, and the sentences that say so. */
function Why({
  data,
  matrix,
  cell: [row, column],
  close,
}: {
  data: MatrixData;
  matrix: Matrix<Entry>;
  cell: Cell;
  close: () => void;
}) {
  const words = useWords(WORDS);
  const entries = matrix.cells.get(`${row} ${column}`)!;
  const plans = useMemo(() => plansOf(data.passages).length, [data]);
  const passages = (numbers: number[]) => numbers.map((number) => data.passages[number]!);
  return (
    <>
      <button type="button" class="close" aria-label={words.close} title={words.close} onClick={close}>
        ×
      </button>
      <h2>
        {matrix.rows[row]!.text} × {matrix.columns[column]!.text}
      </h2>
      <p class="quiet">{words.count(entries.length)}</p>
      {entries.map((entry) => (
        <div key={entry.what}>
          <ul class="lines">
            {entry.lines.map((line, place) => (
              <li key={place}>{line}</li>
            ))}
          </ul>
          <Passages items={passages(entry.passages)} plans={plans} />
        </div>
      ))}
      <Hint items={passages(entries.flatMap((entry) => entry.passages))} />
    </>
  );
}

showPage(MatrixPage);
