/** A long table of which only the rows in view are elements: sorted by its headings, walked through by keys. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { compare, folded, useWords } from "../words.ts";
import "./sortable.css";
import "./grid.css";

const WORDS = {
  zh: { sort: "点一下排序，再点倒序" },
  en: { sort: "Click to sort, again to reverse" },
};

export interface Column<Row> {
  heading: string;
  /** What is sorted by and looked for. */
  value(row: Row): string | number;
  /** What is shown; else the value. */
  show?(row: Row): ComponentChildren;
  width: "wide" | "middle" | "narrow" | "number";
}
export interface Order {
  column: number;
  down: boolean;
}

/** Pixels of a row, as in grid.css. */
const HEIGHT = 30;
/** Rows that are drawn above and below what is seen. */
const SPARE = 12;

/** The rows that have all wanted words, in order; gaps come last. */
export function useFound<Row>(rows: readonly Row[], columns: Column<Row>[], search: string, order: Order | null) {
  const haystacks = useMemo(() => {
    let made: Map<Row, string> | null = null;
    return () => {
      made ??= new Map(rows.map((row) => [row, folded(columns.map(({ value }) => value(row)).join("\n"))]));
      return made;
    };
  }, [rows, columns]);
  const found = useMemo(() => {
    const wanted = folded(search).split(/\s+/).filter(Boolean);
    return wanted.length
      ? rows.filter((row) => wanted.every((word) => haystacks().get(row)!.includes(word)))
      : [...rows];
  }, [rows, haystacks, search]);
  return useMemo(() => {
    if (!order) return found;
    const { value } = columns[order.column]!;
    const keys = found.map((row, place) => ({ row, place, key: value(row) }));
    const sign = order.down ? -1 : 1;
    return keys
      .sort((one, other) => {
        if ((one.key === "") !== (other.key === "")) return one.key === "" ? 1 : -1;
        return sign * compareKeys(one.key, other.key) || one.place - other.place;
      })
      .map(({ row }) => row);
  }, [found, columns, order]);
}

const compareKeys = (one: string | number, other: string | number) =>
  typeof one === "number" && typeof other === "number" ? one - other : compare(String(one), String(other));

/** Both ways one after the other, then as they came; of numbers, the largest are wanted first. */
const nextOrder = (order: Order | null, column: number, down: boolean): Order | null =>
  order?.column !== column ? { column, down } : order.down === down ? { column, down: !down } : null;

export function Grid<Row>({
  label,
  rows,
  columns,
  order,
  setOrder,
  isChosen,
  open,
}: {
  label: string;
  rows: readonly Row[];
  columns: Column<Row>[];
  order: Order | null;
  setOrder: (order: Order | null) => void;
  isChosen: (row: Row) => boolean;
  open: (row: Row) => void;
}) {
  const words = useWords(WORDS);
  const scroller = useRef<HTMLDivElement>(null);
  const [[top, height], setWindow] = useState([0, 800]);
  const [active, setActive] = useState(0);
  const first = Math.max(0, Math.floor(top / HEIGHT) - SPARE);
  const end = Math.min(rows.length, Math.ceil((top + height) / HEIGHT) + SPARE);

  const look = () => {
    // A scroll is told later, when the table may be gone.
    if (scroller.current) setWindow([scroller.current.scrollTop, scroller.current.clientHeight]);
  };
  useLayoutEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(scroller.current!);
    return () => observer.disconnect();
  }, []);
  // Other rows, or in another order: from the chosen one on, or the first.
  useLayoutEffect(() => reach(Math.max(0, rows.findIndex(isChosen))), [rows]);

  /** Rows that fit below the heading. */
  const room = () => scroller.current!.clientHeight - scroller.current!.querySelector("thead")!.offsetHeight;
  function reach(row: number) {
    const place = Math.min(Math.max(row, 0), rows.length - 1);
    setActive(place);
    const from = scroller.current!;
    from.scrollTop = Math.min(Math.max(from.scrollTop, (place + 1) * HEIGHT - room()), place * HEIGHT);
    look();
  }
  function press(event: KeyboardEvent) {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey || !rows.length) return;
    const page = Math.max(1, Math.floor(room() / HEIGHT) - 1);
    const next = {
      ArrowUp: active - 1,
      ArrowDown: active + 1,
      PageUp: active - page,
      PageDown: active + page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (next !== undefined) reach(next);
    else if (event.key === "Enter" || event.key === " ") open(rows[active]!);
    else return;
    event.preventDefault();
  }
  return (
    <div class="grid" ref={scroller} onScroll={look}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows open is a grid
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={active >= first && active < end ? `row-${active}` : undefined}
        tabIndex={0}
        onKeyDown={press}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ heading, width }, place) => (
              <th
                key={heading}
                scope="col"
                class={width}
                aria-sort={order?.column !== place ? "none" : order.down ? "descending" : "ascending"}
              >
                <button
                  type="button"
                  title={words.sort}
                  onClick={() => setOrder(nextOrder(order, place, width === "number"))}
                >
                  {heading}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space rows={first} columns={columns.length} />
          {rows.slice(first, end).map((row, place) => (
            <Line
              key={first + place}
              row={row}
              place={first + place}
              columns={columns}
              isActive={first + place === active}
              isChosen={isChosen(row)}
              choose={() => {
                setActive(first + place);
                open(row);
              }}
            />
          ))}
          <Space rows={rows.length - end} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

/** The room of rows that are not drawn. */
function Space({ rows, columns }: { rows: number; columns: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row is no focus
    <tr aria-hidden="true">
      <td class="space" colSpan={columns} style={{ height: `${rows * HEIGHT}px` }} />
    </tr>
  );
}

interface LineProps<Row> {
  row: Row;
  place: number;
  columns: Column<Row>[];
  isActive: boolean;
  isChosen: boolean;
  choose: () => void;
}

function Line<Row>({ row, place, columns, isActive, isChosen, choose }: LineProps<Row>) {
  const cells = useMemo(
    () =>
      columns.map(({ heading, value, show, width }) => (
        <td key={heading} class={width} title={String(value(row))}>
          {show ? show(row) : value(row)}
        </td>
      )),
    [row, columns],
  );
  return (
    <tr
      id={`row-${place}`}
      class={isActive ? "active" : undefined}
      aria-rowindex={place + 2}
      aria-selected={isChosen}
      onClick={choose}
    >
      {cells}
    </tr>
  );
}
