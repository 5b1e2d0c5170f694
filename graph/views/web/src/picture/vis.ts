/** vis-network as a surface: it moves and draws what pyvis users have changed; all else looks as in paint.ts. */
import { DataSet } from "vis-data/esnext";
import { Network, type Options } from "vis-network/esnext";
import type { VisAttributes } from "../data.ts";
import type { Mark, Scene } from "../scene.ts";
import { FLIGHT, wantsStill } from "./flight.ts";
import { type Point, type Size, viewOf } from "./geometry.ts";
import type { Gesture } from "./gestures.ts";
import { hitAt, markAt, nearnessOf } from "./hits.ts";
import type { Label } from "./labels.ts";
import {
  edgeColour,
  isBehind,
  litAlpha,
  litWider,
  paintGround,
  paintGroups,
  paintLabels,
  paintSigns,
  usualAlpha,
} from "./paint.ts";
import { type Camera, CLOSEST, FARTHEST, type Handlers, type Look, NOTHING, type Surface } from "./surface.ts";
import { Tip } from "./tip.ts";
import { edgeItem, hasOwnName, type Item, isOwn, nodeItem, still } from "./vis_items.ts";

type Context = CanvasRenderingContext2D;

/** While a picture of more lines is moved, they are not drawn. */
const MANY_LINES = 1000;
/** From this scale on arrows can be told, among fewer lines than these. */
const ARROWS = 0.7;
const ARROW_LINES = 1500;
const FORCES = {
  solver: "barnesHut",
  barnesHut: {
    gravitationalConstant: -2500,
    centralGravity: 0.1,
    springLength: 170,
    springConstant: 0.02,
    damping: 0.3,
  },
};

/** What vis-network holds of its edges, where it looks when it draws them. */
interface Held {
  body: { edges: Record<string, { options: EdgeOptions }> };
}
interface EdgeOptions {
  width: number;
  color: { color: string; opacity: number };
  arrows: { to: { enabled: boolean; scaleFactor: number } };
}

export class VisSurface implements Surface {
  readonly #host: HTMLElement;
  readonly #handlers: Handlers;
  readonly #nodes = new DataSet<Item>();
  readonly #edges = new DataSet<Item>();
  readonly #network: Network;
  readonly #tip: Tip;
  /** The forces that a pyvis user has set. */
  readonly #physics: object;
  /** What vis-network was told of each node and edge. */
  readonly #told = new Map<string, string>();
  readonly #ears = new AbortController();

  #scene: Scene = NOTHING;
  /** Marks that this page draws, not vis-network, and those that a name stands beside. */
  #plain = NOTHING;
  #named = NOTHING;
  #look!: Look;
  #marks = new Map<string, Mark>();
  #hovered: Mark | null = null;
  /** The names of the last picture. */
  #labels: Label[] = [];
  /** Where the reader or forces have put marks, as long as the scene is of the same things. */
  #placed = new Map<string, Point>();
  /** vis-network draws at each part of what it is told. */
  #telling = true;
  #shaking = false;
  #hidesEdges = false;
  /** Whether the reader has chosen what to look at. */
  #ownView = false;
  /** The first view does not come flying. */
  #fitted = false;
  #drawn = false;

  constructor(host: HTMLElement, handlers: Handlers, options: VisAttributes) {
    const { physics, configure, manipulation, clickToUse, ...own } = options;
    this.#host = host;
    this.#handlers = handlers;
    this.#physics = Object(physics);
    this.#network = new Network(host, { nodes: this.#nodes, edges: this.#edges } as never, {
      ...(own as Options),
      edges: { ...(own.edges as object), smooth: still((own.edges as VisAttributes | undefined)?.smooth) },
      interaction: { ...(own.interaction as object), hover: false, selectConnectedEdges: false, multiselect: false },
      physics: false,
    });
    this.#tip = new Tip(host);
    this.#listen();
  }

  draw(next: Scene, look: Look): void {
    if (next.frame !== this.#scene.frame) this.#placed.clear();
    else if (this.#shaking) this.#keepPlaces();
    [this.#scene, this.#look] = [next, look];
    this.#marks = new Map(next.marks.map((mark) => [mark.key, mark]));
    this.#hovered = this.#marks.get(this.#hovered?.key ?? "") ?? null;
    for (const mark of next.marks) Object.assign(mark, this.#placed.get(mark.key));
    this.#plain = { ...next, marks: next.marks.filter((mark) => !isOwn(mark)) };
    this.#named = { ...next, marks: next.marks.filter((mark) => !hasOwnName(mark)) };
    this.#tip.hide();
    this.#telling = true;
    this.#tell(next, look);
    this.#telling = false;
    this.#network.redraw();
  }

  fit(keys?: ReadonlySet<string>): void {
    this.#ownView = !!keys;
    this.#lookFrom(viewOf(this.#scene, this.#size(), keys), this.#fitted && !wantsStill());
    this.#fitted = true;
  }

  zoom(factor: number): void {
    this.#ownView = true;
    this.#network.moveTo({ scale: Math.max(FARTHEST, Math.min(CLOSEST, this.#network.getScale() * factor)) });
  }

  pan(dx: number, dy: number): void {
    this.#ownView = true;
    const { scale, x, y } = this.camera();
    this.#lookFrom({ scale, x: x + dx, y: y + dy });
  }

  camera(): Camera {
    const { width, height } = this.#size();
    const [scale, middle] = [this.#network.getScale(), this.#network.getViewPosition()];
    return { scale, x: width / 2 - middle.x * scale, y: height / 2 - middle.y * scale };
  }

  shake(on: boolean): boolean {
    this.#shaking = on;
    const forces = on && { ...FORCES, ...this.#physics, stabilization: false };
    this.#network.setOptions({ physics: { ...forces, enabled: on } });
    if (!on) this.#keepPlaces();
    return true;
  }

  destroy(): void {
    this.#ears.abort();
    this.#tip.remove();
    this.#network.destroy();
  }

  #size(): Size {
    return { width: this.#host.clientWidth, height: this.#host.clientHeight };
  }

  #lookFrom({ scale, x, y }: Camera, flies = false): void {
    const { width, height } = this.#size();
    this.#network.moveTo({
      scale,
      position: { x: (width / 2 - x) / scale, y: (height / 2 - y) / scale },
      animation: flies && { duration: FLIGHT, easingFunction: "easeInOutQuad" },
    });
  }

  #listen(): void {
    const network = this.#network;
    network.on("beforeDrawing", (ctx: Context) => !this.#telling && this.#paintBelow(ctx));
    network.on("afterDrawing", (ctx: Context) => !this.#telling && this.#paintAbove(ctx));
    network.on("click", ({ pointer, event }) => this.#handlers.click(this.#hit(pointer.DOM, event)));
    network.on("doubleClick", ({ pointer, event }) => {
      const hit = this.#hit(pointer.DOM, event);
      if (hit && !("edges" in hit)) this.#handlers.doubleClick(hit);
    });
    network.on("dragStart", ({ nodes }) => {
      this.#ownView ||= !nodes.length;
      this.#tip.hide();
    });
    network.on("dragEnd", ({ nodes }) => this.#keepPlaces(nodes));
    network.on("zoom", () => {
      this.#ownView = true;
      // It would let the picture shrink to less than a pixel.
      if (network.getScale() < FARTHEST) this.zoom(1);
      this.#tip.hide();
    });
    // Later: when vis-network has told this, it looks from where it did before.
    network.on("resize", () => queueMicrotask(() => this.#refit()));
    const { signal } = this.#ears;
    this.#host.addEventListener("pointermove", (event) => this.#hover(event), { signal });
    this.#host.addEventListener("pointerleave", () => this.#leave(), { signal });
  }

  #refit(): void {
    const size = this.#size();
    // Not to nothing, as the room is when another view takes it.
    if (!this.#ownView && this.#scene.marks.length && size.width) this.#lookFrom(viewOf(this.#scene, size));
  }

  #paintBelow(ctx: Context): void {
    for (const [key, place] of Object.entries(this.#network.getPositions()))
      Object.assign(this.#marks.get(key) ?? {}, place);
    this.#styleLines();
    onScreen(ctx, () => paintGround(ctx, this.#scene, this.camera(), this.#size(), this.#look));
  }

  #paintAbove(ctx: Context): void {
    const [view, size, look, hovered] = [this.camera(), this.#size(), this.#look, this.#hovered];
    onScreen(ctx, () => {
      paintGroups(ctx, this.#scene, view, size, look, hovered);
      paintSigns(ctx, this.#plain, view, size, look, { hovered });
      this.#labels = paintLabels(ctx, this.#named, view, size, look, { hovered });
    });
    if (!this.#drawn) performance.mark("drawn");
    this.#drawn = true;
  }

  /** How lines look now: set at each frame, for to tell vis-network of thousands takes longer; and with the picture,
   * its lines and arrows would grow. */
  #styleLines(): void {
    const { lines } = this.#scene;
    const { scale } = this.camera();
    const held = (this.#network as unknown as Held).body.edges;
    const hasArrows = scale >= ARROWS && lines.length < ARROW_LINES;
    const usual = usualAlpha(lines.length);
    const shining = lines.filter(({ lit }) => lit).length;
    const { accent, quiet, edge: plain } = this.#look.colours;
    for (const line of lines) {
      const { key, edges, width, lit, faint } = line;
      const [edge] = edges;
      const { options } = held[key]!;
      const pixels = width + (lit ? litWider(shining) : 0);
      options.color.color = edgeColour(edge!) ?? (lit ? (shining === 1 ? accent : quiet) : plain);
      // Those behind discs are drawn with the ground.
      options.color.opacity = isBehind(line) ? 0 : lit ? litAlpha(shining) : faint ? 0.1 : usual;
      if (!("width" in edge!.vis)) options.width = pixels / scale;
      if ("arrows" in edge!.vis) continue;
      options.arrows.to.enabled = edges.length === 1 && (lit || (hasArrows && !faint)) && !isBehind(line);
      options.arrows.to.scaleFactor = Math.max(1, 5 - 1.5 * pixels) / 15 / scale;
    }
  }

  /** Tell vis-network what is new in a scene, and what is gone. */
  #tell({ marks, lines }: Scene, look: Look): void {
    const [nodes, edges] = [marks.map((mark) => nodeItem(mark, look)), lines.map((line) => edgeItem(line, look))];
    // An edge stands between nodes that there are.
    this.#update(this.#nodes, nodes);
    this.#forget(this.#edges, edges);
    this.#update(this.#edges, edges);
    this.#forget(this.#nodes, nodes);
    if (this.#hidesEdges === lines.length > MANY_LINES) return;
    const hides = !this.#hidesEdges;
    this.#hidesEdges = hides;
    this.#network.setOptions({ interaction: { hideEdgesOnDrag: hides, hideEdgesOnZoom: hides } });
  }

  #update(data: DataSet<Item>, items: Item[]): void {
    const isNew = (item: Item) => {
      const written = JSON.stringify(item);
      const before = this.#told.get(item.id);
      this.#told.set(item.id, written);
      return written !== before;
    };
    data.update(items.filter(isNew));
  }

  #forget(data: DataSet<Item>, kept: Item[]): void {
    const ids = new Set(kept.map(({ id }) => id));
    for (const id of data.remove(data.getIds().filter((id) => !ids.has(String(id))))) this.#told.delete(String(id));
  }

  #keepPlaces(keys?: string[]): void {
    for (const [key, place] of Object.entries(keys ? this.#network.getPositions(keys) : this.#network.getPositions()))
      this.#placed.set(key, place);
  }

  #hit(point: Point, { srcEvent }: Gesture) {
    return hitAt(this.#scene, this.#labels, this.camera(), point, nearnessOf(srcEvent));
  }

  #hover(event: PointerEvent): void {
    if (event.buttons || event.pointerType !== "mouse") return;
    const { left, top } = this.#host.getBoundingClientRect();
    const [point, view, near] = [{ x: event.clientX - left, y: event.clientY - top }, this.camera(), nearnessOf(event)];
    const hit = hitAt(this.#scene, this.#labels, view, point, near);
    this.#host.style.cursor = hit ? "pointer" : "";
    this.#tip.show(hit, point, this.#look);
    this.#setHovered(markAt(this.#scene.marks, view, point, near));
  }

  #leave(): void {
    this.#tip.hide();
    this.#setHovered(null);
  }

  #setHovered(mark: Mark | null): void {
    if (mark === this.#hovered) return;
    this.#hovered = mark;
    this.#network.redraw();
  }
}

/** Draws in CSS pixels of the screen, not in those of the picture. */
function onScreen(ctx: Context, draw: () => void): void {
  const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw();
  ctx.restore();
}
