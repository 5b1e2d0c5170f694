/** Asking for the ways between two things. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Node } from "../data.ts";
import { useExplorer } from "../state.ts";
import { ways } from "../walks.ts";
import { useWords } from "../words.ts";
import { NodeField } from "./search_box.tsx";
import "./path_form.css";

const WORDS = {
  zh: {
    path: "路径",
    title: "两者之间怎么连起来",
    from: "从",
    to: "到",
    find: "找路径",
    close: "关闭",
    same: "请选两个不同的对象",
    none: "两者之间没有路径",
    hidden: "按现在的图例，两者之间没有路径",
    all: "全部显示再找",
    found: (steps: number) => `找到了：最短 ${steps} 步`,
  },
  en: {
    path: "Path",
    title: "How two things are connected",
    from: "From",
    to: "To",
    find: "Find paths",
    close: "Close",
    same: "Pick two different things",
    none: "There is no path between them",
    hidden: "There is no path between them along what the legend shows",
    all: "Show all and try again",
    found: (steps: number) => `Found: the shortest has ${steps} step${steps > 1 ? "s" : ""}`,
  },
};

const ALL_SHOWN = { hiddenKinds: new Set<string>(), hiddenRelations: new Set<string>() };

export function PathForm() {
  const { state } = useExplorer();
  const words = useWords(WORDS);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const start = state.chosen && "node" in state.chosen ? state.chosen.node : (state.focus?.node ?? null);
  return (
    <>
      <button
        ref={button}
        type="button"
        id="path"
        class="plain"
        aria-expanded={open}
        aria-controls="path-form"
        onClick={() => setOpen(!open)}
      >
        {words.path}
      </button>
      {open && <Form start={start} close={close} />}
    </>
  );
}

function Form({ start, close }: { start: Node | null; close(): void }) {
  const { graph, state, go, announce } = useExplorer();
  const words = useWords(WORDS);
  const [from, setFrom] = useState(start);
  const [to, setTo] = useState<Node | null>(null);
  const [trouble, setTrouble] = useState<"same" | "none" | "hidden" | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const focusOnField = (id: string) => form.current?.querySelector<HTMLElement>(id)?.focus();
  useEffect(() => focusOnField(from ? "#path-to" : "#path-from"), []);

  const find = (shown: Pick<typeof state, "hiddenKinds" | "hiddenRelations">) => {
    if (!from || !to) return focusOnField(from ? "#path-to" : "#path-from");
    if (from === to) return setTrouble("same");
    const { steps } = ways(graph, shown, from, to, 0);
    if (steps < 0) return setTrouble(ways(graph, ALL_SHOWN, from, to, 0).steps < 0 ? "none" : "hidden");
    const { hiddenKinds, hiddenRelations } = shown;
    const path = { from, to, slack: 0 };
    go({ view: "picture", focus: null, path, chosen: null, expanded: [], collapsed: [], hiddenKinds, hiddenRelations });
    announce(words.found(steps));
    close();
  };
  return (
    <form
      ref={form}
      id="path-form"
      aria-label={words.title}
      onSubmit={(event) => {
        event.preventDefault();
        find(state);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <NodeField
        id="path-from"
        list="path-from-found"
        label={words.from}
        value={from}
        onPick={(node) => {
          setFrom(node);
          setTrouble(null);
          focusOnField("#path-to");
        }}
      />
      <NodeField
        id="path-to"
        list="path-to-found"
        label={words.to}
        value={to}
        onPick={(node) => {
          setTo(node);
          setTrouble(null);
          focusOnField("[type=submit]");
        }}
      />
      <p role="status">
        {trouble && words[trouble]}{" "}
        {trouble === "hidden" && (
          <button type="button" class="plain" onClick={() => find(ALL_SHOWN)}>
            {words.all}
          </button>
        )}
      </p>
      <div class="buttons">
        <button type="submit">{words.find}</button>
        <button type="button" onClick={close}>
          {words.close}
        </button>
      </div>
    </form>
  );
}
