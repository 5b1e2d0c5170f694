/** What the page shows, to take along: as a picture, a table, linked data, paper or a link. */
import { useEffect, useRef, useState } from "preact/hooks";
import { selectionOf } from "../scene.ts";
import { csvOf, download } from "../shared/csv.ts";
import { type Explorer, useExplorer } from "../state.ts";
import { own } from "../trail.ts";
import { useWords } from "../words.ts";
import { jsonLdOf } from "./jsonld.ts";
import { pngOf } from "./png.ts";
import { relationRows } from "./relations.ts";
import { sheetOf, subjectOf } from "./svg.ts";
import { turtleOf } from "./turtle.ts";
import "./take_away.css";

const WORDS = {
  zh: {
    button: "带走",
    png: "图片 PNG（可打印）",
    svg: "矢量图 SVG",
    csv: "关系表 CSV（附原文出处）",
    turtle: "关联数据 Turtle",
    jsonLd: "关联数据 JSON-LD",
    print: "打印",
    link: "复制链接",
    saved: (name: string) => `已保存 ${name}`,
    copied: "链接已复制",
    copy: "复制这个链接：",
    failed: "没有存成，请再试一次",
  },
  en: {
    button: "Take away",
    png: "Picture, PNG (to print)",
    svg: "Picture, SVG (to edit)",
    csv: "Relations, CSV with sources",
    turtle: "Linked data, Turtle",
    jsonLd: "Linked data, JSON-LD",
    print: "Print",
    link: "Copy the link",
    saved: (name: string) => `Saved ${name}`,
    copied: "The link is copied",
    copy: "Copy this link:",
    failed: "It could not be saved; please try again",
  },
};

export function TakeAway() {
  const explorer = useExplorer();
  const { graph, state, language, announce } = explorer;
  const words = useWords(WORDS);
  const [isOpen, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  usePrinting(explorer);
  useEffect(() => {
    if (!isOpen) return;
    whole.current!.querySelector<HTMLElement>("[role=menuitem]")!.focus();
    const leave = ({ target }: Event) => {
      if (!whole.current!.contains(target as HTMLElement)) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [isOpen]);

  const save = (ending: string, type: string, content: string | Blob) => {
    const name = [graph.title || "hongtu", subjectOf(state, language)].filter(Boolean).join("-").slice(0, 80) + ending;
    download(name, content, type);
    announce(words.saved(name));
  };
  const acts: [name: string, act: () => unknown][] = [
    [words.png, async () => save(".png", "image/png", await pngOf(sheetOf(graph, state, language)))],
    [words.svg, () => save(".svg", "image/svg+xml", sheetOf(graph, state, language).svg)],
    [words.csv, () => save(".csv", "text/csv", csvOf(relationRows(graph, selectionOf(graph, state).edges, language)))],
    [words.turtle, () => save(".ttl", "text/turtle", turtleOf(graph, selectionOf(graph, state)))],
    [words.jsonLd, () => save(".jsonld", "application/ld+json", jsonLdOf(graph, selectionOf(graph, state)))],
  ];
  // A notebook's frame has no address of ours, and may not print.
  if (own)
    acts.push(
      [words.print, print],
      [
        words.link,
        () =>
          navigator.clipboard.writeText(location.href).then(
            () => announce(words.copied),
            () => prompt(words.copy, location.href),
          ),
      ],
    );

  const close = () => {
    setOpen(false);
    button.current!.focus();
  };
  const take = async (act: () => unknown) => {
    close();
    try {
      await act();
    } catch {
      announce(words.failed);
    }
  };
  const press = (event: KeyboardEvent) => {
    const items = [...whole.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (goal === undefined && event.key !== "Escape") return;
    if (goal === undefined) close();
    else items.at(goal % items.length)!.focus();
    event.preventDefault();
  };

  return (
    <div class="take-away" ref={whole}>
      <button
        type="button"
        id="take-away"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {words.button}
      </button>
      {isOpen && (
        <div role="menu" tabindex={-1} aria-labelledby="take-away" onKeyDown={press}>
          {acts.map(([name, act]) => (
            <button type="button" role="menuitem" tabindex={-1} key={name} onClick={() => take(act)}>
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** On paper the picture is the sheet of svg.ts, whole and sharp, on white. */
function usePrinting({ graph, state, language, theme }: Explorer) {
  useEffect(() => {
    const sheet = document.createElement("div");
    sheet.className = "sheet";
    const begin = () => {
      document.documentElement.dataset.theme = "light";
      if (state.view !== "picture") return;
      const { svg } = sheetOf(graph, state, language);
      sheet.replaceChildren(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement);
      document.querySelector("main")!.before(sheet);
    };
    const end = () => {
      document.documentElement.dataset.theme = theme;
      sheet.remove();
    };
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, [graph, state, language, theme]);
}
