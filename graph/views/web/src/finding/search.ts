/** Finding things by any part of a name, by pinyin, by its initials, and by kind. */
import type { Graph, Node } from "../data.ts";
import { folded } from "../words.ts";
import { spellingsOf } from "./pinyin.ts";

/** Where a name has what is wanted: the better the lower. The end is exclusive. */
interface Match {
  rank: number;
  start: number;
  end: number;
}

const [WHOLE, BEGINNING, WHOLE_SPELLED, BEGINNING_SPELLED, INSIDE, INSIDE_SPELLED, NOWHERE] = [0, 1, 2, 3, 4, 5, 6];
/** Longer texts are no pinyin that a person types; offsets in it are bits of a number. */
const LONGEST_SPELLED = 30;

// Letter by letter, so that each letter of a folded name comes from one of the name itself: a cache makes that fast.
const foldings = new Map<string, string>();
function plainLetter(letter: string): string {
  let found = foldings.get(letter);
  if (found === undefined) {
    found = folded(letter)
      .normalize("NFD")
      .replace(/[\u0300-\u036f\s'’]/g, "")
      .normalize("NFC");
    foldings.set(letter, found);
  }
  return found;
}

/** What names and wanted texts are compared by: no width, case, accents and blanks. */
function plain(text: string): string {
  let letters = "";
  for (const letter of text) letters += plainLetter(letter);
  return letters;
}

/** What is wanted: all of it in one piece, or each of several words anywhere. */
function parsed(text: string): { whole: string; words: string[] } {
  const words = text.split(/[\s'’]+/).flatMap((word) => plain(word) || []);
  return { whole: words.join(""), words };
}

/** The end of the letters from `start` on that are spelled so: each by itself, its syllable or the beginning of it. */
function spelledFrom(name: string, start: number, wanted: string): number {
  let reached = 1;
  for (let place = start; reached && place < name.length; place += 1) {
    let next = 0;
    const letter = name[place]!;
    for (let offset = 0; reached >> offset; offset += 1) {
      if (!((reached >> offset) & 1)) continue;
      if (letter === wanted[offset]) next |= 1 << (offset + 1);
      for (const syllable of spellingsOf(letter))
        for (let length = 0; length < syllable.length && syllable[length] === wanted[offset + length]; length += 1)
          next |= 1 << (offset + length + 1);
    }
    if ((next >> wanted.length) & 1) return place + 1;
    reached = next;
  }
  return -1;
}

function matched(name: string, wanted: string): Match | null {
  const at = name.indexOf(wanted);
  if (!at) return { rank: name.length === wanted.length ? WHOLE : BEGINNING, start: 0, end: wanted.length };
  const spelled = /[a-z]/.test(wanted) && wanted.length <= LONGEST_SPELLED;
  if (spelled) {
    const end = spelledFrom(name, 0, wanted);
    if (end > 0) return { rank: end === name.length ? WHOLE_SPELLED : BEGINNING_SPELLED, start: 0, end };
  }
  if (at > 0) return { rank: INSIDE, start: at, end: at + wanted.length };
  for (let start = 1; spelled && start < name.length; start += 1) {
    const end = spelledFrom(name, start, wanted);
    if (end > 0) return { rank: INSIDE_SPELLED, start, end };
  }
  return null;
}

/** The name in pieces of which every second one, beginning with the other, is what was looked for. */
export function pieces(name: string, text: string): string[] {
  const { whole, words } = parsed(text);
  const letters: string[] = [];
  // For each letter of the folded name, the place of the letter that it comes from.
  const origins: number[] = [];
  for (const letter of name) {
    for (const _ of plainLetter(letter).split("")) origins.push(letters.length);
    letters.push(letter);
  }
  const found = plain(name);
  const all = matched(found, whole);
  const lit = new Set<number>();
  for (const match of all ? [all] : words.map((word) => matched(found, word)))
    if (match) for (const place of origins.slice(match.start, match.end)) lit.add(place);
  const parts = [""];
  for (const [place, letter] of letters.entries()) {
    if (lit.has(place) === parts.length % 2 > 0) parts.push("");
    parts[parts.length - 1] += letter;
  }
  return parts;
}

interface Entry {
  node: Node;
  names: string[];
  edges: number;
}

export class Index {
  readonly #entries: Entry[];
  readonly #kinds: Map<string, string[]>;

  constructor(graph: Graph) {
    this.#entries = graph.nodes.map((node) => ({
      node,
      names: [node.label, ...(node.about.aliases ?? [])].map(plain),
      edges: graph.edgesOf(node).length,
    }));
    this.#kinds = new Map(
      graph.kinds.map((kind) => [kind, [plain(graph.term(kind, "zh")), plain(graph.term(kind, "en"))]]),
    );
  }

  /** The things that have what is wanted in a name, or each of its words in one or in their kind: the best first. */
  find(text: string, limit = Number.POSITIVE_INFINITY): Node[] {
    const { whole, words } = parsed(text);
    if (!/\p{Script=Han}|../su.test(whole)) return [];
    const ranked: [rank: number, Entry][] = [];
    for (const entry of this.#entries) {
      const rank = Math.min(this.#rank(entry, [whole]), words.length > 1 ? this.#rank(entry, words) : NOWHERE);
      if (rank < NOWHERE) ranked.push([rank, entry]);
    }
    return ranked
      .sort(([rank, one], [otherRank, another]) => rank - otherRank || another.edges - one.edges)
      .slice(0, limit)
      .map(([, { node }]) => node);
  }

  /** The rank of the word that is found worst. */
  #rank({ node, names }: Entry, words: string[]): number {
    let worst = WHOLE;
    for (const word of words) {
      let best = this.#kinds.get(node.kind)!.some((kind) => kind.startsWith(word)) ? INSIDE_SPELLED : NOWHERE;
      for (const name of names) best = Math.min(best, matched(name, word)?.rank ?? NOWHERE);
      worst = Math.max(worst, best);
      if (worst === NOWHERE) break;
    }
    return worst;
  }
}

const indexes = new WeakMap<Graph, Index>();

/** The index of a graph, made when it is first asked for. */
export function indexOf(graph: Graph): Index {
  const index = indexes.get(graph) ?? new Index(graph);
  indexes.set(graph, index);
  return index;
}
