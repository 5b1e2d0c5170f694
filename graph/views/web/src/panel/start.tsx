/** Where to start: questions that this graph can answer. */
import { useMemo } from "preact/hooks";
import type { Graph, Node } from "../data.ts";
import { groupName } from "../picture/labels.ts";
import { focusOn, type State, useExplorer } from "../state.ts";
import { edgeShown, nodeShown } from "../walks.ts";
import { type Bilingual, useWords } from "../words.ts";
import { Fold, groupsAgain, Part, Row } from "./rows.tsx";

interface Words {
  start: string;
  what(kinds: string[]): string;
  how: string;
  discs: string;
  strategies(count: number): string;
  ask: string;
  questions: Record<string, (name: string) => string>;
  most(kinds: string): string;
  groups(count: number): string;
  targets(count: number): string;
}
const WORDS: Bilingual<Words> = {
  zh: {
    start: "从这里开始",
    what: (kinds) => `这一页画出${kinds.join("、") || "对象"}，以及它们之间的关系。`,
    how: "单击图形、线条或下面任何一行，看详情和出处；双击一个对象，看它周围；也可以直接搜索。",
    discs: "一个圆圈是一组对象，双击打开；圆环的颜色是类别，连线越粗，两组之间的关系越多。",
    strategies: (count) => `${count} 个战略和实施它的项目数`,
    ask: "可以这样问",
    questions: {
      Location: (name) => `${name}有什么？`,
      Enterprise: (name) => `${name}做什么？`,
      Industry: (name) => `谁在做${name}？`,
    },
    most: (kind) => `联系最多的${kind || "对象"}`,
    groups: (count) => `图上的 ${count} 组`,
    targets: (count) => `看 ${count} 项规划指标`,
  },
  en: {
    start: "Start here",
    what: (kinds) => `This page draws how things relate${kinds.length ? `: ${kinds.join(", ")}` : ""}.`,
    how: "Click a sign, a line or a row below for details and sources; double-click a thing to see what lies around it; or search.",
    discs:
      "A disc is a group: double-click opens it. Its rim has the colours of kinds; thicker lines are more relations.",
    strategies: (count) => `${count} strategies and how many projects implement each`,
    ask: "You can ask",
    questions: {
      Location: (name) => `What is in ${name}?`,
      Enterprise: (name) => `What does ${name} do?`,
      Industry: (name) => `Who works in ${name}?`,
    },
    most: (kinds) => `Most connected ${kinds || "things"}`,
    groups: (count) => `The ${count} groups of the picture`,
    targets: (count) => `See ${count} targets of the plan`,
  },
};

const FEW = 5;
type Ranked = [node: Node, count: number][];

/** Things of a graph with most of something first; those with nothing are left out. */
const ranked = (nodes: readonly Node[], count: (node: Node) => number): Ranked =>
  nodes
    .map((node): [Node, number] => [node, count(node)])
    .filter(([, found]) => found)
    .sort(([, one], [, another]) => another - one);

interface Suggestions {
  strategies: Ranked;
  questions: Ranked;
  most: [kind: string, nodes: Ranked][];
}

export function suggestions(graph: Graph, state: State): Suggestions {
  const shown = graph.nodes.filter((node) => nodeShown(state, node));
  const edges = (node: Node) => graph.edgesOf(node).filter((edge) => edgeShown(state, edge));
  const ofKind = (kind: string) => shown.filter((node) => node.kind === kind);
  const degree = (node: Node) => edges(node).length;
  const known = ["Enterprise", "Industry", "Location"].filter((kind) => graph.kinds.includes(kind));
  const most = (known.length ? known : graph.kinds.slice(0, 3))
    .map((kind): [string, Ranked] => [kind, ranked(ofKind(kind), degree)])
    .filter(([, nodes]) => nodes.length);
  // The whole county is no place to ask for: what lies within another says more.
  const inner = ranked(ofKind("Location"), (node) =>
    edges(node).some((edge) => edge.predicate === "within" && edge.from === node)
      ? edges(node).filter((edge) => edge.predicate === "locatedIn").length
      : 0,
  );
  const first = (kind: string) => most.find(([one]) => one === kind)?.[1] ?? [];
  return {
    strategies: ranked(
      ofKind("Strategy"),
      (node) => edges(node).filter((edge) => edge.predicate === "implements" && edge.to === node).length,
    ),
    questions: [inner.length ? inner : first("Location"), first("Enterprise"), first("Industry")].flatMap((nodes) =>
      nodes.slice(0, 1),
    ),
    most,
  };
}

export function Start() {
  const { graph, state, language, go } = useExplorer();
  const words = useWords(WORDS);
  const { hiddenKinds, hiddenRelations } = state;
  const { strategies, questions, most } = useMemo(
    () => suggestions(graph, state),
    [graph, hiddenKinds, hiddenRelations],
  );
  const opener = (text?: (name: string) => string) =>
    function row([node, count]: [Node, number]) {
      return (
        <Row key={node.index} node={node} text={text?.(node.label)} note={count} onClick={() => go(focusOn(node))} />
      );
    };
  const kinds = graph.kinds.filter((kind) => kind && graph.nodes.some((node) => node.kind === kind));
  const groups = graph.groups.filter(({ members }) => members.length);
  return (
    <>
      <h2 class="start" tabIndex={-1}>
        {words.start}
      </h2>
      <p>{words.what(kinds.map((kind) => graph.plural(kind, language)))}</p>
      {state.open.size < graph.groups.length && <p class="quiet">{words.discs}</p>}
      <p class="quiet">{words.how}</p>
      {strategies.length > 0 && (
        <Part title={words.strategies(strategies.length)}>
          <Fold items={strategies} few={6} row={opener()} />
        </Part>
      )}
      {questions.length > 0 && (
        <Part title={words.ask}>
          <ul class="rows">{questions.map((asked) => opener(words.questions[asked[0].kind])(asked))}</ul>
        </Part>
      )}
      {most.map(([kind, nodes]) => (
        <Part key={kind} title={words.most(graph.plural(kind, language))}>
          <Fold items={nodes} few={FEW} row={opener()} />
        </Part>
      ))}
      {groups.length > 1 && (
        <Part title={words.groups(groups.length)}>
          <Fold
            items={groups}
            few={FEW}
            row={(group) => (
              <Row
                key={group.index}
                node={group.centre ?? group.members[0]!}
                text={groupName(graph, group, language)}
                note={group.members.length}
                onClick={() => go({ ...groupsAgain, open: new Set([...state.open, group]), chosen: { group } })}
              />
            )}
          />
        </Part>
      )}
      {graph.targets.length > 0 && (
        <p>
          <button type="button" class="plain" onClick={() => go({ view: "targets" })}>
            {words.targets(graph.targets.length)}
          </button>
        </p>
      )}
    </>
  );
}
