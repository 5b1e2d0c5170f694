/** The explorer's page: its frame, and what the parts share. */
import { render } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Graph } from "../data.ts";
import { TakeAway } from "../export/take_away.tsx";
import { Legend } from "../finding/legend.tsx";
import { PathForm } from "../finding/path_form.tsx";
import { SearchBox } from "../finding/search_box.tsx";
import { Panel } from "../panel/panel.tsx";
import { Picture } from "../picture/picture.tsx";
import { Reader } from "../reader/reader.tsx";
import { type Explorer, ExplorerContext, overview, useExplorer, VIEWS, type View } from "../state.ts";
import { type Trail, useTrail } from "../trail.ts";
import { MatrixView } from "../views/matrix_view.tsx";
import { PlacesView } from "../views/places_view.tsx";
import { TableView } from "../views/table_view.tsx";
import { TargetsView } from "../views/targets_view.tsx";
import { TreeView } from "../views/tree_view.tsx";
import { initialLanguage, type Language, LanguageContext, useWords } from "../words.ts";
import "./page.css";
import "./explorer.css";

const WORDS = {
  zh: {
    summary: (things: number, edges: number, told: number) =>
      `谁在哪里做什么：${things} 个对象，${edges} 条关系${!told ? "" : told === edges ? "，条条有出处" : `，其中 ${told} 条有出处`}`,
    picture: "关系图",
    table: "表格",
    matrix: "矩阵",
    tree: "脉络",
    targets: "指标",
    places: "地点",
    views: "看法",
    back: "后退",
    forward: "前进",
    whole: "全图",
    other: "English",
    dark: "深色",
    light: "浅色",
    steps: (steps: number) => `${steps} 步以内`,
    nearer: "只看 1 步",
    farther: "看到 2 步",
    path: "之间的路径",
    shortest: "只看最短",
    longer: "长一步的也看",
    trail: "正在看",
  },
  en: {
    summary: (things: number, edges: number, told: number) =>
      `Who does what where: ${things} things, ${edges} relations${!told ? "" : told === edges ? ", each with its source" : `, ${told} with their source`}`,
    picture: "Picture",
    table: "Table",
    matrix: "Matrix",
    tree: "Outline",
    targets: "Targets",
    places: "Places",
    views: "Views",
    back: "Back",
    forward: "Forward",
    whole: "Everything",
    other: "中文",
    dark: "Dark",
    light: "Light",
    steps: (steps: number) => `within ${steps} step${steps > 1 ? "s" : ""}`,
    nearer: "1 step only",
    farther: "2 steps",
    path: "paths between",
    shortest: "Shortest only",
    longer: "One step longer too",
    trail: "You are looking at",
  },
};

const SHOWN: Record<View, () => preact.JSX.Element | null> = {
  picture: Picture,
  table: TableView,
  matrix: MatrixView,
  tree: TreeView,
  targets: TargetsView,
  places: PlacesView,
};

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

function App({ graph, told }: { graph: Graph; told: string }) {
  const trail = useTrail(graph);
  const { state, go } = trail;
  const [language, setLanguage] = useState<Language>(initialLanguage(told));
  const [theme, changeTheme] = useTheme();
  const [reading, setReading] = useState<number | null>(null);
  const live = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);

  const explorer: Explorer = useMemo(
    () => ({
      graph,
      state,
      language,
      theme,
      go,
      read: setReading,
      announce: (text) => {
        if (live.current) live.current.textContent = text;
      },
    }),
    [graph, state, language, theme],
  );
  useKeys(trail);
  const Shown = SHOWN[state.view];
  return (
    <LanguageContext.Provider value={language}>
      <ExplorerContext.Provider value={explorer}>
        <Top
          trail={trail}
          changeTheme={changeTheme}
          changeLanguage={() => setLanguage(language === "zh" ? "en" : "zh")}
        />
        <main>
          <Legend />
          <section id="middle" aria-label={WORDS[language][state.view]}>
            <div id="bar">
              <Tabs />
              <Where />
              <PathForm />
            </div>
            <Shown />
          </section>
          <Panel />
        </main>
        {reading !== null && <Reader passage={reading} close={() => setReading(null)} />}
        <p ref={live} class="unseen" role="status" />
      </ExplorerContext.Provider>
    </LanguageContext.Provider>
  );
}

/** The reader's colours: those of their system until they choose others. */
function useTheme(): ["light" | "dark", () => void] {
  const [wantsDark, setWantsDark] = useState<boolean | null>(null);
  const [systemDark, setSystemDark] = useState(systemIsDark.matches);
  useEffect(() => {
    const follow = () => setSystemDark(systemIsDark.matches);
    systemIsDark.addEventListener("change", follow);
    return () => systemIsDark.removeEventListener("change", follow);
  }, []);
  const theme = (wantsDark ?? systemDark) ? "dark" : "light";
  // Now, not in an effect: the parts read the colours when they draw.
  document.documentElement.dataset.theme = theme;
  return [theme, () => setWantsDark(theme === "light")];
}

interface TopProps {
  trail: Trail;
  changeTheme(): void;
  changeLanguage(): void;
}

function Top({ trail: { back, forward }, changeTheme, changeLanguage }: TopProps) {
  const { graph, language, theme } = useExplorer();
  const words = useWords(WORDS);
  const counts = useMemo(() => summaryOf(graph), [graph]);
  const turner = (id: "back" | "forward", sign: string, turn: (() => void) | null) => (
    <button type="button" id={id} disabled={!turn} onClick={turn ?? undefined} aria-label={words[id]} title={words[id]}>
      {sign}
    </button>
  );
  return (
    <header>
      <div class="brand">
        <h1 title={graph.title}>{graph.title}</h1>
        <p id="summary">{words.summary(...counts)}</p>
      </div>
      <SearchBox />
      <div class="buttons">
        {turner("back", "←", back)}
        {turner("forward", "→", forward)}
        <TakeAway />
        <button type="button" id="theme" onClick={changeTheme}>
          {theme === "light" ? words.dark : words.light}
        </button>
        <button type="button" id="language" lang={language === "zh" ? "en" : "zh-CN"} onClick={changeLanguage}>
          {words.other}
        </button>
      </div>
    </header>
  );
}

function Tabs() {
  const { graph, state, go } = useExplorer();
  const words = useWords(WORDS);
  return (
    <nav class="tabs" aria-label={words.views}>
      {VIEWS.filter((view) => view !== "targets" || graph.targets.length).map((view) => (
        <button
          type="button"
          key={view}
          aria-current={view === state.view ? "page" : undefined}
          onClick={() => go({ view })}
        >
          {words[view]}
        </button>
      ))}
    </nav>
  );
}

/** What the picture is of, and the way back to everything. */
function Where() {
  const { graph, state, go } = useExplorer();
  const words = useWords(WORDS);
  const { focus, path } = state;
  if (!focus && !path) return null;
  return (
    <nav id="where" aria-label={words.trail}>
      <button type="button" id="everything" onClick={() => go(overview(graph))}>
        {words.whole}
      </button>
      <span aria-hidden="true"> › </span>
      {focus && (
        <>
          <b>{focus.node.label}</b> {words.steps(focus.steps)}{" "}
          <button type="button" id="steps" onClick={() => go({ focus: { ...focus, steps: 3 - focus.steps } })}>
            {focus.steps > 1 ? words.nearer : words.farther}
          </button>
        </>
      )}
      {path && (
        <>
          <b>{path.from.label}</b> – <b>{path.to.label}</b> {words.path}{" "}
          <button type="button" id="slack" onClick={() => go({ path: { ...path, slack: 1 - path.slack } })}>
            {path.slack ? words.shortest : words.longer}
          </button>
        </>
      )}
    </nav>
  );
}

function summaryOf(graph: Graph): [things: number, edges: number, told: number] {
  const things = graph.nodes.filter((node) => !node.hidden);
  const edges = graph.edges.filter((edge) => !edge.from.hidden && !edge.to.hidden);
  return [things.length, edges.length, edges.filter((edge) => edge.passages.length).length];
}

/** Keys of the whole page: / searches, Esc lets go of what is chosen, Alt and arrows go back and forward. */
function useKeys({ state, go, back, forward }: Trail) {
  // At once: a reader may type as soon as they see the page.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
      if (event.defaultPrevented) return;
      if (event.key === "/" && !typing) document.querySelector<HTMLElement>("#search")?.focus();
      else if (event.key === "Escape" && !typing && state.chosen) go({ chosen: null });
      else if (event.altKey && event.key === "ArrowLeft" && back) back();
      else if (event.altKey && event.key === "ArrowRight" && forward) forward();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });
}

const data = JSON.parse(document.getElementById("data")!.textContent!);
document.title = data.title || document.title;
render(<App graph={new Graph(data)} told={data.language} />, document.getElementById("app")!);
