/** An edge: what it says, and where the plan says so. */
import type { Edge, Node } from "../data.ts";
import { Sign } from "../shared/sign.tsx";
import { focusOn, useExplorer } from "../state.ts";
import { type Bilingual, useWords } from "../words.ts";
import { EdgeRow, Part, Sources, Tags } from "./rows.tsx";

interface Words {
  sources: string;
  none: string;
  also: string;
}
const WORDS: Bilingual<Words> = {
  zh: { sources: "出处", none: "这条关系没有记下出处。", also: "两者之间还有" },
  en: { sources: "Sources", none: "No source is recorded for this relation.", also: "Also between the two" },
};

export function Statement({ edge, seenFrom }: { edge: Edge; seenFrom?: Node }) {
  const { graph, language, go } = useExplorer();
  const words = useWords(WORDS);
  const { from, to, predicate, passages } = edge;
  const end = (node: Node) => (
    <span class="end">
      <Sign style={graph.styles[node.kind]} />
      <button type="button" onClick={() => go(focusOn(node))}>
        {node.label}
      </button>
    </span>
  );
  const siblings = graph
    .edgesOf(from)
    .filter((one) => one !== edge && (one.from === to || one.to === to) && (from !== to || one.from === one.to));
  return (
    <>
      {seenFrom && (
        <button type="button" class="link" onClick={() => go({ chosen: { node: seenFrom } })}>
          ‹ {seenFrom.label}
        </button>
      )}
      <h2 class="statement" tabIndex={-1}>
        {end(from)} <span class="arrow">— {graph.term(predicate, language)} →</span> {end(to)}
      </h2>
      <Tags about={edge.about} />
      <Part title={words.sources} count={passages.length}>
        {passages.length ? <Sources numbers={passages} nodes={[from, to]} /> : <p class="quiet">{words.none}</p>}
      </Part>
      {siblings.length > 0 && (
        <Part title={words.also}>
          <ul class="rows">
            {siblings.map((one) => (
              <EdgeRow key={one.index} edge={one} />
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}
