/** What the signs mean, how many there are, and what of it is shown. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { selectionOf } from "../scene.ts";
import { Sign } from "../shared/sign.tsx";
import { useExplorer } from "../state.ts";
import { useWords } from "../words.ts";
import "./legend.css";

const WORDS = {
  zh: {
    legend: "图例",
    kinds: "类别",
    relations: "关系",
    none: "未分类",
    only: "只看",
    onlyThis: (name: string) => `只看${name}`,
    all: "全部",
    reset: "全部显示",
    hidden: (name: string) => `${name}：已隐去`,
    shown: (name: string) => `${name}：已显示`,
  },
  en: {
    legend: "Legend",
    kinds: "Kinds",
    relations: "Relations",
    none: "no kind",
    only: "only",
    onlyThis: (name: string) => `Only ${name}`,
    all: "all",
    reset: "Show all",
    hidden: (name: string) => `${name}: hidden`,
    shown: (name: string) => `${name}: shown`,
  },
};

const NOTHING: ReadonlySet<string> = new Set();

/** How often each comes, the most frequent first. */
function counted(names: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].sort(([, one], [, other]) => other - one));
}

export function Legend() {
  const { graph, state, go } = useExplorer();
  const words = useWords(WORDS);
  const { focus, path, open, expanded, collapsed, hiddenKinds, hiddenRelations } = state;
  const all = useMemo(() => {
    const present = counted(graph.nodes.map((node) => node.kind));
    return {
      // Where nothing has a kind, there is nothing to tell apart.
      kinds: graph.kinds.filter((kind) => present.has(kind) && (kind || present.size > 1)),
      relations: [...counted(graph.edges.map((edge) => edge.predicate)).keys()],
    };
  }, [graph]);
  const counts = useMemo(() => {
    const countsOf = (selected: typeof state) => {
      const { nodes, edges } = selectionOf(graph, selected);
      return {
        kinds: counted([...nodes].map((node) => node.kind)),
        relations: counted(edges.map((edge) => edge.predicate)),
      };
    };
    const shown = countsOf(state);
    if (!hiddenKinds.size && !hiddenRelations.size) return shown;
    // Of what is hidden: how many there would be.
    const whole = countsOf({ ...state, hiddenKinds: NOTHING, hiddenRelations: NOTHING });
    for (const kind of hiddenKinds) shown.kinds.set(kind, whole.kinds.get(kind) ?? 0);
    for (const relation of hiddenRelations) shown.relations.set(relation, whole.relations.get(relation) ?? 0);
    return shown;
  }, [graph, focus, path, open, expanded, collapsed, hiddenKinds, hiddenRelations]);

  return (
    <nav id="legend" aria-label={words.legend}>
      {all.kinds.length > 0 && (
        <Toggles
          title={words.kinds}
          names={all.kinds}
          counts={counts.kinds}
          hidden={hiddenKinds}
          hide={(names) => go({ hiddenKinds: names })}
          sign={(kind) => <Sign style={graph.styles[kind]} />}
        />
      )}
      <Toggles
        title={words.relations}
        names={all.relations}
        counts={counts.relations}
        hidden={hiddenRelations}
        hide={(names) => go({ hiddenRelations: names })}
        sign={() => <span class="sign">→</span>}
      />
      {hiddenKinds.size + hiddenRelations.size > 0 && (
        <button
          type="button"
          id="show-all"
          class="plain"
          onClick={() => go({ hiddenKinds: NOTHING, hiddenRelations: NOTHING })}
        >
          {words.reset}
        </button>
      )}
    </nav>
  );
}

interface TogglesProps {
  title: string;
  names: string[];
  counts: Map<string, number>;
  hidden: ReadonlySet<string>;
  hide(names: ReadonlySet<string>): void;
  sign(name: string): ComponentChildren;
}

function Toggles({ title, names, counts, hidden, hide, sign }: TogglesProps) {
  const { graph, language, announce } = useExplorer();
  const words = useWords(WORDS);
  const toggle = (name: string, label: string) => {
    const rest = new Set(hidden);
    if (!rest.delete(name)) rest.add(name);
    hide(rest);
    announce(rest.has(name) ? words.hidden(label) : words.shown(label));
  };
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {names.map((name) => {
          const label = graph.term(name, language) || words.none;
          const count = counts.get(name) ?? 0;
          const alone = !hidden.has(name) && hidden.size === names.length - 1;
          return (
            <li key={name} class={count ? undefined : "none"}>
              <button type="button" aria-pressed={!hidden.has(name)} onClick={() => toggle(name, label)}>
                {sign(name)}
                <span class="term">{label}</span>
                <span class="count">{count}</span>
              </button>
              {names.length > 1 && (
                <button
                  type="button"
                  class="only"
                  aria-label={alone ? words.reset : words.onlyThis(label)}
                  onClick={() => hide(alone ? NOTHING : new Set(names.filter((one) => one !== name)))}
                >
                  {alone ? words.all : words.only}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
