/** What is told of the thing under the mouse, beside it. */
import type { Line, Mark } from "../scene.ts";
import type { Point } from "./geometry.ts";
import { countsOf, groupName } from "./labels.ts";
import type { Look } from "./surface.ts";

const WORDS = {
  zh: {
    open: "双击打开",
    around: "双击看周围",
  },
  en: {
    open: "double-click to open",
    around: "double-click to look around it",
  },
};

/** Pixels that are kept free for it. */
const WIDTH = 260;

export class Tip {
  readonly #host: HTMLElement;
  readonly #element = document.createElement("p");

  constructor(host: HTMLElement) {
    this.#host = host;
    this.#element.className = "tip";
    this.#element.hidden = true;
    host.append(this.#element);
  }

  show(hit: Mark | Line | null, { x, y }: Point, look: Look): void {
    const text = hit && textOf(hit, look);
    this.#element.hidden = !text;
    this.#element.textContent = text;
    const left = Math.min(x + 14, this.#host.clientWidth - WIDTH);
    Object.assign(this.#element.style, { left: `${left}px`, top: `${y + 16}px` });
  }

  hide(): void {
    this.#element.hidden = true;
  }

  remove(): void {
    this.#element.remove();
  }
}

function textOf(hit: Mark | Line, { graph, language }: Look): string {
  const words = WORDS[language];
  if ("edges" in hit) {
    const { from, to, predicate, vis } = hit.edges[0]!;
    if (hit.edges.length > 1) return `${nameOf(hit.from)} – ${nameOf(hit.to)}: ${hit.edges.length}`;
    return String(vis.title ?? `${from.label} ${graph.term(predicate, language)} ${to.label}`);
  }
  if (hit.group)
    return [groupName(graph, hit.group, language), countsOf(graph, hit, language, 9), words.open].join("\n");
  const { kind, label, vis } = hit.node;
  return String(vis.title ?? `${graph.term(kind, language)} ${label}${hit.plus ? `\n${words.around}` : ""}`.trim());

  function nameOf(mark: Mark): string {
    return mark.node ? mark.node.label : groupName(graph, mark.group, language);
  }
}
