/** What lists in the panel are made of. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { About, Edge, Node } from "../data.ts";
import { Hint, Passages } from "../shared/passages.tsx";
import { Sign } from "../shared/sign.tsx";
import { statusName } from "../shared/status.ts";
import { type State, useExplorer } from "../state.ts";
import { type Bilingual, useLanguage, useWords } from "../words.ts";

interface Words {
  all(count: number): string;
  fewer: string;
  untold: string;
  borderline: string;
  confidence: string;
  code: string;
  weight: string;
}
const WORDS: Bilingual<Words> = {
  zh: {
    all: (count) => `全部 ${count} 个`,
    fewer: "收起",
    untold: "无出处",
    borderline: "读法两可",
    confidence: "把握",
    code: "代码",
    weight: "权重",
  },
  en: {
    all: (count) => `All ${count}`,
    fewer: "Fewer",
    untold: "no source",
    borderline: "borderline reading",
    confidence: "confidence",
    code: "code",
    weight: "weight",
  },
};

interface PartProps {
  title: ComponentChildren;
  count?: number;
  children: ComponentChildren;
}
/** A part of the panel under its heading. */
export const Part = ({ title, count, children }: PartProps) => (
  <section>
    <h3>
      {title} <small>{count}</small>
    </h3>
    {children}
  </section>
);

interface FoldProps<T> {
  items: readonly T[];
  /** So many are shown until the reader wants all. */
  few: number;
  row(item: T): ComponentChildren;
}
export function Fold<T>({ items, few, row }: FoldProps<T>) {
  const words = useWords(WORDS);
  const [all, setAll] = useState(false);
  return (
    <>
      <ul class="rows">{(all ? items : items.slice(0, few)).map(row)}</ul>
      {items.length > few && (
        <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? words.fewer : words.all(items.length)}
        </button>
      )}
    </>
  );
}

interface RowProps {
  node: Node;
  text?: string;
  note?: string | number | undefined;
  /** The edge that the row opens. */
  edge?: Edge;
  onClick(): void;
}
export function Row({ node, text = node.label, note, edge, onClick }: RowProps) {
  const { graph } = useExplorer();
  const words = useWords(WORDS);
  return (
    <li>
      <button type="button" onClick={onClick}>
        <Sign style={graph.styles[node.kind]} />
        <span>{text}</span>
        {note !== undefined && <small>{note}</small>}
        {/* Where nothing has a source, that is no news. */}
        {edge && !edge.passages.length && graph.passages.length > 0 && <small>{words.untold}</small>}
      </button>
    </li>
  );
}

/** An edge as a statement that opens its evidence. */
export function EdgeRow({ edge }: { edge: Edge }) {
  const { graph, language, go } = useExplorer();
  const text = `${edge.from.label} — ${graph.term(edge.predicate, language)} → ${edge.to.label}`;
  return <Row node={edge.from} text={text} edge={edge} onClick={() => go({ chosen: { edge } })} />;
}

export function useStatus(): (status: string | undefined) => string | undefined {
  const language = useLanguage();
  return (status) => status && statusName(status, language);
}

export function Tags({ about: { status, confidence, code, weight } }: { about: About }) {
  const { language } = useExplorer();
  const words = useWords(WORDS);
  const nameOf = useStatus();
  const number = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 3 });
  // Tables mark borderline readings with 0.6; what a program read has a chance of its own.
  const tags = [
    nameOf(status),
    confidence !== undefined &&
      confidence < 1 &&
      `${confidence <= 0.6 ? words.borderline : words.confidence} ${number(confidence)}`,
    code && `${words.code} ${code}`,
    weight !== undefined && `${words.weight} ${number(weight)}`,
  ].filter((tag) => !!tag);
  if (!tags.length) return null;
  return (
    <p class="tags">
      {tags.map((tag) => (
        <span key={tag}>{tag}</span>
      ))}
    </p>
  );
}

/** Passages by their numbers, each with its way into the text, and the names of what they are of in bold. */
export function Sources({ numbers, nodes }: { numbers: readonly number[]; nodes?: readonly Node[] }) {
  const { graph, read } = useExplorer();
  const items = numbers.map((number) => graph.passages[number]!);
  const names = nodes?.flatMap(({ label, about }) => [label, ...(about.aliases ?? [])]);
  return (
    <>
      <Passages items={items} names={names} plans={graph.documents.length} onRead={({ index }) => read(index)} />
      <Hint items={items} />
    </>
  );
}

/** The change that shows groups, and not what lies around something. */
export const groupsAgain: Partial<State> = { view: "picture", focus: null, path: null };
