/** The picture: a surface that draws the scene, the buttons and keys that move it, and what it does not draw. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Graph } from "../data.ts";
import { chosenBy, type Mark, type Scene, sceneOf } from "../scene.ts";
import { type Chosen, type Explorer, focusOn, type State, useExplorer } from "../state.ts";
import { useWords } from "../words.ts";
import { CanvasSurface } from "./canvas.ts";
import { groupName } from "./labels.ts";
import { type Camera, coloursOf, type Handlers, type Surface } from "./surface.ts";
import { VisSurface } from "./vis.ts";
import "./picture.css";

const WORDS = {
  zh: {
    label: "关系图。方向键选取对象，回车打开或以它为中心，加减号缩放，0 看全图，Shift 加方向键移动",
    nearer: "放大",
    farther: "缩小",
    fit: "看全图",
    openAll: "打开全部",
    closeAll: "收起全部",
    shake: "自动散开",
    shakeHint: "让对象自行散开几秒，再按即停",
    drawn: (groups: number, nodes: number, edges: number) =>
      `画出 ${[groups && `${groups} 组`, (nodes || !groups) && `${nodes} 个对象`].filter(Boolean).join("、")}，${nodes || !groups ? "" : "组间 "}${edges} 条关系`,
    inGroups: (nodes: number) => `；另有 ${nodes} 个对象在未打开的组里，`,
    table: "见表格",
    told: (kind: string, name: string, relations: number) => `${kind}${name}，${relations} 条关系`,
    group: (name: string, members: number) => `${name}，一组 ${members} 个对象`,
  },
  en: {
    label:
      "Picture of the relations. Arrows choose, Enter opens or centres, plus and minus zoom, 0 shows everything, Shift and arrows move",
    nearer: "Zoom in",
    farther: "Zoom out",
    fit: "Show everything",
    openAll: "Open all",
    closeAll: "Close all",
    shake: "Spread out",
    shakeHint: "Let things drift apart for some seconds; press again to stop",
    drawn: (groups: number, nodes: number, edges: number) =>
      `Drawn: ${[groups && `${groups} groups`, (nodes || !groups) && `${nodes} things`].filter(Boolean).join(", ")}, ${edges} relations${nodes || !groups ? "" : " between groups"}`,
    inGroups: (nodes: number) => `; ${nodes} more things are in closed groups: `,
    table: "see the table",
    told: (kind: string, name: string, relations: number) => `${kind} ${name}, ${relations} relations`,
    group: (name: string, members: number) => `${name}, a group of ${members} things`,
  },
};

/** vis-network draws up to so many; more are drawn by a canvas of our own. */
const MOST_MARKS = 1500;
const MOST_LINES = 4000;
/** How long forces move the picture, in milliseconds. */
const SHAKING = 5000;
/** Where the reader looked when the picture made room for another view. */
const looked = new WeakMap<Graph, { frame: string; camera: Camera }>();

export function Picture() {
  const explorer = useExplorer();
  const { graph, state, language, theme, go } = explorer;
  const words = useWords(WORDS);
  const host = useRef<HTMLDivElement>(null);
  const scene = useMemo(() => sceneOf(graph, state), [graph, state]);
  const isSmall = scene.marks.length <= MOST_MARKS && scene.lines.length <= MOST_LINES;
  const surface = useSurface(host, explorer, scene, isSmall);
  const [shaking, shake] = useShaking(surface);

  const press = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const way = WAYS[event.key];
    const at = scene.marks.find((mark) => mark.chosen) ?? null;
    if (way && event.shiftKey) surface.current?.pan(-60 * way[0], -60 * way[1]);
    else if (way) {
      const next = nextMark(scene.marks, at, way);
      if (!next) return;
      go({ chosen: chosenBy(next) });
      bringIn(surface.current!, host.current!, next);
      explorer.announce(
        next.node
          ? words.told(graph.term(next.node.kind, language), next.node.label, graph.edgesOf(next.node).length)
          : words.group(groupName(graph, next.group, language), count(next)),
      );
    } else if (event.key === "Enter" && at) enter(explorer, at);
    else if (event.key === "+" || event.key === "=") surface.current?.zoom(1.3);
    else if (event.key === "-") surface.current?.zoom(1 / 1.3);
    else if (event.key === "0") surface.current?.fit();
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div class="view" id="picture" role="application" tabindex={0} aria-label={words.label} onKeyDown={press}>
        <div class="surface" ref={host} data-theme={theme} />
      </div>
      <div class="foot">
        <Drawn scene={scene} />
        <div class="tools">
          {graph.groups.length > 1 && !state.focus && !state.path && (
            <button
              type="button"
              class="plain"
              id="groups"
              onClick={() => go({ open: new Set(state.open.size ? [] : graph.groups) })}
            >
              {state.open.size ? words.closeAll : words.openAll}
            </button>
          )}
          {isSmall && scene.marks.some(({ node }) => node) && (
            <button
              type="button"
              class="plain"
              id="shake"
              aria-pressed={shaking}
              title={words.shakeHint}
              onClick={() => shake(!shaking)}
            >
              {words.shake}
            </button>
          )}
          <Tool name={words.nearer} sign="+" act={() => surface.current?.zoom(1.3)} />
          <Tool name={words.farther} sign="−" act={() => surface.current?.zoom(1 / 1.3)} />
          <Tool name={words.fit} sign="⤢" act={() => surface.current?.fit()} />
        </div>
      </div>
    </>
  );
}

function Tool({ name, sign, act }: { name: string; sign: string; act: () => void }) {
  return (
    <button type="button" class="plain" aria-label={name} title={name} onClick={act}>
      {sign}
    </button>
  );
}

/** What is drawn, and where the rest is. */
function Drawn({ scene }: { scene: Scene }) {
  const { go } = useExplorer();
  const words = useWords(WORDS);
  const closed = scene.marks.filter((mark) => mark.group);
  const within = closed.reduce((sum, mark) => sum + count(mark), 0);
  const edges = scene.lines.reduce((sum, line) => sum + line.edges.length, 0);
  return (
    <p id="drawn">
      {words.drawn(closed.length, scene.marks.length - closed.length, edges)}
      {within > 0 && (
        <>
          {words.inGroups(within)}
          <button type="button" class="link" onClick={() => go({ view: "table" })}>
            {words.table}
          </button>
        </>
      )}
    </p>
  );
}

/** Draws the scene whenever it changes, on the surface that suits its size. */
function useSurface(host: { current: HTMLDivElement | null }, explorer: Explorer, scene: Scene, isSmall: boolean) {
  const { graph, state, language, theme } = explorer;
  const latest = useRef(explorer);
  latest.current = explorer;
  const surface = useRef<Surface | null>(null);
  const drawn = useRef<{ isSmall: boolean; scene: Scene; state: State } | null>(null);

  useLayoutEffect(() => {
    const element = host.current!;
    const before = drawn.current;
    const camera = before ? surface.current!.camera() : looked.get(graph)?.camera;
    if (before?.isSmall !== isSmall) {
      surface.current?.destroy();
      const handlers = handlersOf(latest);
      surface.current = isSmall
        ? new VisSurface(element, handlers, graph.options)
        : new CanvasSurface(element, handlers);
    }
    const shown = surface.current!;
    shown.draw(scene, { graph, language, colours: coloursOf(element) });
    if ((before?.scene ?? looked.get(graph))?.frame !== scene.frame) shown.fit();
    else if (before?.isSmall !== isSmall) lookFrom(shown, camera!);
    if (before?.scene.frame === scene.frame) {
      const came = cameIn(state, before.state, scene, before.scene);
      if (came.size) shown.fit(came);
    }
    drawn.current = { isSmall, scene, state };
  }, [graph, scene, language, theme, isSmall]);

  useEffect(
    () => () => {
      looked.set(graph, { frame: drawn.current!.scene.frame, camera: surface.current!.camera() });
      surface.current!.destroy();
      surface.current = null;
    },
    [graph],
  );
  return surface;
}

/** What the reader has just brought into the picture, by opening groups or expanding a relation. */
function cameIn(state: State, before: State, scene: Scene, earlier: Scene): Set<string> {
  const expanded = state.expanded.filter((relation) => !before.expanded.includes(relation));
  if (!expanded.length && [...state.open].every((group) => before.open.has(group))) return new Set();
  const known = new Set(earlier.marks.map(({ key }) => key));
  const came = scene.marks.map(({ key }) => key).filter((key) => !known.has(key));
  return new Set(came.length ? [...came, ...expanded.map(({ node }) => `n${node.index}`)] : []);
}

function lookFrom(surface: Surface, wanted: Camera): void {
  surface.zoom(wanted.scale / surface.camera().scale);
  const { x, y } = surface.camera();
  surface.pan(wanted.x - x, wanted.y - y);
}

function handlersOf(latest: { current: Explorer }): Handlers {
  return {
    click(hit) {
      const { go, state } = latest.current;
      const chosen = chosenBy(hit);
      if (!isSame(state.chosen, chosen)) go({ chosen });
    },
    doubleClick: (hit) => enter(latest.current, hit),
  };
}

/** Whether two choices are of the same things; null is of none. */
function isSame(one: Chosen | null, another: Chosen | null): boolean {
  const [things, others] = [Object.values(one ?? {}).flat(), Object.values(another ?? {}).flat()];
  return things.length === others.length && things.every((thing, place) => thing === others[place]);
}

/** Open a group, or look around a node. */
const enter = ({ go, state }: Explorer, mark: Mark): void =>
  go(mark.node ? focusOn(mark.node) : { open: new Set([...state.open, mark.group]) });

function useShaking(surface: { current: Surface | null }): [boolean, (on: boolean) => void] {
  const [shaking, setShaking] = useState(false);
  useEffect(() => {
    if (!shaking) return;
    const shaken = surface.current!;
    if (!shaken.shake(true)) return;
    const timer = setTimeout(() => setShaking(false), SHAKING);
    return () => {
      clearTimeout(timer);
      if (surface.current === shaken) shaken.shake(false);
    };
  }, [shaking]);
  return [shaking, setShaking];
}

type Way = [x: number, y: number];
const WAYS: Record<string, Way> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The nearest mark in a direction; the most important one to begin with. */
function nextMark(marks: Mark[], from: Mark | null, [x, y]: Way): Mark | null {
  const cost = (mark: Mark) => {
    if (!from) return -mark.rank;
    const [dx, dy] = [mark.x - from.x, mark.y - from.y];
    const along = dx * x + dy * y;
    return along > 0 ? along + 2 * Math.abs(dx * y - dy * x) : Number.POSITIVE_INFINITY;
  };
  let [found, least]: [Mark | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const mark of marks) if (cost(mark) < least) [found, least] = [mark, cost(mark)];
  return found;
}

/** Moves the picture as far as a mark needs to be seen. */
function bringIn(surface: Surface, { clientWidth, clientHeight }: Element, mark: Mark): void {
  const { scale, x, y } = surface.camera();
  const lacking = (place: number, end: number) => Math.max(0, 60 - place) + Math.min(0, end - 60 - place);
  const [dx, dy] = [lacking(mark.x * scale + x, clientWidth), lacking(mark.y * scale + y, clientHeight)];
  if (dx || dy) surface.pan(dx, dy);
}

const count = (mark: Mark): number => (mark.group ? mark.counts.reduce((sum, [, members]) => sum + members, 0) : 1);
