import type { Passage } from "../data.ts";
import type { Language } from "../words.ts";

/** Where a passage stands: its section, line and characters, and its plan if wanted. */
export function cited({ plan, section, line, start, end }: Passage, withPlan: boolean, language: Language): string {
  const place = language === "zh" ? `第 ${line} 行，字符 ${start}–${end}` : `line ${line}, characters ${start}–${end}`;
  return [withPlan && plan, section, place].filter(Boolean).join(" · ");
}

/** Passages as one cell of a sheet has them: a line each, what they say where that is at hand. */
export const sayings = (passages: readonly Passage[], withPlan: boolean, language: Language): string =>
  passages
    .map((passage) => cited(passage, withPlan, language) + (passage.quote === null ? "" : `: ${passage.quote}`))
    .join("\n");
