/** The ways between two nodes, step by step, while nothing is chosen on them. */
import { useMemo } from "preact/hooks";
import type { Edge, Node } from "../data.ts";
import { focusOn, type State, useExplorer } from "../state.ts";
import { ways } from "../walks.ts";
import { type Bilingual, useWords } from "../words.ts";
import { EdgeRow, Fold, Part } from "./rows.tsx";

interface Words {
  found(steps: number, relations: number): string;
  none: string;
  step(step: number): string;
  and: string;
}
const WORDS: Bilingual<Words> = {
  zh: {
    found: (steps, relations) => `最短 ${steps} 步，共画出 ${relations} 条关系；点一条看出处。`,
    none: "在现在显示的类别和关系里，两者之间没有路径。",
    step: (step) => `第 ${step} 步`,
    and: " 到 ",
  },
  en: {
    found: (steps, relations) =>
      `The shortest has ${steps} step${steps === 1 ? "" : "s"}; ${relations} relations are drawn. Click one for its source.`,
    none: "There is no path among the kinds and relations that are shown.",
    step: (step) => `Step ${step}`,
    and: " to ",
  },
};

export function PathView({ path }: { path: NonNullable<State["path"]> }) {
  const { graph, state, go } = useExplorer();
  const words = useWords(WORDS);
  const { from, to, slack } = path;
  const found = useMemo(
    () => ways(graph, state, from, to, slack),
    [graph, state.hiddenKinds, state.hiddenRelations, from, to, slack],
  );
  const layerOf = new Map(found.layers.flatMap((layer, step) => layer.map((node): [Node, number] => [node, step])));
  const steps: Edge[][] = [];
  for (const edge of found.edges) {
    const step = Math.max(layerOf.get(edge.from)!, layerOf.get(edge.to)!);
    steps[step] ??= [];
    steps[step].push(edge);
  }
  const link = (node: Node) => (
    <button type="button" onClick={() => go(focusOn(node))}>
      {node.label}
    </button>
  );
  return (
    <>
      <h2 class="statement" tabIndex={-1}>
        {link(from)}
        {words.and}
        {link(to)}
      </h2>
      <p class="quiet">{found.steps < 0 ? words.none : words.found(found.steps, found.edges.length)}</p>
      {[...steps.entries()]
        .filter(([, edges]) => edges)
        .map(([step, edges]) => (
          <Part key={step} title={words.step(step)} count={edges.length}>
            <Fold items={edges} few={12} row={(edge) => <EdgeRow key={edge.index} edge={edge} />} />
          </Part>
        ))}
    </>
  );
}
