/** The text of a plan, cut by code points: a JavaScript string counts a character beyond the BMP as two. */
export class PlanText {
  #starts: Uint32Array | null = null;

  constructor(readonly text: string) {
    if (/[\ud800-\udbff]/.test(text)) {
      const starts: number[] = [];
      for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) starts.push(at);
      this.#starts = Uint32Array.from([...starts, text.length]);
    }
  }

  /** How many code points it has. */
  get length(): number {
    return this.#starts ? this.#starts.length - 1 : this.text.length;
  }

  /** Where a code point stands in the JavaScript string. */
  at(codePoint: number): number {
    return this.#starts ? this.#starts[Math.min(codePoint, this.#starts.length - 1)]! : codePoint;
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.at(start), this.at(end));
  }
}
