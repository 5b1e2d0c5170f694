/** The text of a plan, open at a passage, with all names that the graph knows. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { DocumentPassage, Graph } from "../data.ts";
import { isReadable } from "../shared/passages.tsx";
import type { Chosen } from "../state.ts";
import { focusOn, useExplorer } from "../state.ts";
import { type Bilingual, useWords } from "../words.ts";
import { lineStarts, mentionsIn, outlineOf, type Run, segments } from "./reader_text.ts";
import "./reader.css";

interface Words {
  close: string;
  outline: string;
  previous: string;
  next: string;
  at(place: number, count: number): string;
}
const WORDS: Bilingual<Words> = {
  zh: {
    close: "关闭",
    outline: "章节",
    previous: "上一处",
    next: "下一处",
    at: (place, count) => `第 ${place} 处，共 ${count} 处`,
  },
  en: {
    close: "Close",
    outline: "Sections",
    previous: "Previous place",
    next: "Next place",
    at: (place, count) => `place ${place} of ${count}`,
  },
};

export function Reader({ passage: index, close }: { passage: number; close(): void }) {
  const { graph, state, read } = useExplorer();
  const words = useWords(WORDS);
  const dialog = useRef<HTMLDialogElement>(null);
  const passage = graph.passages[index]!;
  const places = placesOf(graph, state.chosen, passage);
  const place = places.indexOf(index);
  useLayoutEffect(() => dialog.current!.showModal(), []);
  useLayoutEffect(() => {
    const here = dialog.current!.querySelector<HTMLElement>("mark.here");
    here?.scrollIntoView({ block: "center" });
    // From here Tab goes on to the names that follow.
    here?.focus({ preventScroll: true });
    dialog.current!.querySelector(".outline [aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [passage]);
  const turn = (step: number, text: string, sign: string) => (
    <button
      type="button"
      class="plain"
      aria-label={text}
      title={text}
      disabled={places[place + step] === undefined}
      onClick={() => read(places[place + step]!)}
    >
      {sign}
    </button>
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes the dialog without our help.
    <dialog
      id="reader"
      ref={dialog}
      aria-label={passage.plan}
      onClose={close}
      onClick={({ target }) => target === dialog.current && dialog.current?.close()}
    >
      {/* Takes the focus of clicks on plain text: keys stay in the dialog. */}
      <div class="frame" tabIndex={-1}>
        <div class="head">
          <h2>{passage.plan}</h2>
          {places.length > 1 && (
            <>
              <span class="quiet">{words.at(place + 1, places.length)}</span>
              {turn(-1, words.previous, "↑")}
              {turn(1, words.next, "↓")}
            </>
          )}
          <button type="button" class="plain" id="close" onClick={() => dialog.current!.close()}>
            {words.close}
          </button>
        </div>
        <Text passage={passage} close={() => dialog.current!.close()} />
      </div>
    </dialog>
  );
}

/** The passages between which the reader goes: those of what is chosen. */
function placesOf(graph: Graph, chosen: Chosen | null, { index }: DocumentPassage): number[] {
  const numbers = !chosen ? [] : "edge" in chosen ? chosen.edge.passages : "node" in chosen ? chosen.node.passages : [];
  const places = numbers.filter((number) => isReadable(graph.passages[number]!));
  return places.includes(index) ? places : [index];
}

function Text({ passage, close }: { passage: DocumentPassage; close(): void }) {
  const { graph, go } = useExplorer();
  const words = useWords(WORDS);
  const host = useRef<HTMLDivElement>(null);
  const { document, start, end } = passage;
  const text = document.text!;
  const starts = useMemo(() => lineStarts(text), [text]);
  const mentions = useMemo(() => mentionsIn(graph, document), [graph, document]);
  const outline = useMemo(() => outlineOf(graph, document, text.text.split("\n")), [graph, document]);
  const lines = useMemo(
    () => linesOf(segments(text, mentions, [...starts, start, end]), starts),
    [text, mentions, starts, start, end],
  );
  const jump = (line: number) => host.current!.children[line]?.scrollIntoView({ block: "start" });
  const open = (element: EventTarget | null) => {
    const name = element instanceof Element && element.closest<HTMLElement>("[data-node]");
    if (!name) return;
    close();
    go(focusOn(graph.nodes[Number(name.dataset.node)]!));
  };
  return (
    <div class="body">
      <details class="outline" open={matchMedia("(min-width: 721px)").matches}>
        <summary>{words.outline}</summary>
        <ul>
          {outline.map(({ title, line }) => (
            <li key={title}>
              <button
                type="button"
                aria-current={title === passage.section ? "true" : undefined}
                onClick={() => jump(line)}
              >
                {title}
              </button>
            </li>
          ))}
        </ul>
      </details>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the names inside are the buttons; one listener serves all. */}
      <div
        class="text"
        ref={host}
        lang="zh-CN"
        onClick={({ target }) => getSelection()?.isCollapsed && open(target)}
        onKeyDown={({ key, target }) => key === "Enter" && open(target)}
      >
        {lines.map((runs, line) => (
          <Line key={starts[line]} number={line + 1} runs={runs} start={start} end={end} />
        ))}
      </div>
    </div>
  );
}

/** Runs by the lines that they stand in. */
function linesOf(runs: readonly Run[], starts: readonly number[]): Run[][] {
  const lines: Run[][] = starts.map(() => []);
  let line = 0;
  for (const run of runs) {
    while (run.start >= (starts[line + 1] ?? Number.POSITIVE_INFINITY)) line += 1;
    lines[line]!.push(run);
  }
  return lines;
}

interface LineProps {
  number: number;
  runs: readonly Run[];
  /** Where the passage is, here or in other lines. */
  start: number;
  end: number;
}
function Line({ number, runs, start, end }: LineProps) {
  const piece = ({ start: key, text, node }: Run) =>
    node ? (
      // A button would neither wrap nor let its text be selected.
      // biome-ignore lint/a11y/useSemanticElements: see above.
      <span key={key} role="button" tabIndex={0} class="name" data-node={node.index}>
        {text}
      </span>
    ) : (
      text
    );
  const here = runs.filter((run) => run.start >= start && run.end <= end);
  return (
    <p data-line={number}>
      {runs.filter((run) => run.end <= start).map(piece)}
      {here.length > 0 && (
        <mark class="here" tabIndex={-1}>
          {here.map(piece)}
        </mark>
      )}
      {runs.filter((run) => run.start >= end).map(piece)}
    </p>
  );
}
