/** A node: what it is, what it is tied to, its figures, and where the plan names it. */
import { useMemo } from "preact/hooks";
import { type Edge, type Node, other, type Target } from "../data.ts";
import { contents } from "../scene.ts";
import { Sign } from "../shared/sign.tsx";
import { focusOn, isAmong, type Relation, relationsOf, useExplorer, without } from "../state.ts";
import { type Bilingual, compare, useWords } from "../words.ts";
import { Fold, Part, Row, Sources, Tags, useStatus } from "./rows.tsx";

interface Words {
  aliases: string;
  comma: string;
  around: string;
  steps(steps: number): string;
  path: string;
  draw(count: number): string;
  collapse: string;
  hidden(count: number): string;
  alone: string;
  targets: string;
  year(year: number): string;
  mentions: string;
  beyond(count: number): string;
}
const WORDS: Bilingual<Words> = {
  zh: {
    aliases: "又称",
    comma: "、",
    around: "看周围",
    steps: (steps) => `${steps} 步`,
    path: "从这里找路径",
    draw: (count) => (count ? `画出 ${count} 个` : "画出"),
    collapse: "收起",
    hidden: (count) => `另有 ${count} 条关系被图例隐去。`,
    alone: "规划里没有写它与别的对象的关系。",
    targets: "指标",
    year: (year) => `${year} 年 `,
    mentions: "在规划中",
    beyond: (count) => `图谱里另有 ${count} 个相邻的不在这一页：`,
  },
  en: {
    aliases: "also",
    comma: ", ",
    around: "Around it",
    steps: (steps) => `${steps} step${steps > 1 ? "s" : ""}`,
    path: "Find a path from here",
    draw: (count) => (count ? `Draw ${count}` : "Draw"),
    collapse: "Collapse",
    hidden: (count) => `The legend hides ${count} more relation${count > 1 ? "s" : ""}.`,
    alone: "The plan tells of no relation to anything else.",
    targets: "Targets",
    year: (year) => `${year}: `,
    mentions: "In the plan",
    beyond: (count) => `${count} more neighbours are in the graph, not on this page: `,
  },
};

const FEW = 8;

/** A name without the quotation marks that the plan prints around it. */
const unquoted = (name: string) => name.replace(/^[“"「](.*)[”"」]$/, "$1");

export function Thing({ node }: { node: Node }) {
  const { graph, state, language, go } = useExplorer();
  const words = useWords(WORDS);
  const relations = relationsOf(graph, state, node);
  const places = useMemo(() => contents(graph, state).places, [graph, state]);
  const edges = graph.edgesOf(node).length;
  const hidden = edges - relations.reduce((sum, [, found]) => sum + found.length, 0);
  const targets = graph.targets.filter((target) => target.node === node);
  const aliases = [...new Set(node.about.aliases?.map(unquoted))].filter((alias) => alias !== node.label);
  const around = state.focus?.node === node ? state.focus.steps : 0;
  return (
    <>
      <p class="quiet">
        <Sign style={graph.styles[node.kind]} /> {graph.term(node.kind, language)}
      </p>
      <h2 tabIndex={-1}>{node.label}</h2>
      {aliases.length > 0 && (
        <p class="quiet">
          {words.aliases} {aliases.join(words.comma)}
        </p>
      )}
      {node.about.definition && <p>{node.about.definition}</p>}
      <Tags about={node.about} />
      <p class="actions">
        {words.around}
        {[1, 2].map((steps) => (
          <button
            type="button"
            class="plain"
            key={steps}
            aria-pressed={steps === around}
            onClick={() => go(focusOn(node, steps))}
          >
            {words.steps(steps)}
          </button>
        ))}
        <button type="button" class="plain" onClick={openPathForm}>
          {words.path}
        </button>
      </p>
      {relations.map(([relation, found]) => (
        <RelationList
          key={`${relation.outward}${relation.predicate}`}
          relation={relation}
          edges={found}
          drawn={places}
        />
      ))}
      {!edges && !node.beyond && <p class="quiet">{words.alone}</p>}
      {hidden > 0 && <p class="quiet">{words.hidden(hidden)}</p>}
      {node.beyond > 0 && (
        <p class="quiet">
          {words.beyond(node.beyond)}
          <code>kg.show({JSON.stringify(node.label)})</code>
        </p>
      )}
      {targets.length > 0 && <Targets targets={targets} />}
      {node.passages.length > 0 && (
        <Part title={words.mentions} count={node.passages.length}>
          <Sources numbers={node.passages} nodes={[node]} />
        </Part>
      )}
    </>
  );
}

// The form begins with what is chosen.
const openPathForm = () => {
  const button = document.getElementById("path");
  button?.focus();
  if (button?.getAttribute("aria-expanded") !== "true") button?.click();
};

interface RelationListProps {
  relation: Relation;
  edges: Edge[];
  drawn: ReadonlyMap<Node, unknown>;
}
function RelationList({ relation, edges, drawn }: RelationListProps) {
  const { graph, language, go } = useExplorer();
  const nameOf = useStatus();
  const { node, predicate, outward } = relation;
  const term = graph.term(predicate, language);
  const ties = (edge: Edge) => graph.edgesOf(other(edge, node)).length;
  const sorted = [...edges].sort(
    (one, another) => ties(another) - ties(one) || compare(other(one, node).label, other(another, node).label),
  );
  return (
    <section>
      <h3>
        {outward ? `${term} →` : `← ${term}`} <small>{edges.length}</small>
        {drawn.has(node) && <DrawToggle relation={relation} edges={edges} drawn={drawn} />}
      </h3>
      <Fold
        items={sorted}
        few={FEW}
        row={(edge) => (
          <Row
            key={edge.index}
            node={other(edge, node)}
            note={nameOf(edge.about.status ?? other(edge, node).about.status)}
            edge={edge}
            onClick={() => go({ chosen: { edge, seenFrom: node } })}
          />
        )}
      />
    </section>
  );
}

/** Brings what a relation leads to into the picture, and takes it away. */
function DrawToggle({ relation, edges, drawn }: RelationListProps) {
  const { state, go } = useExplorer();
  const words = useWords(WORDS);
  const { focus, path, expanded, collapsed } = state;
  const missing = new Set(edges.map((edge) => other(edge, relation.node)).filter((one) => !drawn.has(one))).size;
  if (missing || isAmong(collapsed, relation)) {
    const draw = () =>
      go({ expanded: [...without(expanded, relation), relation], collapsed: without(collapsed, relation) });
    return (
      <button type="button" class="plain draw" aria-pressed={false} onClick={draw}>
        {words.draw(missing)}
      </button>
    );
  }
  // In the overview, only what was brought is taken away again.
  if (!focus && !path && !isAmong(expanded, relation)) return null;
  const collapse = () =>
    go({ expanded: without(expanded, relation), collapsed: [...without(collapsed, relation), relation] });
  return (
    <button type="button" class="plain draw" aria-pressed={true} onClick={collapse}>
      {words.collapse}
    </button>
  );
}

/** Figures by indicator, the earlier first: what was reached, then what is to be. */
function Targets({ targets }: { targets: Target[] }) {
  const words = useWords(WORDS);
  const byIndicator = new Map<string, Target[]>();
  for (const target of targets)
    byIndicator.set(target.indicator, [...(byIndicator.get(target.indicator) ?? []), target]);
  const printed = ({ year, verbatim }: Target) => (year === null ? "" : words.year(year)) + verbatim;
  return (
    <Part title={words.targets} count={byIndicator.size}>
      {[...byIndicator].map(([indicator, figures]) => (
        <details key={indicator}>
          <summary>
            <b>{indicator}</b>{" "}
            {figures
              .sort((one, another) => (one.year ?? 0) - (another.year ?? 0))
              .map(printed)
              .join(" → ")}
          </summary>
          <Sources numbers={[...new Set(figures.flatMap(({ passages }) => passages))]} />
        </details>
      ))}
    </Part>
  );
}
