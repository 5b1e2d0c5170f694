/** The outline: a tree of the selection by strategy, place or industry; each branch leads to the evidence of its edge. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { toggled, useKept } from "../shared/kept.ts";
import { Sign } from "../shared/sign.tsx";
import { STATUSES, statusName } from "../shared/status.ts";
import { useExplorer } from "../state.ts";
import { folded, useLanguage, useWords } from "../words.ts";
import { APART, type Branch, EMPTY, Outline, ROOTS, type Root, type Row, toggleKey } from "./outline.ts";
import { Filter, Relation } from "./parts.tsx";
import { useSelection } from "./selection.ts";
import "./tree_view.css";

const WORDS = {
  zh: {
    tree: "脉络",
    by: "按",
    filter: "筛选名称",
    none: "没有符合的对象。",
    more: (rows: number) => `还有 ${rows} 行没有列出，请先筛选。`,
    hint: "点名称看它的全部关系；点右边的关系看原文出处（键盘：回车，Shift+回车）。",
    empty: { Strategy: "没有项目或产业的战略", Location: "没有项目或企业的地点", Industry: "没有项目或企业的产业" },
    apart: { Strategy: "未归入战略", Location: "未归入地点", Industry: "未归入产业" },
    close: "全部收起",
    progress: "各自的项目进展",
    unknown: "未说明",
  },
  en: {
    tree: "Outline",
    by: "By",
    filter: "Filter names",
    none: "Nothing fits.",
    more: (rows: number) => `${rows} more rows are not listed: filter first.`,
    hint: "A name shows all its relations; the relation on the right shows its sources (keys: Enter, Shift+Enter).",
    empty: {
      Strategy: "Strategies without projects or industries",
      Location: "Places without projects or enterprises",
      Industry: "Industries without projects or enterprises",
    },
    apart: { Strategy: "Under no strategy", Location: "At no place", Industry: "In no industry" },
    close: "Close all",
    progress: "How far their projects are",
    unknown: "not told",
  },
};

const MOST_ROWS = 3000;
/** Of projects, those of which nothing is told last. */
const PROGRESS = [...STATUSES, ""];
const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);

export function TreeView() {
  const { graph, go, language } = useExplorer();
  const words = useWords(WORDS);
  const selection = useSelection();
  const list = useRef<HTMLDivElement>(null);
  const [wanted, setRoot] = useKept<Root>("tree root", "Strategy");
  const [query, setQuery] = useKept("tree query", "");
  const [turned, setTurned] = useKept<ReadonlySet<string>>("tree toggled", new Set());
  const [active, setActive] = useKept("tree active", "");
  const roots = useMemo(
    () => ROOTS.filter((kind) => [...selection.nodes].some((node) => node.kind === kind)),
    [selection],
  );
  const root = roots.includes(wanted) ? wanted : (roots[0] ?? "Strategy");
  const outline = useMemo(() => new Outline(graph, selection, root), [graph, selection, root]);
  const all = useMemo(() => outline.rows(turned, query), [outline, turned, query]);
  const rows = all.slice(0, MOST_ROWS);
  const at = Math.max(
    0,
    rows.findIndex(({ branch }) => branch.key === active),
  );
  const progress = useMemo(
    () => outline.tops.flatMap(({ node }) => (node ? [outline.progress(node, PROGRESS)] : [])),
    [outline],
  );
  const most = Math.max(0, ...progress.map(sum));
  const byKeyboard = useRef(false);
  // Before the next key comes.
  useLayoutEffect(() => {
    if (byKeyboard.current) list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    byKeyboard.current = false;
  });

  const toggle = (branches: Branch[]) =>
    setTurned(toggled(turned, ...branches.map((branch) => toggleKey(branch, query))));
  const choose = (row: Row) => (row.branch.node ? go({ chosen: { node: row.branch.node } }) : toggle([row.branch]));
  const nameOf = ({ node, heading }: Branch) =>
    node?.label ??
    (heading === EMPTY ? words.empty[root] : heading === APART ? words.apart[root] : graph.term(heading, language));

  const press = (event: KeyboardEvent) => {
    const row = rows[at];
    const inButton = event.target !== event.currentTarget && (event.key === "Enter" || event.key === " ");
    if (!row || inButton || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = (place: number) => setActive(rows[Math.max(0, Math.min(rows.length - 1, place))]!.branch.key);
    const { key } = event;
    if (key === "ArrowDown") to(at + 1);
    else if (key === "ArrowUp") to(at - 1);
    else if (key === "Home") to(0);
    else if (key === "End") to(rows.length - 1);
    else if (key === "ArrowRight" && row.size) row.open ? to(at + 1) : toggle([row.branch]);
    else if (key === "ArrowLeft" && row.open) toggle([row.branch]);
    else if (key === "ArrowLeft" && row.branch.above) setActive(row.branch.above.key);
    else if (key === "Enter" && event.shiftKey && row.branch.edge) go({ chosen: { edge: row.branch.edge } });
    else if (key === "Enter") choose(row);
    else if (key === " " && row.size) toggle([row.branch]);
    else if (key === "*")
      toggle(
        rows
          .filter((one) => one.branch.above === row.branch.above && one.size && !one.open)
          .map(({ branch }) => branch),
      );
    else if (key.length === 1 && key !== "/") {
      const next = [...rows.slice(at + 1), ...rows].find(({ branch }) =>
        folded(nameOf(branch)).startsWith(folded(key)),
      );
      if (next) setActive(next.branch.key);
    } else if (!key.startsWith("Arrow")) return;
    byKeyboard.current = true;
    event.preventDefault();
  };

  return (
    <div class="view" id="outline">
      <div class="settings">
        {roots.length > 1 && (
          <fieldset class="choices">
            <legend>{words.by}</legend>
            {roots.map((kind) => (
              <button type="button" key={kind} aria-pressed={kind === root} onClick={() => setRoot(kind)}>
                {graph.term(kind, language)}
              </button>
            ))}
          </fieldset>
        )}
        <Filter label={words.filter} value={query} set={setQuery} />
        <button type="button" class="plain" disabled={!turned.size} onClick={() => setTurned(new Set())}>
          {words.close}
        </button>
        <span class="quiet">{words.hint}</span>
      </div>
      {most > 0 && <Key progress={progress} />}
      {!rows.length && <p class="quiet none">{words.none}</p>}
      <div role="tree" aria-label={words.tree} tabIndex={-1} ref={list}>
        {rows.map((row, place) => (
          <Item
            key={row.branch.key}
            row={row}
            outline={outline}
            name={nameOf(row.branch)}
            most={most}
            isActive={place === at}
            activate={() => setActive(row.branch.key)}
            press={press}
            choose={() => choose(row)}
            toggle={() => toggle([row.branch])}
          />
        ))}
      </div>
      {all.length > rows.length && <p class="quiet none">{words.more(all.length - rows.length)}</p>}
    </div>
  );
}

interface ItemProps {
  row: Row;
  outline: Outline;
  name: string;
  /** Projects of the longest bar, 0 for no bars. */
  most: number;
  isActive: boolean;
  activate(): void;
  press(event: KeyboardEvent): void;
  choose(): void;
  toggle(): void;
}

function Item({ row, outline, name, most, isActive, activate, press, choose, toggle }: ItemProps) {
  const { graph, state, language } = useExplorer();
  const { branch, open, size } = row;
  const { node, edge, level } = branch;
  const { chosen } = state;
  const said = edge && graph.term(edge.predicate, language);
  const counts = ([kind, count]: [string, number]) => `${count} ${graph.plural(kind, language, count)}`;
  return (
    <div
      role="treeitem"
      class={node ? undefined : "heading"}
      aria-level={level}
      aria-setsize={row.of}
      aria-posinset={row.place}
      aria-expanded={size ? open : undefined}
      aria-selected={!!node && !!chosen && "node" in chosen && chosen.node === node}
      aria-keyshortcuts={edge ? "Shift+Enter" : undefined}
      tabIndex={isActive ? 0 : -1}
      style={{ paddingInlineStart: `${level * 20 - 8}px` }}
      onFocusIn={activate}
      onKeyDown={press}
      onClick={choose}
    >
      <span
        class="twist"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          if (size) toggle();
        }}
      >
        {size ? (open ? "▾" : "▸") : ""}
      </span>
      {node && <Sign style={graph.styles[node.kind]} />}
      <span class="thing">{name}</span>
      {node?.about.status && <span class="status">{statusName(node.about.status, language)}</span>}
      <span class="counts">{node ? outline.counts(node).map(counts).join(" · ") : size}</span>
      {node && level === 1 && most > 0 && <Progress counts={outline.progress(node, PROGRESS)} most={most} />}
      {edge && (
        <Relation edge={edge} tabIndex={-1}>
          {edge.to === node ? `${said} →` : `← ${said}`}
        </Relation>
      )}
    </div>
  );
}

function useProgressName(): (status: string) => string {
  const language = useLanguage();
  const { unknown } = useWords(WORDS);
  return (status) => statusName(status, language) || unknown;
}

/** What the shades of the bars are. */
function Key({ progress }: { progress: number[][] }) {
  const words = useWords(WORDS);
  const nameOf = useProgressName();
  return (
    <p class="quiet progress">
      {words.progress}
      {PROGRESS.filter((_, place) => progress.some((counts) => counts[place])).map((status) => (
        <span key={status}>
          <svg width="11" height="11" aria-hidden="true">
            <rect width="11" height="11" class={`status-${status}`} />
          </svg>{" "}
          {nameOf(status)}
        </span>
      ))}
    </p>
  );
}

/** A bar of projects, those that are further on darker. */
function Progress({ counts, most }: { counts: number[]; most: number }) {
  const nameOf = useProgressName();
  const told = PROGRESS.flatMap((status, place) => (counts[place] ? `${nameOf(status)} ${counts[place]}` : [])).join(
    " · ",
  );
  return (
    <svg class="progress" role="img" aria-label={told}>
      <title>{told}</title>
      {PROGRESS.map((status, place) => (
        <rect
          key={status}
          class={`status-${status}`}
          x={`${(100 * sum(counts.slice(0, place))) / most}%`}
          width={`${(100 * counts[place]!) / most}%`}
          height="100%"
        />
      ))}
    </svg>
  );
}
