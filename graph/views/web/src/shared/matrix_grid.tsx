/** A heat map: a grid of counts, each of which can be opened, by mouse or keys. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useWords } from "../words.ts";
import "./matrix_grid.css";

const WORDS = {
  zh: {
    total: "合计",
    totalTitle: "不同的项目、主体和关系，一个只算一次",
    left: (rows: number, columns: number) =>
      `还有 ${[rows && `${rows} 行`, columns && `${columns} 列`].filter(Boolean).join("、")}未画`,
    all: "全部画出",
    tooMany: "太多，画不下；在 Python 里用 to_frame() 取全表",
    picture: "矩阵：方向键移动，回车打开",
    keys: "色阶",
    pair: "，",
  },
  en: {
    total: "total",
    totalTitle: "different projects, bodies and edges, each counted once",
    left: (rows: number, columns: number) =>
      `${[rows && `${rows} row${rows === 1 ? "" : "s"}`, columns && `${columns} column${columns === 1 ? "" : "s"}`].filter(Boolean).join(" and ")} not drawn`,
    all: "Draw all",
    tooMany: "too many to draw; take the whole table in Python by to_frame()",
    picture: "matrix: arrow keys move, Enter opens",
    keys: "colours",
    pair: ", ",
  },
};
const ROWS = 30;
const COLUMNS = 20;
const LEAST_COLUMNS = 3;
/** Of cells, the most that are drawn. */
const MOST = 40_000;
const LEVELS = 6;

export interface Heading {
  text: string;
  title: string;
}
/** Counts by row and column. What a cell counts is told apart by `what`: in a total, each is counted once. */
export interface Matrix<Entry extends { what: unknown }> {
  names: readonly [row: string, column: string];
  rows: Heading[];
  columns: Heading[];
  /** By the places of row and column, as `"row column"`; no empty ones. */
  cells: Map<string, Entry[]>;
}
export type Cell = readonly [row: number, column: number];

const range = (count: number) => [...Array(count).keys()];

export function MatrixGrid<Entry extends { what: unknown }>({
  matrix,
  chosen,
  choose,
}: {
  matrix: Matrix<Entry>;
  chosen: Cell | null;
  choose: (cell: Cell) => void;
}) {
  const words = useWords(WORDS);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, columns, cells, names } = matrix;
  const largest = useMemo(() => [...cells.values()].reduce((most, { length }) => Math.max(most, length), 1), [cells]);
  const [rowTotals, columnTotals] = useMemo(() => [totals(cells, 0), totals(cells, 1)], [cells]);
  const [[height, width], drawAll] = useExtent(scroller, matrix, chosen !== null);
  // Of all cells, one can be reached by Tab; arrows go to the others.
  const [reached, setReached] = useState<Cell>([0, 0]);
  useEffect(() => {
    if (chosen) at(chosen)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen]);

  const at = ([row, column]: Cell) =>
    scroller.current!.querySelector<HTMLElement>(`td[data-row="${row}"][data-column="${column}"]`);
  function reach(cell: Cell) {
    const target = at(cell);
    if (!target) return;
    setReached(cell);
    target.focus();
  }
  function press(event: KeyboardEvent) {
    const cell = cellOf(event);
    if (!cell) return;
    const [row, column] = cell;
    const next: Cell | undefined = (
      {
        ArrowUp: [row - 1, column],
        ArrowDown: [row + 1, column],
        ArrowLeft: [row, column - 1],
        ArrowRight: [row, column + 1],
        Home: [row, 0],
        End: [row, width - 1],
      } as Record<string, Cell>
    )[event.key];
    if (next) reach(next);
    else if ((event.key === "Enter" || event.key === " ") && cells.has(cell.join(" "))) choose(cell);
    else return;
    event.preventDefault();
  }
  function click(event: MouseEvent) {
    const cell = cellOf(event);
    if (!cell || !cells.has(cell.join(" "))) return;
    reach(cell);
    choose(cell);
  }
  const left: Cell = [rows.length - height, columns.length - width];
  const drawable = rows.length * columns.length <= MOST;
  const total = { class: "total", title: words.totalTitle };
  return (
    <div class="matrix">
      <div class="cells" ref={scroller}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells open is a grid
          role="grid"
          onClick={click}
          onKeyDown={press}
          aria-label={words.picture}
          aria-rowcount={rows.length + 2}
          aria-colcount={columns.length + 2}
        >
          <thead>
            <tr>
              <th class="corner">
                {names[1]} →<br />
                {names[0]} ↓
              </th>
              {columns.slice(0, width).map(({ text, title }, column) => (
                <th key={column} scope="col" title={title} class={chosen?.[1] === column ? "lit" : undefined}>
                  <span>{text}</span>
                </th>
              ))}
              <th {...total}>
                <span>{words.total}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {range(height).map((row) => (
              <Row
                key={row}
                row={row}
                width={width}
                matrix={matrix}
                largest={largest}
                total={rowTotals.get(row)!}
                reached={reached[0] === row ? Math.min(reached[1], width - 1) : null}
                chosen={chosen?.[0] === row ? chosen[1] : null}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th {...total}>{words.total}</th>
              {range(width).map((column) => (
                <td key={column} {...total}>
                  {columnTotals.get(column)}
                </td>
              ))}
              <td {...total} />
            </tr>
          </tfoot>
        </table>
      </div>
      <footer class="foot">
        {words.keys}
        <Keys largest={largest} />
        {left.some(Boolean) && (
          <span id="left">
            {words.left(...left)}
            {!drawable && `（${words.tooMany}）`}
          </span>
        )}
        {left.some(Boolean) && drawable && (
          <button type="button" id="all" class="plain" onClick={drawAll}>
            {words.all}
          </button>
        )}
      </footer>
    </div>
  );
}

/** How many rows and columns are drawn: as many columns as there is room for, until the reader wants all. */
function useExtent(
  scroller: RefObject<HTMLDivElement | null>,
  { rows, columns }: Matrix<{ what: unknown }>,
  isOpen: boolean,
): [Cell, drawAll: () => void] {
  const few = Math.min(COLUMNS, columns.length);
  const [[height, width], setExtent] = useState<Cell>([Math.min(ROWS, rows.length), few]);
  const [choosesAll, setChoosesAll] = useState(false);
  // How wide the frame was when the columns were made to fit it.
  const [fitted, setFitted] = useState(0);
  const still = choosesAll || isOpen;

  useLayoutEffect(() => {
    if (fitted || still) return;
    const { scrollWidth, clientWidth } = scroller.current!;
    const cell = scroller.current!.querySelector<HTMLElement>("td[data-row]");
    if (!clientWidth || !cell) return;
    const left = Math.ceil((scrollWidth - clientWidth) / (cell.offsetWidth + 2));
    setExtent([height, Math.max(Math.min(LEAST_COLUMNS, width), width - left)]);
    setFitted(clientWidth);
  });
  useLayoutEffect(() => {
    if (still) return;
    const observer = new ResizeObserver(() => {
      if (scroller.current!.clientWidth === fitted) return;
      setExtent([height, few]);
      setFitted(0);
    });
    observer.observe(scroller.current!);
    return () => observer.disconnect();
  }, [still, fitted]);
  const drawAll = () => {
    setChoosesAll(true);
    setExtent([rows.length, columns.length]);
  };
  return [[height, width], drawAll];
}

function Row<Entry extends { what: unknown }>(shown: {
  row: number;
  width: number;
  matrix: Matrix<Entry>;
  largest: number;
  total: number;
  reached: number | null;
  chosen: number | null;
}) {
  const words = useWords(WORDS);
  const { row, width, matrix, largest, total, reached, chosen } = shown;
  const { text, title } = matrix.rows[row]!;
  // A matrix may have thousands of cells: rows in which nothing changes are left alone.
  return useMemo(
    () => (
      <tr>
        <th scope="row" title={title} class={chosen === null ? undefined : "lit"}>
          {text}
        </th>
        {range(width).map((column) => {
          const count = matrix.cells.get(`${row} ${column}`)?.length ?? 0;
          const label = `${text}${words.pair}${matrix.columns[column]!.text}: ${count}`;
          return (
            <td
              key={column}
              // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell that opens
              role="gridcell"
              data-row={row}
              data-column={column}
              data-level={count ? level(count, largest) : undefined}
              tabIndex={column === reached ? 0 : -1}
              aria-label={label}
              aria-selected={column === chosen || undefined}
              title={count ? label : undefined}
            >
              {count || ""}
            </td>
          );
        })}
        <td class="total" title={words.totalTitle}>
          {total}
        </td>
      </tr>
    ),
    [words, row, width, matrix, reached, chosen],
  );
}

/** Which counts have which colour. */
function Keys({ largest }: { largest: number }) {
  const counts = range(largest).map((count) => count + 1);
  return (
    <span class="keys">
      {range(LEVELS).map((step) => {
        const these = counts.filter((count) => level(count, largest) === step + 1);
        return (
          these.length > 0 && (
            <span key={step} class="key" data-level={step + 1}>
              {these.length > 1 ? `${these[0]}–${these.at(-1)}` : these[0]}
            </span>
          )
        );
      })}
    </span>
  );
}

/** 1 to 6: even steps where the counts are few, else by square root, so that small ones differ. */
const level = (count: number, largest: number) =>
  largest <= LEVELS
    ? Math.round((LEVELS * count) / Math.max(largest, 3))
    : Math.max(1, Math.ceil(LEVELS * Math.sqrt(count / largest) - 1e-9));

/** How many different things the rows (side 0) or columns (side 1) count. */
function totals(cells: Map<string, { what: unknown }[]>, side: 0 | 1): Map<number, number> {
  const different = new Map<number, Set<unknown>>();
  for (const [key, entries] of cells) {
    const place = Number(key.split(" ")[side]);
    const known = different.get(place) ?? new Set();
    for (const { what } of entries) known.add(what);
    different.set(place, known);
  }
  return new Map([...different].map(([place, known]) => [place, known.size]));
}

function cellOf(event: Event): Cell | null {
  const cell = (event.target as Element).closest<HTMLElement>("td[data-row]");
  return cell && [Number(cell.dataset.row), Number(cell.dataset.column)];
}
