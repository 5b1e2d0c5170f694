/** Relations as rows for a spreadsheet, each with what the plan says. */

import type { Edge, Graph } from "../data.ts";
import { cited } from "../shared/cited.ts";
import type { Sheet } from "../shared/csv.ts";
import { statusName, statusOf } from "../shared/status.ts";
import type { Language } from "../words.ts";

const HEADINGS: Record<Language, string[]> = {
  zh: ["主体", "主体类别", "关系", "客体", "客体类别", "进展", "置信度", "原文", "出处"],
  en: ["subject", "kind", "relation", "object", "kind of object", "status", "confidence", "passage", "source"],
};

export function relationRows(graph: Graph, edges: readonly Edge[], language: Language): Sheet {
  const term = (name: string) => graph.term(name, language);
  const row = (edge: Edge) => {
    const { from, predicate, to, about } = edge;
    const told = edge.passages.map((place) => graph.passages[place]!);
    return [
      from.label,
      term(from.kind),
      term(predicate),
      to.label,
      term(to.kind),
      statusName(statusOf(edge), language),
      about.confidence ?? "",
      told.flatMap(({ before, quote, after }) => (quote === null ? [] : before + quote + after)).join("\n"),
      // The file may lie apart from others, so that the plan is named.
      told.map((passage) => cited(passage, true, language)).join("\n"),
    ];
  };
  return [HEADINGS[language], ...edges.map(row)];
}
