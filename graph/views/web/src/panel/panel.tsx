/** The panel: what is chosen, its relations, and where the plan says so; where to start while nothing is. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { type State, useExplorer } from "../state.ts";
import { type Bilingual, useWords } from "../words.ts";
import { Between, GroupView } from "./groups.tsx";
import { PathView } from "./path.tsx";
import { Start } from "./start.tsx";
import { Statement } from "./statement.tsx";
import { Thing } from "./thing.tsx";
import "./panel.css";

const WORDS: Bilingual<{ panel: string }> = { zh: { panel: "详情与出处" }, en: { panel: "Details and sources" } };

export function Panel() {
  const { state } = useExplorer();
  const words = useWords(WORDS);
  const host = useRef<HTMLElement>(null);
  const subject = subjectOf(state);
  // Before what has the focus is replaced; a reader without a mouse goes on at the new heading.
  const focused = host.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    host.current!.scrollTop = 0;
    if (focused) host.current!.querySelector<HTMLElement>("h2")!.focus({ preventScroll: true });
  }, [subject]);
  return (
    <aside id="panel" ref={host} aria-label={words.panel}>
      <div key={subject}>
        <Content {...state} />
      </div>
    </aside>
  );
}

function Content({ chosen, path }: State) {
  if (!chosen) return path ? <PathView path={path} /> : <Start />;
  if ("node" in chosen) return <Thing node={chosen.node} />;
  if ("edge" in chosen) return <Statement {...chosen} />;
  if ("group" in chosen) return <GroupView group={chosen.group} />;
  return <Between groups={chosen.between} />;
}

/** A name of what the panel tells of, another for each. */
function subjectOf({ chosen, path }: State): string {
  if (!chosen) return path ? `path ${path.from.index} ${path.to.index}` : "start";
  if ("node" in chosen) return `node ${chosen.node.index}`;
  if ("edge" in chosen) return `edge ${chosen.edge.index}`;
  if ("group" in chosen) return `group ${chosen.group.index}`;
  return `between ${chosen.between.map((group) => group.index)}`;
}
