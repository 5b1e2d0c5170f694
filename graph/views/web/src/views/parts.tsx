/** What views are made of: their settings, the name of a thing that leads on to its relations, a relation to its
 * evidence. */
import type { ComponentChildren } from "preact";
import type { Edge, Node } from "../data.ts";
import { csvOf, download, type Sheet } from "../shared/csv.ts";
import { Sign } from "../shared/sign.tsx";
import { useExplorer } from "../state.ts";
import { useWords } from "../words.ts";
import "./parts.css";

const WORDS = {
  zh: { sources: (count: number) => (count ? `${count} 处出处` : "没有出处"), csv: "下载 CSV" },
  en: {
    sources: (count: number) => (count ? `${count} source${count > 1 ? "s" : ""}` : "no source"),
    csv: "Download CSV",
  },
};

interface SettingProps<T> {
  label: string;
  value: T;
  set(value: T): void;
}

export const Filter = ({ label, value, set }: SettingProps<string>) => (
  <input
    type="search"
    autocomplete="off"
    spellcheck={false}
    placeholder={label}
    aria-label={label}
    value={value}
    onInput={(event) => set(event.currentTarget.value)}
  />
);

/** One of some values, each with its name. */
export const Choice = <T extends string>({
  label,
  value,
  set,
  options,
}: SettingProps<T> & { options: readonly (readonly [value: T, name: string])[] }) => (
  <label>
    {label}{" "}
    <select onChange={(event) => set(event.currentTarget.value as T)}>
      {options.map(([option, name]) => (
        <option key={option} value={option} selected={option === value}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

/** Saves a sheet that is made when it is wanted. */
export function SaveSheet({ name, sheet, disabled }: { name: string; sheet(): Sheet; disabled?: boolean }) {
  const { graph } = useExplorer();
  const words = useWords(WORDS);
  const save = () => download(`${graph.title} ${name}.csv`, csvOf(sheet()));
  return (
    <button type="button" class="plain" disabled={disabled} onClick={save}>
      {words.csv}
    </button>
  );
}

export function Name({ node }: { node: Node }) {
  const { graph, go } = useExplorer();
  return (
    <button type="button" class="thing" onClick={() => go({ chosen: { node } })}>
      <Sign style={graph.styles[node.kind]} /> {node.label}
    </button>
  );
}

interface RelationProps {
  edge: Edge;
  tabIndex?: number;
  /** What is read on it; else the relation's name. */
  children?: ComponentChildren;
}

export function Relation({ edge, tabIndex, children }: RelationProps) {
  const { graph, state, go, language } = useExplorer();
  const words = useWords(WORDS);
  const said = graph.term(edge.predicate, language);
  const told = `${edge.from.label} ${said} ${edge.to.label} · ${words.sources(edge.passages.length)}`;
  return (
    <button
      type="button"
      class="relation"
      tabIndex={tabIndex}
      title={told}
      aria-label={told}
      aria-current={!!state.chosen && "edge" in state.chosen && state.chosen.edge === edge}
      onClick={(event) => {
        event.stopPropagation();
        go({ chosen: { edge } });
      }}
    >
      {children ?? said}
    </button>
  );
}
