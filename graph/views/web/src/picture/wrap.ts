/** Names in lines of some eight Chinese characters, broken between words. */

const LINES = 3;
/** More letters of a name than are ever shown. */
const LONGEST = 90;
const OPENING = /[（(“‘「『《〈[]$/u;
const CLOSING = /^[、，。；：！？）)”’」』》〉·…%+\]-]/u;
const SUFFIX = /^[化型级性式类区园]$/u;
const SINGLE = /^\p{L}$/u;

/** Width in Chinese characters. */
export const length = (text: string): number => {
  let sum = 0;
  for (const letter of text) sum += letter.charCodeAt(0) < 0x2e80 ? 0.58 : 1;
  return sum;
};

const segmenter = Intl.Segmenter && new Intl.Segmenter("zh", { granularity: "word" });
const segments = (name: string): string[] =>
  segmenter ? [...segmenter.segment(name)].map(({ segment }) => segment) : (name.match(/[\w.]+|./gsu) ?? []);

/** What a line may not be broken in: words, with the punctuation that belongs to them. */
function pieces(name: string, limit: number): string[] {
  const made: string[] = [];
  let before = "";
  for (const segment of segments(name)) {
    const last = made.at(-1);
    // Single characters are what the dictionary does not know as a word, mostly of two: "综", "改".
    const joined =
      CLOSING.test(segment) ||
      OPENING.test(before) ||
      SUFFIX.test(segment) ||
      (SINGLE.test(segment) && SINGLE.test(before) && last !== undefined && length(last) < 2);
    if (last !== undefined && joined) made[made.length - 1] = last + segment;
    else made.push(segment);
    before = segment;
  }
  return made.flatMap((piece) => (length(piece) > limit * 1.5 ? cut(piece, limit) : [piece]));
}

/** A word that is longer than a line, in parts. */
function cut(piece: string, limit: number): string[] {
  const parts = [""];
  for (const letter of piece) {
    if (length(parts.at(-1)! + letter) > limit && !CLOSING.test(letter)) parts.push("");
    parts.push(parts.pop()! + letter);
  }
  return parts;
}

function lines(parts: string[], limit: number): string[] {
  const made = [""];
  for (const part of parts) {
    if (made.at(-1) && length((made.at(-1)! + part).trim()) > limit) made.push("");
    made.push((made.pop()! + part).trimStart());
  }
  return made.map((line) => line.trimEnd());
}

const known = new Map<number, Map<string, string[]>>();

/** The lines of a name, three at most, each of about `limit` characters at most and as even as they can be. */
export function wrapped(name: string, limit = 8.5): string[] {
  let ofLimit = known.get(limit);
  if (!ofLimit) {
    ofLimit = new Map();
    known.set(limit, ofLimit);
  }
  let made = ofLimit.get(name);
  if (!made) {
    made = wrap([...name.replace(/\s+/gu, " ").trim()].slice(0, LONGEST).join(""), limit);
    ofLimit.set(name, made);
  }
  return made;
}

function wrap(name: string, limit: number): string[] {
  if (length(name) <= limit) return [name];
  const parts = pieces(name, limit);
  let made = lines(parts, limit);
  for (let narrow = length(name) / made.length; narrow < limit; narrow += 0.5) {
    const even = lines(parts, narrow);
    if (even.length > made.length) continue;
    made = even;
    break;
  }
  return made.length > LINES ? [...made.slice(0, LINES - 1), `${made[LINES - 1]}…`] : made;
}
