/** A state as the part of an address behind #, so that a link restores what its sender saw. */
import type { Graph, Node } from "./data.ts";
import { type Chosen, initialState, type Relation, type State, VIEWS, type View } from "./state.ts";

// In names, whatever parts them is escaped; URLSearchParams escapes the rest.
const part = (text: string) => text.replace(/[~!]/g, (letter) => (letter === "~" ? "!t" : "!e"));
const whole = (text: string) => text.replace(/![te]/g, (found) => (found === "!t" ? "~" : "!"));
const join = (parts: string[]) => parts.map(part).join("~");
const split = (text: string) => text.split("~").map(whole);

export function toAddress(graph: Graph, state: State): string {
  const first = initialState(graph);
  const entries = new URLSearchParams();
  const put = (name: string, parts: string[]) => {
    if (parts.length) entries.set(name, join(parts));
  };
  const { view, chosen, focus, path } = state;
  if (view !== "picture") put("view", [view]);
  if (focus) put("around", [focus.node.id, String(focus.steps)]);
  // A page that opens at a node has an overview too.
  else if (graph.around) put("around", [""]);
  if (path) put("path", [path.from.id, path.to.id, String(path.slack)]);
  if (chosen) put("chosen", chosenParts(chosen));
  if (state.open.size !== first.open.size || [...state.open].some((group) => !first.open.has(group)))
    entries.set("open", [...state.open].map((group) => group.index).join("~"));
  put("more", state.expanded.flatMap(relationParts));
  put("less", state.collapsed.flatMap(relationParts));
  put("without", [...state.hiddenKinds]);
  put("unrelated", [...state.hiddenRelations]);
  return entries.toString();
}

const relationParts = ({ node, predicate, outward }: Relation) => [node.id, predicate, outward ? ">" : "<"];

function chosenParts(chosen: Chosen): string[] {
  if ("node" in chosen) return [chosen.node.id];
  if ("group" in chosen) return ["group", String(chosen.group.index)];
  if ("between" in chosen) return ["between", ...chosen.between.map((group) => String(group.index))];
  const { from, predicate, to } = chosen.edge;
  return ["edge", from.id, predicate, to.id];
}

/** The state of an address; what it names and this page has not is left out. */
export function fromAddress(graph: Graph, hash: string): State {
  const entries = new URLSearchParams(hash.replace(/^#/, ""));
  const parts = (name: string) => (entries.has(name) ? split(entries.get(name)!) : []);
  const node = (id: string | undefined): Node | undefined => (id === undefined ? id : graph.node(id));
  const state = initialState(graph);
  const [view] = parts("view");
  if (VIEWS.includes(view as View)) state.view = view as View;
  const [centre, steps] = parts("around");
  if (node(centre)) state.focus = { node: node(centre)!, steps: steps === "2" ? 2 : 1 };
  const [from, to, slack] = parts("path");
  if (node(from) && node(to)) state.path = { from: node(from)!, to: node(to)!, slack: slack === "1" ? 1 : 0 };
  state.chosen = readChosen(graph, parts("chosen"));
  if (entries.has("open"))
    state.open = new Set(parts("open").flatMap((index) => (index && graph.groups[Number(index)]) || []));
  state.expanded = readRelations(graph, parts("more"));
  state.collapsed = readRelations(graph, parts("less"));
  state.hiddenKinds = new Set(parts("without").filter((kind) => graph.kinds.includes(kind)));
  const predicates = new Set(graph.edges.map((edge) => edge.predicate));
  state.hiddenRelations = new Set(parts("unrelated").filter((predicate) => predicates.has(predicate)));
  return state;
}

function readChosen(graph: Graph, [first, ...rest]: string[]): Chosen | null {
  if (first === undefined) return null;
  // Before the other forms: a node may be called "edge".
  if (!rest.length) {
    const node = graph.node(first);
    return node ? { node } : null;
  }
  if (first === "group" || first === "between") {
    const [one, another] = rest.map((index) => graph.groups[Number(index)]);
    if (first === "group") return one ? { group: one } : null;
    return one && another ? { between: [one, another] } : null;
  }
  if (first === "edge") {
    const [from, predicate, to] = rest;
    const edge = graph.edges.find((one) => one.from.id === from && one.predicate === predicate && one.to.id === to);
    return edge ? { edge } : null;
  }
  return null;
}

function readRelations(graph: Graph, parts: string[]): Relation[] {
  const relations: Relation[] = [];
  for (let place = 0; place + 2 < parts.length; place += 3) {
    const node = graph.node(parts[place]!);
    if (node) relations.push({ node, predicate: parts[place + 1]!, outward: parts[place + 2] === ">" });
  }
  return relations;
}
