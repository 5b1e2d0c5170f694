/** Passages of plans: the sentence that says so, and where it stands. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { DocumentPassage, Passage } from "../data.ts";
import { type Bilingual, useLanguage, useWords } from "../words.ts";
import { cited } from "./cited.ts";
import "./passages.css";

interface Words {
  read: string;
  more(count: number): string;
  fewer: string;
  hint: [string, string, string];
}
const WORDS: Bilingual<Words> = {
  zh: {
    read: "在原文中看",
    more: (count) => `还有 ${count} 处`,
    fewer: "收起",
    hint: [
      "这份图谱没有随带规划原文，所以只列位置。手头有原文文件时，用 ",
      " 给图谱配上原文，或用 ",
      " 重建，就能看到原句。",
    ],
  },
  en: {
    read: "In the text",
    more: (count) => `${count} more`,
    fewer: "Fewer",
    hint: [
      "This graph comes without the plan's text, so only the places are told. If you have the file, give it to the graph with ",
      ", or build again with ",
      ", to see the sentences.",
    ],
  },
};

/** So many passages are listed at first. */
const FEW = 20;

/** Whether the page carries the text that a passage is of. */
export const isReadable = (passage: Passage | DocumentPassage): boolean =>
  "document" in passage && passage.document.text !== null;

interface PassagesProps<P extends Passage> {
  items: readonly P[];
  /** What is bold in the sentences. */
  names?: readonly string[] | undefined;
  /** How many plans there are: of several, each passage names its own. */
  plans: number;
  /** Opens the text at a passage. */
  onRead?: (passage: P) => void;
}

export function Passages<P extends Passage>({ items, names = [], plans, onRead }: PassagesProps<P>) {
  const words = useWords(WORDS);
  const language = useLanguage();
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, FEW);
  return (
    <>
      {shown.map((passage, place) => (
        <div class="passage" key={place}>
          {passage.quote !== null && (
            <blockquote>
              {passage.before}
              <mark>{withBold(passage.quote, names)}</mark>
              {passage.after}
            </blockquote>
          )}
          <cite>
            {cited(passage, plans > 1, language)}
            {onRead && isReadable(passage) && (
              <button type="button" class="read" onClick={() => onRead(passage)}>
                {words.read}
              </button>
            )}
          </cite>
        </div>
      ))}
      {items.length > FEW && (
        <button type="button" class="plain" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? words.fewer : words.more(items.length - FEW)}
        </button>
      )}
    </>
  );
}

/** A quote with names in bold, where it is more than a name. */
function withBold(quote: string, names: readonly string[]): ComponentChildren {
  const found = names.filter((name) => name.length > 1 && name !== quote && quote.includes(name));
  if (!found.length || names.includes(quote)) return quote;
  const longest = found.sort((one, another) => another.length - one.length);
  const either = longest.map((name) => name.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|");
  return quote
    .split(new RegExp(`(${either})`))
    .map((part, place) => (place % 2 ? <strong key={`${place}`}>{part}</strong> : part));
}

/** How to get the sentences of these passages, where they are not at hand. */
export function Hint({ items }: { items: readonly Passage[] }) {
  const [before, between, after] = useWords(WORDS).hint;
  if (items.every((passage) => passage.quote !== null)) return null;
  return (
    <p class="hint">
      {before}
      <code>kg.load_text("plan.txt")</code>
      {between}
      <code>hongtu build --plan-text</code>
      {after}
    </p>
  );
}
