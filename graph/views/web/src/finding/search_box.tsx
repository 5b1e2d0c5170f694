/** The search of the whole page, and the field that it and the form for paths pick a thing with. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Node } from "../data.ts";
import { Sign } from "../shared/sign.tsx";
import { focusOn, useExplorer } from "../state.ts";
import { useWords } from "../words.ts";
import { indexOf, pieces } from "./search.ts";
import "./search_box.css";

const WORDS = {
  zh: {
    search: "搜索：名称、简称、拼音",
    also: "又称",
    nothing: "没有找到",
    hint: "换个简称、拼音或首字母，或只打其中两个字",
    more: (count: number) => `还有 ${count} 个，再多打几个字`,
    shown: (node: string, count: number) => `${node}：已放到图的中间，有 ${count} 条关系`,
  },
  en: {
    search: "Search: names, aliases, pinyin",
    also: "also",
    nothing: "Nothing found",
    hint: "Try another name, pinyin or initials, or any two letters of it",
    more: (count: number) => `${count} more: type some letters more`,
    shown: (node: string, count: number) => `${node} is in the middle of the picture; it has ${count} relations`,
  },
};

const MOST = 30;

export function SearchBox() {
  const { graph, state, go, announce } = useExplorer();
  const words = useWords(WORDS);
  const show = (node: Node) => {
    // What somebody looks for is not to stay hidden.
    go({ ...focusOn(node), hiddenKinds: new Set([...state.hiddenKinds].filter((kind) => kind !== node.kind)) });
    announce(words.shown(node.label, graph.edgesOf(node).length));
  };
  return (
    <search class="search">
      <NodeField id="search" list="found" label={words.search} value={null} onPick={show} />
    </search>
  );
}

interface NodeFieldProps {
  id: string;
  /** The id of the list of what was found. */
  list: string;
  label: string;
  /** The thing that was picked, null for none. */
  value: Node | null;
  onPick(node: Node): void;
}

/** A field that finds things as somebody types: arrows walk over them, Enter or a click picks one. */
export function NodeField({ id, list, label, value, onPick }: NodeFieldProps) {
  const { graph, announce } = useExplorer();
  const words = useWords(WORDS);
  // Null while the field shows what was picked.
  const [text, setText] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const options = useRef<HTMLDivElement>(null);
  const wanted = text?.trim() ?? "";
  const found = useMemo(() => (open ? indexOf(graph).find(wanted) : []), [graph, open, wanted]);
  const offered = found.slice(0, MOST);
  // One letter of an alphabet is not looked for, so nothing is missing.
  const empty = open && !found.length && /../su.test(wanted);
  const shown = empty || offered.length > 0;

  useEffect(() => options.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  useEffect(() => {
    if (empty) announce(words.nothing);
  }, [empty]);

  const pick = (node: Node) => {
    setText(null);
    setOpen(false);
    onPick(node);
  };
  const press = (event: KeyboardEvent) => {
    // Enter and arrows of an input method choose its characters.
    if (event.isComposing) return;
    const count = offered.length;
    if (event.key === "Escape" && (open || text)) {
      if (!open) setText(null);
      setOpen(false);
    } else if (event.key === "ArrowDown" && text && !open) setOpen(true);
    else if (event.key === "ArrowDown" && count) setAt((at + 1) % count);
    else if (event.key === "ArrowUp" && count) setAt((at + count - 1) % count);
    else if (event.key === "Enter" && offered[at]) pick(offered[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="search"
        list={undefined}
        // biome-ignore lint/a11y/noRedundantRoles: without a list it would be a search box.
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={words.search}
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={list}
        aria-activedescendant={offered.length ? `${list}-${at}` : undefined}
        value={text ?? value?.label ?? ""}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setAt(0);
        }}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={() => {
          setOpen(false);
          if (value) setText(null);
        }}
        onClick={() => text && setOpen(true)}
        onKeyDown={press}
      />
      {/* Focus stays in the field while the mouse is on the list. */}
      <div
        id={list}
        ref={options}
        role="listbox"
        aria-label={label}
        hidden={!shown}
        onMouseDown={(e) => e.preventDefault()}
      >
        {offered.map((node, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field.
          <div
            key={node.index}
            id={`${list}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === at}
            onClick={() => pick(node)}
          >
            <Found node={node} text={wanted} />
          </div>
        ))}
        {found.length > MOST && <Note text={words.more(found.length - MOST)} />}
        {empty && <Note text={`${words.nothing}。${words.hint}`} />}
      </div>
    </div>
  );
}

/** A thing that was found: its name, or also the alias that has what was looked for. */
function Found({ node, text }: { node: Node; text: string }) {
  const { graph, language } = useExplorer();
  const words = useWords(WORDS);
  const name = pieces(node.label, text);
  const alias = name.length > 1 ? undefined : node.about.aliases?.map((one) => pieces(one, text)).find((one) => one[1]);
  return (
    <>
      <Sign style={graph.styles[node.kind]} />
      <span class="term">
        <Marked parts={name} />
        {alias && (
          <small>
            {" "}
            {words.also} <Marked parts={alias} />
          </small>
        )}
      </span>
      <small>{graph.term(node.kind, language)}</small>
    </>
  );
}

const Marked = ({ parts }: { parts: string[] }) => (
  <>{parts.map((part, place) => (place % 2 ? <mark key={`${place}`}>{part}</mark> : part))}</>
);

/** In the list, but nothing to pick. */
const Note = ({ text }: { text: string }) => (
  <div role="option" tabIndex={-1} aria-disabled="true" aria-selected="false" class="quiet">
    {text}
  </div>
);
