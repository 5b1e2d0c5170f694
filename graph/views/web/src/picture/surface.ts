/** What draws a scene: vis-network (vis.ts) while it is small, one canvas of our own (canvas.ts) beyond. */
import type { Graph } from "../data.ts";
import type { Line, Mark, Scene } from "../scene.ts";
import type { Language } from "../words.ts";

export interface Colours {
  paper: string;
  ground: string;
  ink: string;
  quiet: string;
  line: string;
  edge: string;
  accent: string;
}

/** How the reader wants it drawn; all surfaces and exports use the same. */
export interface Look {
  graph: Graph;
  language: Language;
  colours: Colours;
}

/** The part of the world that is seen: screen = world × scale + offset, in CSS pixels. */
export interface Camera {
  scale: number;
  x: number;
  y: number;
}

/** How much a hand can enlarge the picture and make it smaller. */
export const CLOSEST = 8;
export const FARTHEST = 0.01;

export const NOTHING: Scene = { marks: [], lines: [], discs: [], frame: "" };

export interface Handlers {
  click(hit: Mark | Line | null): void;
  doubleClick(hit: Mark): void;
}

export interface Surface {
  /** Draw a scene in place of the one before, from where the reader looks. */
  draw(scene: Scene, look: Look): void;
  /** Bring these marks into view, all of them when none are named. */
  fit(keys?: ReadonlySet<string>): void;
  zoom(factor: number): void;
  /** Move the picture by pixels of the screen. */
  pan(dx: number, dy: number): void;
  camera(): Camera;
  /** Let forces move what is drawn, or stop them; false where the surface cannot. */
  shake(on: boolean): boolean;
  destroy(): void;
}

/** The colours of the style sheet, as they are now. */
export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: read("paper"),
    ground: read("ground"),
    ink: read("ink"),
    quiet: read("quiet"),
    line: read("line"),
    edge: read("edge"),
    accent: read("accent"),
  };
}
