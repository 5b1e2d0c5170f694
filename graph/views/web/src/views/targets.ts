/** The figures of a selection, one row for each indicator: where it starts, where it is to go, and how far that is. */
import type { Graph, Node, Target } from "../data.ts";
import type { Selection } from "../scene.ts";
import { compare, folded } from "../words.ts";

/** All figures of one indicator, in one unit, of one thing or plan. */
export interface Figures {
  /** What the indicator is of, null for a plan and for what is no node. */
  owner: Node | null;
  /** The name of what is no node, else "". */
  subject: string;
  /** Title of the plan that says so. */
  plan: string;
  indicator: string;
  unit: string;
  /** By year; of one year, the baseline first. */
  points: Target[];
  change: Change | null;
}
export interface Change {
  from: Target;
  to: Target;
  difference: number;
  /** Of percentages the difference in points is told, and no share of them. */
  share: number | null;
}
export const ORDERS = ["plan", "change", "name"] as const;
export type Order = (typeof ORDERS)[number];

const PERCENT = "%";
export const isPercent = ({ unit }: { unit: string }): boolean => folded(unit) === PERCENT;
export const isBaseline = ({ role }: Target): boolean => role === "baseline";

/** Names whose figures belong together. */
export const ownerKey = ({ owner, plan, subject }: Figures): string => owner?.id ?? `${plan}\n${subject}`;

/** Rows for the targets of the selection's nodes, and of all else where the selection is of the whole page. */
export function figuresOf(graph: Graph, { nodes }: Selection, isWhole: boolean): Figures[] {
  const rows = new Map<string, Figures>();
  for (const target of graph.targets) {
    const { node: owner, subject, indicator, unit } = target;
    if (owner ? !nodes.has(owner) : !isWhole) continue;
    const plan = graph.passages[target.passages[0] ?? -1]?.plan ?? "";
    const empty: Figures = { owner, subject, plan, indicator, unit, points: [], change: null };
    const key = JSON.stringify([ownerKey(empty), folded(indicator), folded(unit)]);
    const row = rows.get(key) ?? empty;
    row.points.push(target);
    rows.set(key, row);
  }
  for (const row of rows.values()) {
    row.points.sort((one, other) => when(one) - when(other) || Number(isBaseline(other)) - Number(isBaseline(one)));
    row.change = changeOf(row);
  }
  return [...rows.values()];
}

/** A figure without a year is before all others, or after them. */
const when = (target: Target) => target.year ?? (isBaseline(target) ? 0 : 9999);

/** From the latest baseline to the last goal; where only one of the two is there, from its first figure to its last. */
function changeOf({ points, unit }: Figures): Change | null {
  const known = points.filter(({ value }) => value !== null);
  const baselines = known.filter(isBaseline);
  const goals = known.filter((point) => !isBaseline(point));
  const from = goals.length && baselines.length ? baselines.at(-1) : known[0];
  const to = goals.at(-1) ?? known.at(-1);
  if (!from || !to || from === to || from.year === to.year) return null;
  const difference = to.value! - from.value!;
  return { from, to, difference, share: isPercent({ unit }) || !from.value ? null : difference / Math.abs(from.value) };
}

/** Rows of each owner: plans first, nodes as the legend has their kinds, then what is no node. */
export function grouped(graph: Graph, rows: Figures[], order: Order): [Figures, Figures[]][] {
  const groups = new Map<string, Figures[]>();
  for (const row of [...rows].sort((one, other) => inOrder(graph, order, one, other))) {
    const key = ownerKey(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const rank = ({ owner, subject }: Figures) =>
    owner ? graph.kinds.indexOf(owner.kind) : subject ? graph.kinds.length : -1;
  const name = ({ owner, subject, plan }: Figures) => owner?.label ?? (subject || plan);
  return [...groups.values()]
    .map((found): [Figures, Figures[]] => [found[0]!, found])
    .sort(([one], [other]) => rank(one) - rank(other) || compare(name(one), name(other)));
}

function inOrder(graph: Graph, order: Order, one: Figures, other: Figures): number {
  const size = ({ change }: Figures) => (change ? Math.abs(change.share ?? change.difference / 100) : -1);
  const place = ({ points }: Figures) =>
    Math.min(...points.flatMap(({ passages }) => passages.map((index) => graph.passages[index]!.start)));
  return (
    (order === "change" ? size(other) - size(one) : order === "plan" ? place(one) - place(other) : 0) ||
    compare(one.indicator, other.indicator)
  );
}

/** Where a value lies between the ends of its row's axis, 0 to 1: percentages on one axis, others from zero on. */
export function axisOf(row: Figures): (value: number) => number {
  const values = row.points.flatMap(({ value }) => value ?? []);
  const low = Math.min(0, ...values);
  const high = Math.max(isPercent(row) ? 100 : 0, ...values);
  return (value) => (high > low ? (value - low) / (high - low) : 0);
}

/** The shares of a figure such as “6.9:44.6:48.5”, null for any other. */
export function sharesOf({ verbatim }: Target): number[] | null {
  const parts = verbatim.normalize("NFKC").split(/\s*:\s*/);
  const sum = parts.reduce((total, part) => total + Number(part), 0);
  return parts.length > 1 && sum > 0 && parts.every((part) => /^\d+(\.\d+)?$/.test(part))
    ? parts.map((part) => Number(part) / sum)
    : null;
}

const SIGNS = new Map([
  [">=", "≥"],
  ["<=", "≤"],
  [">", ">"],
  ["<", "<"],
  ["~", "≈"],
]);
/** The sign before a figure that is not exact, "" for one that is. */
export const signOf = ({ comparator }: Target): string => SIGNS.get(comparator) ?? "";
