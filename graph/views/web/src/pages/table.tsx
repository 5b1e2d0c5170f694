/** The page of an answer's table: graph/views/table.py. Only the rows of one page are elements. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { csvOf, download, type Sheet, tsvOf } from "../shared/csv.ts";
import { toggled } from "../shared/kept.ts";
import { compare, useWords } from "../words.ts";
import { Answer, type Column, type Order, type TableData } from "./answer.ts";
import { Header, showPage } from "./frame.tsx";
import { Rows } from "./table_rows.tsx";
import "../shared/sortable.css";
import "./table.css";

const WORDS = {
  zh: {
    search: "搜索各列，几个词用空格分开",
    all: "全部",
    iris: "IRI",
    irisTitle: "显示各对象的 IRI，复制和下载时也带上",
    copy: "复制",
    copied: "已复制",
    copyTitle: "复制找到的各行，可贴进 Excel",
    failed: "浏览器不让复制，请下载",
    csv: "下载 CSV",
    file: "表格",
    rows: (shown: number, all: number) => (shown === all ? `${all} 行` : `找到 ${shown} 行，共 ${all} 行`),
    cut: "；还有更多行没有取来，用 limit 参数可以多取",
    open: (plan: string) => `；点 ▸ 看${plan ? `《${plan}》` : "规划"}里的出处`,
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
    iris: "IRIs",
    irisTitle: "Show the IRIs of things, and take them along in copies and downloads",
    copy: "Copy",
    copied: "Copied",
    copyTitle: "Copy the rows that are found, to paste into Excel",
    failed: "The browser does not let us copy; please download",
    csv: "Download CSV",
    file: "table",
    rows: (shown: number, all: number) =>
      shown === all ? `${all} row${all === 1 ? "" : "s"}` : `${shown} of ${all} rows found`,
    cut: "; more rows exist, take them with the parameter limit",
    open: (plan: string) => `; ▸ opens the source in ${plan || "the plan"}`,
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
const SIZES = [10, 25, 50, 100];

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

function TablePage({ data }: { data: TableData }) {
  const words = useWords(WORDS);
  const answer = useMemo(() => new Answer(data), [data]);
  const { columns } = answer;
  const everything = { search: "", filters: columns.map(() => null), page: 0 };
  const [{ search, filters, order, size, page }, setView] = useState<View>({ ...everything, order: null, size: 25 });
  const [withIris, setWithIris] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set(data.open ? data.rows.keys() : []));
  const isPrinting = usePrinting();
  const main = useRef<HTMLElement>(null);
  const found = useMemo(() => answer.find(search, filters, order), [answer, search, filters, order]);

  /** Other rows, or in another order: from their first page on. */
  const look = (change: Partial<View>) => setView((view) => ({ ...view, page: 0, ...change }));
  const turn = (pages: number) => {
    look({ page: page + pages });
    main.current!.scrollTop = 0;
  };
  return (
    <>
      <Header title={data.title} summary={useSummary(answer, found.length)}>
        <input
          id="search"
          type="search"
          autocomplete="off"
          spellcheck={false}
          placeholder={words.search}
          aria-label={words.search}
          value={search}
          onInput={({ currentTarget: { value } }) => look({ search: value })}
        />
        {columns.some(({ things }) => things) && (
          <button type="button" aria-pressed={withIris} title={words.irisTitle} onClick={() => setWithIris(!withIris)}>
            {words.iris}
          </button>
        )}
        <TakeSheet title={data.title} sheet={() => answer.sheet(found, withIris)} />
      </Header>
      <main id="main" ref={main}>
        <table class={columns.length > 8 ? "many" : ""}>
          <thead>
            <tr>
              {data.evidence && <th class="open" aria-label={answer.source} />}
              {columns.map((column, place) => (
                <Heading
                  key={column.name}
                  column={column}
                  sorted={order?.column !== place ? "none" : order.down ? "descending" : "ascending"}
                  sort={() => look({ order: nextOrder(order, place) })}
                  wanted={filters[place]!}
                  filter={(value) => look({ filters: filters.map((wanted, at) => (at === place ? value : wanted)) })}
                />
              ))}
            </tr>
          </thead>
          <Rows
            answer={answer}
            shown={isPrinting ? found : found.slice(page * size, (page + 1) * size)}
            withIris={withIris}
            opened={opened}
            toggle={(row) => setOpened(toggled(opened, row))}
          />
        </table>
        <p class="none" hidden={found.length > 0}>
          {words.none}　
          <button type="button" class="plain" onClick={() => look(everything)}>
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
        setSize={(size) => look({ size })}
      />
    </>
  );
}

/** How many rows are found, and where they come from. */
function useSummary({ data, plans }: Answer, found: number): string {
  const words = useWords(WORDS);
  const isTold = data.evidence?.some(({ length }) => length);
  return (
    words.rows(found, data.rows.length) +
    (data.cut ? words.cut : "") +
    (isTold ? words.open(plans.length === 1 ? plans[0]! : "") : "")
  );
}

/** On paper there are no pages to turn: all rows that are found. */
function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => setPrinting(true);
    const end = () => setPrinting(false);
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);
  return isPrinting;
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

/** The rows that are found, for a spreadsheet: by the clipboard, or as a file. */
function TakeSheet({ title, sheet }: { title: string; sheet: () => Sheet }) {
  const words = useWords(WORDS);
  return (
    <>
      <Copy sheet={sheet} />
      <button type="button" id="csv" onClick={() => download(`${title || words.file}.csv`, csvOf(sheet()))}>
        {words.csv}
      </button>
    </>
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
