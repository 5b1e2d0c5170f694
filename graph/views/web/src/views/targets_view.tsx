/** The targets: each indicator with its baseline, its goal, the way between as a small chart, and its passages. */
import { useMemo } from "preact/hooks";
import type { Target } from "../data.ts";
import { sayings } from "../shared/cited.ts";
import type { Sheet } from "../shared/csv.ts";
import { useKept } from "../shared/kept.ts";
import { Hint, Passages } from "../shared/passages.tsx";
import { Sign } from "../shared/sign.tsx";
import { overview, useExplorer } from "../state.ts";
import { useWords } from "../words.ts";
import { Choice, Name, SaveSheet } from "./parts.tsx";
import { useSelection } from "./selection.ts";
import {
  axisOf,
  type Change,
  type Figures,
  figuresOf,
  grouped,
  isBaseline,
  isPercent,
  ORDERS,
  type Order,
  ownerKey,
  sharesOf,
  signOf,
} from "./targets.ts";
import "./targets_view.css";

const WORDS = {
  zh: {
    targets: "指标",
    indicator: "指标",
    baseline: "基期",
    goal: "目标",
    chart: "从基期到目标",
    change: "变化",
    sources: "出处",
    whole: "整个规划",
    whose: "所属",
    all: "全部",
    year: "年份",
    order: "排序",
    orders: { plan: "按规划顺序", change: "按变化大小", name: "按名称" },
    paired: "只看能比较的",
    count: (rows: number, paired: number) => `${rows} 项指标，${paired} 项可比较`,
    none: "当前范围没有指标。",
    everything: "看全部指标",
    points: " 个百分点",
    open: (name: string, count: number) => `${name}：${count} 处出处`,
    legend: "空心点是基期，实心点是目标；百分数同用 0–100 的轴，其余从 0 起。",
    head: ["所属", "指标", "类别", "年份", "比较", "数值", "单位", "原文写法", "出处"],
  },
  en: {
    targets: "Targets",
    indicator: "Indicator",
    baseline: "Baseline",
    goal: "Goal",
    chart: "From baseline to goal",
    change: "Change",
    sources: "Sources",
    whole: "The whole plan",
    whose: "Of",
    all: "All",
    year: "Year",
    order: "Order",
    orders: { plan: "As in the plan", change: "By change", name: "By name" },
    paired: "Comparable only",
    count: (rows: number, paired: number) => `${rows} indicators, ${paired} can be compared`,
    none: "There are no targets in what is shown.",
    everything: "Show all targets",
    points: " points",
    open: (name: string, count: number) => `${name}: ${count} source${count === 1 ? "" : "s"}`,
    legend: "Hollow points are baselines, full ones goals; percentages share one axis of 0–100, others begin at 0.",
    head: ["of", "indicator", "role", "year", "comparator", "value", "unit", "verbatim", "source"],
  },
};

export function TargetsView() {
  const { graph, state, go } = useExplorer();
  const words = useWords(WORDS);
  const selection = useSelection();
  const [whose, setWhose] = useKept("targets whose", "");
  const [year, setYear] = useKept("targets year", "");
  const [order, setOrder] = useKept<Order>("targets order", "plan");
  const [paired, setPaired] = useKept("targets paired", false);
  const isWhole = !state.focus && !state.path;
  const rows = useMemo(() => figuresOf(graph, selection, isWhole), [graph, selection, isWhole]);
  const groups = useMemo(() => grouped(graph, rows, order), [graph, rows, order]);
  const nameOf = useOwnerName();
  const years = [...new Set(rows.flatMap(({ points }) => points.flatMap(({ year }) => year ?? [])))].sort();
  const wantedOwner = groups.some(([first]) => ownerKey(first) === whose) ? whose : "";
  const wantedYear = years.includes(Number(year)) ? Number(year) : null;
  const shown = groups
    .filter(([first]) => !wantedOwner || ownerKey(first) === wantedOwner)
    .map(([first, found]): [Figures, Figures[]] => [
      first,
      found.filter(
        (row) => (!paired || row.change) && (!wantedYear || row.points.some((point) => point.year === wantedYear)),
      ),
    ])
    .filter(([, found]) => found.length);
  const listed = shown.flatMap(([, found]) => found);
  const sheet = useSheet(listed);

  if (!rows.length)
    return (
      <div class="view" id="targets">
        <p class="quiet none">
          {words.none}{" "}
          {!isWhole && (
            <button type="button" class="plain" onClick={() => go({ ...overview(graph), view: "targets" })}>
              {words.everything}
            </button>
          )}
        </p>
      </div>
    );
  return (
    <div class="view" id="targets">
      <div class="settings">
        {groups.length > 1 && (
          <Choice
            label={words.whose}
            value={wantedOwner}
            set={setWhose}
            options={[
              ["", words.all],
              ...groups.map(([first, found]) => [ownerKey(first), `${nameOf(first)} · ${found.length}`] as const),
            ]}
          />
        )}
        {years.length > 1 && (
          <Choice
            label={words.year}
            value={String(wantedYear ?? "")}
            set={setYear}
            options={[["", words.all], ...years.map((one) => [`${one}`, `${one}`] as const)]}
          />
        )}
        <Choice
          label={words.order}
          value={order}
          set={setOrder}
          options={ORDERS.map((one) => [one, words.orders[one]] as const)}
        />
        <label>
          <input type="checkbox" checked={paired} onChange={(event) => setPaired(event.currentTarget.checked)} />{" "}
          {words.paired}
        </label>
        <SaveSheet name={words.targets} sheet={sheet} />
        <span class="quiet">{words.count(listed.length, listed.filter(({ change }) => change).length)}</span>
      </div>
      <p class="quiet none">{words.legend}</p>
      <table>
        <thead>
          <tr>
            {(["indicator", "baseline", "chart", "goal", "change", "sources"] as const).map((column) => (
              <th key={column} scope="col" class={CLASSES[column]}>
                {words[column]}
              </th>
            ))}
          </tr>
        </thead>
        {shown.map(([first, found]) => (
          <tbody key={ownerKey(first)}>
            {groups.length > 1 && <Owner row={first} />}
            {found.map((row) => (
              <Indicator key={keyOf(row)} row={row} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

const CLASSES: Record<string, string> = { baseline: "figures", chart: "chart", goal: "figures", change: "change" };

const keyOf = (row: Figures) => JSON.stringify([ownerKey(row), row.indicator, row.unit]);

function useOwnerName(): (row: Figures) => string {
  const { graph } = useExplorer();
  const words = useWords(WORDS);
  return ({ owner, subject, plan }) =>
    owner?.label ?? (subject || (graph.documents.length > 1 && plan ? plan : words.whole));
}

/** The rows that are listed, as a spreadsheet has them. */
function useSheet(listed: Figures[]): () => Sheet {
  const { graph, language } = useExplorer();
  const words = useWords(WORDS);
  const nameOf = useOwnerName();
  const line = (row: Figures, point: Target) => [
    nameOf(row),
    row.indicator,
    isBaseline(point) ? words.baseline : words.goal,
    point.year ?? "",
    signOf(point),
    point.value ?? "",
    row.unit,
    point.verbatim,
    sayings(
      point.passages.map((index) => graph.passages[index]!),
      graph.documents.length > 1,
      language,
    ),
  ];
  return () => [words.head, ...listed.flatMap((row) => row.points.map((point) => line(row, point)))];
}

/** What the indicators below are of. */
function Owner({ row }: { row: Figures }) {
  const { graph, language } = useExplorer();
  const nameOf = useOwnerName();
  return (
    <tr class="owner">
      <th colSpan={6} scope="rowgroup">
        {row.owner ? (
          <Name node={row.owner} />
        ) : (
          <span title={row.subject && graph.term("Measure", language)}>
            {row.subject && <Sign style={graph.styles.Measure} />} {nameOf(row)}
          </span>
        )}
      </th>
    </tr>
  );
}

function Indicator({ row }: { row: Figures }) {
  const { graph, read } = useExplorer();
  const words = useWords(WORDS);
  const [open, setOpen] = useKept(`targets open ${keyOf(row)}`, false);
  const told = [...new Set(row.points.flatMap(({ passages }) => passages))].map((index) => graph.passages[index]!);
  return (
    <>
      <tr class={open ? "row open" : "row"} onClick={() => setOpen(!open)}>
        <th scope="row">{row.indicator}</th>
        <Points points={row.points.filter(isBaseline)} />
        <td class="chart">
          <Chart row={row} />
        </td>
        <Points points={row.points.filter((point) => !isBaseline(point))} />
        <td class="change">{row.change && <ChangeText row={row} change={row.change} />}</td>
        <td>
          {/* Its click is one on the row. */}
          <button
            type="button"
            class="sources"
            aria-expanded={open}
            aria-label={words.open(row.indicator, told.length)}
          >
            {told.length} {open ? "▾" : "▸"}
          </button>
        </td>
      </tr>
      {open && (
        <tr class="told">
          <td colSpan={6}>
            <Passages items={told} plans={graph.documents.length} onRead={({ index }) => read(index)} />
            <Hint items={told} />
          </td>
        </tr>
      )}
    </>
  );
}

/** Figures as the plan prints them, each with its year. */
const Points = ({ points }: { points: Target[] }) => (
  <td class="figures">
    {points.map((point, place) => (
      <div key={place}>
        {point.year && <small>{point.year}</small>} {signOf(point)} {point.verbatim}
      </div>
    ))}
  </td>
);

/** How far it is, in years where these are not those of baseline and goal. */
function ChangeText({ row, change }: { row: Figures; change: Change }) {
  const { language } = useExplorer();
  const { points } = useWords(WORDS);
  const { from, to, difference, share } = change;
  const told = new Intl.NumberFormat(language, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const text = isPercent(row) ? told.format(difference) + points : share === null ? "" : `${told.format(share * 100)}%`;
  return (
    <>
      {isBaseline(from) === isBaseline(to) && <small>{[from.year, to.year].filter(Boolean).join("–")}</small>}{" "}
      {text && signOf(to)} {text}
    </>
  );
}

const at = (share: number) => `${3 + 94 * share}%`;

/** A line from baseline to goal on the row's axis; drawn for the eye only: the numbers stand beside it. */
function Chart({ row }: { row: Figures }) {
  const shares = row.points.map(sharesOf);
  if (shares.some(Boolean))
    return (
      <svg class="line" aria-hidden="true">
        {shares.map((parts, place) =>
          parts?.map((part, number) => (
            <rect
              key={`${place} ${number}`}
              x={at(parts.slice(0, number).reduce((sum, one) => sum + one, 0))}
              y={`${(100 / shares.length) * (place + 0.2)}%`}
              width={`${94 * part}%`}
              height={`${60 / shares.length}%`}
              class={`part${number % 3}`}
            />
          )),
        )}
      </svg>
    );
  const known = row.points.filter(({ value }) => value !== null);
  if (!known.length || (known.length < 2 && !isPercent(row))) return null;
  const place = axisOf(row);
  const [first, last] = row.change ? [row.change.from, row.change.to] : [known[0]!, known.at(-1)!];
  return (
    <svg class="line" aria-hidden="true">
      <line class="axis" x1={at(0)} x2={at(1)} y1="50%" y2="50%" />
      {isPercent(row) &&
        [0, 0.5, 1].map((tick) => <line key={tick} class="axis" x1={at(tick)} x2={at(tick)} y1="35%" y2="65%" />)}
      <line class="reach" x1={at(place(first.value!))} x2={at(place(last.value!))} y1="50%" y2="50%" />
      {known.map((point, number) => (
        <svg key={number} x={at(place(point.value!))} y="50%" overflow="visible" aria-hidden="true">
          <path class={isBaseline(point) ? "from" : "to"} d={markOf(point)} />
        </svg>
      ))}
    </svg>
  );
}

/** A dot; where more or less is aimed at, a triangle that points there. */
const markOf = ({ comparator }: Target) =>
  comparator.startsWith(">")
    ? "M-4 -5.5L6 0L-4 5.5z"
    : comparator.startsWith("<")
      ? "M4 -5.5L-6 0L4 5.5z"
      : "M0 -4.5a4.5 4.5 0 1 1 -.01 0z";
