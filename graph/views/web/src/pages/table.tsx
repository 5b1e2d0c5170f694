/** The page of an answer's table: graph/views/table.py. Only the rows of one page are elements. */
import { Fragment } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { sayings } from "../cited.ts";
import { csvOf, download, type Sheet, tsvOf } from "../csv.ts";
import { toggled } from "../kept.ts";
import { Hint, Passages } from "../passages.tsx";
import { compare, folded, initialLanguage, useWords } from "../words.ts";
import { Header, type PageData, plansOf, showPage } from "./frame.tsx";
import "../sortable.css";
import "./table.css";

const WORDS = {
  zh: {
    search: "搜索各列，几个词用空格分开",
    all: "全部",
    yes: "是",
    no: "否",
    iris: "IRI",
    irisTitle: "显示各对象的 IRI，复制和下载时也带上",
    copy: "复制",
    copied: "已复制",
    copyTitle: "复制找到的各行，可贴进 Excel",
    failed: "浏览器不让复制，请下载",
    csv: "下载 CSV",
    file: "表格",
    source: "出处",
    rows: (shown: number, all: number) => (shown === all ? `${all} 行` : `找到 ${shown} 行，共 ${all} 行`),
    cut: "；还有更多行没有取来，用 limit 参数可以多取",
    open: (plan: string) => `；点 ▸ 看${plan ? `《${plan}》` : "规划"}里的出处`,
    openRow: "看出处",
    none: "没有符合的行",
    clear: "清除搜索和筛选",
    page: (page: number, pages: number) => `第 ${page} / ${pages} 页`,
    earlier: "上一页",
    later: "下一页",
    size: (size: number) => `每页 ${size} 行`,
    sizes: "每页行数",
    filter: (heading: string) => `筛选：${heading}`,
    sort: "点一下排序，再点倒序",
    empty: "（空）",
  },
  en: {
    search: "Search all columns",
    all: "all",
    yes: "yes",
    no: "no",
    iris: "IRIs",
    irisTitle: "Show the IRIs of things, and take them along in copies and downloads",
    copy: "Copy",
    copied: "Copied",
    copyTitle: "Copy the rows that are found, to paste into Excel",
    failed: "The browser does not let us copy; please download",
    csv: "Download CSV",
    file: "table",
    source: "Source",
    rows: (shown: number, all: number) =>
      shown === all ? `${all} row${all === 1 ? "" : "s"}` : `${shown} of ${all} rows found`,
    cut: "; more rows exist, take them with the parameter limit",
    open: (plan: string) => `; ▸ opens the source in ${plan || "the plan"}`,
    openRow: "Source",
    none: "No row fits",
    clear: "Clear search and filters",
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
    earlier: "Previous page",
    later: "Next page",
    size: (size: number) => `${size} rows a page`,
    sizes: "Rows a page",
    filter: (heading: string) => `Filter: ${heading}`,
    sort: "Click to sort, again to reverse",
    empty: "(empty)",
  },
};
/** Values of a column that can be filtered, at most. */
const FEW = 15;
/** Characters that go on one line. */
const LONG = 24;
const SIZES = [10, 25, 50, 100];

/** A list of one number is a thing, everything else is itself. */
type Value = string | number | boolean | null | [thing: number];
interface TableData extends PageData {
  columns: { name: string; heading: string }[];
  rows: Value[][];
  things: [label: string, iri: string][];
  evidence: number[][] | null;
  open: boolean;
  cut: boolean;
}
interface Column {
  name: string;
  heading: string;
  width: "number" | "short" | "middle" | "long";
  things: boolean;
  /** How often each value occurs, where filtering by them is of use. */
  values: Map<string, number> | null;
}
interface Order {
  column: number;
  down: boolean;
}
interface View {
  search: string;
  /** The wanted value of each column, null for any. */
  filters: (string | null)[];
  order: Order | null;
  /** Rows of a page. */
  size: number;
  page: number;
}

/** Up, down, and as they came. */
const nextOrder = (order: Order | null, column: number): Order | null =>
  order?.column !== column ? { column, down: false } : order.down ? null : { column, down: true };

/** The answer as it reads in a language. */
class Answer {
  readonly columns: Column[];
  readonly plans: string[];
  readonly #words: (typeof WORDS)["zh"];
  #haystacks: string[] | null = null;

  constructor(readonly data: TableData) {
    this.#words = WORDS[initialLanguage(data.language)];
    this.columns = data.columns.map((column, place) => ({ ...column, ...this.#describe(column.name, place) }));
    this.plans = plansOf(data.passages);
  }

  text(value: Value): string {
    if (value === null) return "";
    if (Array.isArray(value)) return this.data.things[value[0]]![0];
    return value === true ? this.#words.yes : value === false ? this.#words.no : String(value);
  }

  iri(value: Value): string | undefined {
    return Array.isArray(value) ? this.data.things[value[0]]![1] : undefined;
  }

  passages(row: number) {
    return this.data.evidence![row]!.map((number) => this.data.passages[number]!);
  }

  #describe(name: string, place: number): Omit<Column, "name" | "heading"> {
    const { rows } = this.data;
    const full = rows.map((row) => row[place]!).filter((value) => value !== null);
    const numeric = full.length > 0 && full.every((value) => typeof value === "number");
    const longest = full.reduce<number>((most, value) => Math.max(most, this.text(value).length), 0);
    const values = new Map<string, number>();
    for (const row of rows) {
      const value = this.text(row[place]!);
      values.set(value, (values.get(value) ?? 0) + 1);
      if (values.size > FEW) break;
    }
    // A filter is of use where values come back; numbers are sorted rather, but for years.
    const useful =
      (!numeric || /year$/.test(name)) && values.size > 1 && values.size <= FEW && values.size * 2 <= rows.length;
    return {
      width: numeric ? "number" : longest <= 5 ? "short" : longest <= LONG ? "middle" : "long",
      things: full.some(Array.isArray),
      values: useful ? values : null,
    };
  }

  /** The numbers of the rows that have all wanted words and values, in order; gaps come last. */
  find(search: string, filters: readonly (string | null)[], order: Order | null): number[] {
    const { rows } = this.data;
    const wanted = folded(search).split(/\s+/).filter(Boolean);
    if (wanted.length) this.#haystacks ??= rows.map((row) => folded(row.map((value) => this.text(value)).join("\n")));
    const found = [...rows.keys()].filter(
      (row) =>
        wanted.every((word) => this.#haystacks![row]!.includes(word)) &&
        filters.every((value, place) => value === null || this.text(rows[row]![place]!) === value),
    );
    if (!order) return found;
    const value = (row: number) => rows[row]![order.column]!;
    const full = found.filter((row) => value(row) !== null);
    const sign = order.down ? -1 : 1;
    full.sort((one, other) => sign * this.#compare(value(one), value(other)) || one - other);
    return [...full, ...found.filter((row) => value(row) === null)];
  }

  #compare(one: Value, other: Value): number {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return compare(this.text(one), this.text(other));
  }

  /** Rows to copy and to save, with their sources. */
  sheet(found: readonly number[], withIris: boolean): Sheet {
    const { evidence, rows, language } = this.data;
    const cell = (value: Value) => (typeof value === "number" ? value : this.text(value));
    const headings = this.columns.flatMap(({ heading, things }) =>
      withIris && things ? [heading, `${heading} IRI`] : [heading],
    );
    const lines = found.map((row) => {
      const cells = rows[row]!.flatMap((value, place) =>
        withIris && this.columns[place]!.things ? [cell(value), this.iri(value) ?? ""] : [cell(value)],
      );
      if (evidence) cells.push(sayings(this.passages(row), this.plans.length > 1, initialLanguage(language)));
      return cells;
    });
    return [evidence ? [...headings, this.#words.source] : headings, ...lines];
  }
}

function TablePage({ data }: { data: TableData }) {
  const words = useWords(WORDS);
  const answer = useMemo(() => new Answer(data), [data]);
  const { columns, plans } = answer;
  const [{ search, filters, order, size, page }, setView] = useState<View>(() => ({
    search: "",
    filters: columns.map(() => null),
    order: null,
    size: 25,
    page: 0,
  }));
  const [withIris, setWithIris] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set(data.open ? data.rows.keys() : []));
  const [printing, setPrinting] = useState(false);
  const main = useRef<HTMLElement>(null);
  const found = useMemo(() => answer.find(search, filters, order), [answer, search, filters, order]);

  useEffect(() => {
    // On paper there are no pages to turn: all rows that are found.
    const begin = () => setPrinting(true);
    const end = () => setPrinting(false);
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);

  /** Other rows, or in another order: from their first page on. */
  const look = (change: (view: View) => Partial<View>) => setView((view) => ({ ...view, page: 0, ...change(view) }));
  const filter = (column: number, value: string | null) =>
    look(({ filters }) => ({ filters: filters.map((wanted, place) => (place === column ? value : wanted)) }));
  const toggle = (row: number) => setOpened((opened) => toggled(opened, row));
  const turn = (pages: number) => {
    setView((view) => ({ ...view, page: view.page + pages }));
    main.current!.scrollTop = 0;
  };
  const shown = printing ? found : found.slice(page * size, (page + 1) * size);
  const summary =
    words.rows(found.length, data.rows.length) +
    (data.cut ? words.cut : "") +
    (data.evidence?.some(({ length }) => length) ? words.open(plans.length === 1 ? plans[0]! : "") : "");
  return (
    <>
      <Header title={data.title} summary={summary}>
        <input
          id="search"
          type="search"
          autocomplete="off"
          spellcheck={false}
          placeholder={words.search}
          aria-label={words.search}
          value={search}
          onInput={({ currentTarget: { value } }) => look(() => ({ search: value }))}
        />
        {columns.some(({ things }) => things) && (
          <button type="button" aria-pressed={withIris} title={words.irisTitle} onClick={() => setWithIris(!withIris)}>
            {words.iris}
          </button>
        )}
        <Copy sheet={() => answer.sheet(found, withIris)} />
        <button
          type="button"
          id="csv"
          onClick={() => download(`${data.title || words.file}.csv`, csvOf(answer.sheet(found, withIris)))}
        >
          {words.csv}
        </button>
      </Header>
      <main id="main" ref={main}>
        <table class={columns.length > 8 ? "many" : ""}>
          <thead>
            <tr>
              {data.evidence && <th class="open" aria-label={words.source} />}
              {columns.map((column, place) => (
                <Heading
                  key={column.name}
                  column={column}
                  sorted={order?.column !== place ? "none" : order.down ? "descending" : "ascending"}
                  sort={() => look(({ order }) => ({ order: nextOrder(order, place) }))}
                  wanted={filters[place]!}
                  filter={(value) => filter(place, value)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Fragment key={row}>
                <Row answer={answer} row={row} withIris={withIris} isOpen={opened.has(row)} toggle={toggle} />
                {opened.has(row) && data.evidence?.[row]?.length && (
                  <tr class="source">
                    <td colSpan={columns.length + 1}>
                      <Passages items={answer.passages(row)} plans={plans.length} />
                      <Hint items={answer.passages(row)} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
        <p class="none" hidden={found.length > 0}>
          {words.none}　
          <button
            type="button"
            class="plain"
            onClick={() => look(() => ({ search: "", filters: columns.map(() => null) }))}
          >
            {words.clear}
          </button>
        </p>
      </main>
      <Foot
        isHidden={data.rows.length <= SIZES[0]!}
        page={page}
        pages={Math.max(1, Math.ceil(found.length / size))}
        turn={turn}
        size={size}
        setSize={(size) => look(() => ({ size }))}
      />
    </>
  );
}

interface HeadingProps {
  column: Column;
  sorted: "none" | "ascending" | "descending";
  sort(): void;
  wanted: string | null;
  filter(value: string | null): void;
}

function Heading({ column: { name, heading, width, values }, sorted, sort, wanted, filter }: HeadingProps) {
  const words = useWords(WORDS);
  return (
    <th scope="col" class={width} aria-sort={sorted} title={name === heading ? undefined : name}>
      <button type="button" title={words.sort} onClick={sort}>
        {heading}
      </button>
      {values && <Filter heading={heading} values={values} wanted={wanted} choose={filter} />}
    </th>
  );
}

interface FootProps {
  isHidden: boolean;
  page: number;
  pages: number;
  turn(pages: number): void;
  /** Rows of a page. */
  size: number;
  setSize(size: number): void;
}

function Foot({ isHidden, page, pages, turn, size, setSize }: FootProps) {
  const words = useWords(WORDS);
  const turner = (name: "earlier" | "later", sign: string, step: 1 | -1) => (
    <button
      type="button"
      id={name}
      aria-label={words[name]}
      title={words[name]}
      disabled={page + step < 0 || page + step >= pages}
      onClick={() => turn(step)}
    >
      {sign}
    </button>
  );
  return (
    <footer id="foot" class="buttons" hidden={isHidden}>
      {turner("earlier", "‹", -1)}
      <span id="page">{words.page(page + 1, pages)}</span>
      {turner("later", "›", 1)}
      <select aria-label={words.sizes} value={size} onChange={({ currentTarget: { value } }) => setSize(Number(value))}>
        {SIZES.map((choice) => (
          <option key={choice} value={choice}>
            {words.size(choice)}
          </option>
        ))}
      </select>
    </footer>
  );
}

function Filter({
  heading,
  values,
  wanted,
  choose,
}: {
  heading: string;
  values: Map<string, number>;
  wanted: string | null;
  choose: (value: string | null) => void;
}) {
  const words = useWords(WORDS);
  const sorted = useMemo(() => [...values].sort(([one], [other]) => compare(one, other)), [values]);
  return (
    <select
      aria-label={words.filter(heading)}
      class={wanted === null ? "" : "set"}
      onChange={({ currentTarget: { selectedIndex, value } }) => choose(selectedIndex ? value : null)}
    >
      <option selected={wanted === null}>{words.all}</option>
      {sorted.map(([value, count]) => (
        <option key={value} value={value} selected={value === wanted}>
          {value || words.empty} ({count})
        </option>
      ))}
    </select>
  );
}

function Row({
  answer,
  row,
  withIris,
  isOpen,
  toggle,
}: {
  answer: Answer;
  row: number;
  withIris: boolean;
  isOpen: boolean;
  toggle: (row: number) => void;
}) {
  const { rows, evidence } = answer.data;
  return (
    <tr class="row">
      {evidence && <Opener count={evidence[row]!.length} isOpen={isOpen} toggle={() => toggle(row)} />}
      {rows[row]!.map((value, place) => {
        const { width, heading, name } = answer.columns[place]!;
        const [text, iri] = [answer.text(value), answer.iri(value)];
        return (
          <td key={name} class={value === null ? `${width} empty` : width} title={iri} data-heading={heading}>
            {withIris && iri ? (
              <div>
                {text}
                <small>{iri}</small>
              </div>
            ) : (
              text
            )}
          </td>
        );
      })}
    </tr>
  );
}

function Opener({ count, isOpen, toggle }: { count: number; isOpen: boolean; toggle: () => void }) {
  const words = useWords(WORDS);
  if (!count) return <td class="open empty" />;
  const caption = count > 1 ? `${words.openRow} (${count})` : words.openRow;
  return (
    <td class="open">
      <button type="button" aria-expanded={isOpen} aria-label={caption} title={caption} onClick={toggle}>
        {isOpen ? "▾" : "▸"}
        <span> {caption}</span>
      </button>
    </td>
  );
}

function Copy({ sheet }: { sheet: () => Sheet }) {
  const words = useWords(WORDS);
  const [done, setDone] = useState<boolean | null>(null);
  useEffect(() => {
    const forget = setTimeout(() => setDone(null), 2500);
    return () => clearTimeout(forget);
  }, [done]);

  function copy() {
    // The clipboard's newer interface is closed to framed pages of no origin.
    const give = (event: ClipboardEvent) => {
      event.clipboardData!.setData("text/plain", tsvOf(sheet()));
      event.preventDefault();
    };
    document.addEventListener("copy", give);
    setDone(document.execCommand("copy"));
    document.removeEventListener("copy", give);
  }
  return (
    <button type="button" id="copy" title={words.copyTitle} onClick={copy}>
      {done === null ? words.copy : done ? words.copied : words.failed}
    </button>
  );
}

showPage(TablePage);
