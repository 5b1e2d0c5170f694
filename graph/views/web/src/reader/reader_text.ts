/** A document's text cut for reading: into lines and names, by code points. */
import type { Graph, Node, PlanDocument } from "../data.ts";
import type { PlanText } from "../plan_text.ts";

/** Where a text names a thing; the end is exclusive. */
export interface Mention {
  start: number;
  end: number;
  node: Node;
}
export interface Run {
  start: number;
  end: number;
  text: string;
  /** What these characters name. */
  node: Node | null;
}

/** The whole text in runs, cut where names begin and end and at other places wanted. Of names that overlap, the longest
 * counts. */
export function segments(text: PlanText, mentions: readonly Mention[], cuts: Iterable<number> = []): Run[] {
  const longest = mentions
    .filter(({ start, end }) => start >= 0 && end <= text.length)
    .sort((one, another) => another.end - another.start - (one.end - one.start) || one.start - another.start);
  const owners: (Mention | undefined)[] = Array.from({ length: text.length });
  for (const mention of longest) {
    const { start, end } = mention;
    if (owners.slice(start, end).every((owner) => !owner)) owners.fill(mention, start, end);
  }
  const wanted = new Set(cuts);
  const runs: Run[] = [];
  let start = 0;
  for (let at = 1; at <= text.length; at += 1) {
    if (at < text.length && owners[at] === owners[at - 1] && !wanted.has(at)) continue;
    runs.push({ start, end: at, text: text.slice(start, at), node: owners[start]?.node ?? null });
    start = at;
  }
  return runs;
}

/** Where lines begin. */
export function lineStarts(text: PlanText): number[] {
  const starts = [0];
  let at = 0;
  for (const letter of text.text) {
    at += 1;
    if (letter === "\n") starts.push(at);
  }
  return starts;
}

/** Everything that a document names. */
export const mentionsIn = (graph: Graph, document: PlanDocument): Mention[] =>
  graph.nodes.flatMap((node) =>
    node.passages.flatMap((index) => {
      const passage = graph.passages[index]!;
      return passage.document === document ? { start: passage.start, end: passage.end, node } : [];
    }),
  );

export interface Section {
  title: string;
  /** Place of the line of its heading. */
  line: number;
}

/** Sections that hold passages, as they follow each other: each at its heading, the last line before its first passage
 * that ends with its title, else at that passage. */
export function outlineOf(graph: Graph, document: PlanDocument, lines: readonly string[]): Section[] {
  const first = new Map<string, number>();
  for (const { document: of, section, line } of graph.passages)
    if (of === document && section) first.set(section, Math.min(line - 1, first.get(section) ?? line - 1));
  return [...first]
    .map(([title, line]) => {
      let heading = line;
      while (heading >= 0 && !lines[heading]?.trim().endsWith(title)) heading -= 1;
      return { title, line: heading < 0 ? line : heading };
    })
    .sort((one, another) => one.line - another.line);
}
