/** The answer of a query as its table reads in a language, and what is found in it. */
import { sayings } from "../shared/cited.ts";
import type { Sheet } from "../shared/csv.ts";
import { compare, folded, initialLanguage } from "../words.ts";
import { type PageData, plansOf } from "./frame.tsx";

const WORDS = {
  zh: { yes: "是", no: "否", source: "出处" },
  en: { yes: "yes", no: "no", source: "Source" },
};
/** Values of a column that can be filtered, at most. */
const FEW = 15;
/** Characters that go on one line. */
const LONG = 24;
/** A list of one number is a thing, everything else is itself. */
export type Value = string | number | boolean | null | [thing: number];
export interface TableData extends PageData {
  columns: { name: string; heading: string }[];
  rows: Value[][];
  things: [label: string, iri: string][];
  evidence: number[][] | null;
  open: boolean;
  cut: boolean;
}
export interface Column {
  name: string;
  heading: string;
  width: "number" | "short" | "middle" | "long";
  things: boolean;
  /** How often each value occurs, where filtering by them is of use. */
  values: Map<string, number> | null;
}
export interface Order {
  column: number;
  down: boolean;
}

export class Answer {
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

  /** The heading of the sources. */
  get source(): string {
    return this.#words.source;
  }

  passages(row: number) {
    return (this.data.evidence?.[row] ?? []).map((number) => this.data.passages[number]!);
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
    return [evidence ? [...headings, this.source] : headings, ...lines];
  }
}
