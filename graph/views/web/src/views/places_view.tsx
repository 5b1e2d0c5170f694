/** The places: areas in areas with what is there, a map where coordinates are known, and who does what at each. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Node } from "../data.ts";
import type { Selection } from "../scene.ts";
import { toggled, useKept } from "../shared/kept.ts";
import { PointMap, type Spot } from "../shared/map.tsx";
import { Sign } from "../shared/sign.tsx";
import { useExplorer } from "../state.ts";
import { folded, useWords } from "../words.ts";
import { type Area, areasOf, countOf, sorted, tiesOf } from "./areas.ts";
import { byKind } from "./outline.ts";
import { Choice, Filter, Name, Relation } from "./parts.tsx";
import { useSelection } from "./selection.ts";
import "../shared/sortable.css";
import "./places_view.css";

const WORDS = {
  zh: {
    place: "地点",
    total: "合计",
    filter: "筛选地点",
    show: "显示",
    all: "全部地点",
    lacking: (kind: string) => `没有${kind}的地点`,
    count: (shown: number, all: number) => (shown === all ? `${all} 个地点` : `${all} 个地点中的 ${shown} 个`),
    hint: "数字含下级地点。点地名看谁在那里做什么；点关系看原文出处。",
    more: (count: number) => `再列出 ${count} 个地点`,
    none: "没有符合的地点。",
    nothing: "没有记录在这里的项目、企业或产业。",
    parts: (name: string) => `${name} 的下级地点`,
    in: "在",
  },
  en: {
    place: "Place",
    total: "All",
    filter: "Filter places",
    show: "Show",
    all: "All places",
    lacking: (kind: string) => `Places without: ${kind}`,
    count: (shown: number, all: number) => (shown === all ? `${all} places` : `${shown} of ${all} places`),
    hint: "Numbers include places within. A place shows who does what there; a relation shows its sources.",
    more: (count: number) => `List ${count} more places`,
    none: "No place fits.",
    nothing: "No project, enterprise or industry is recorded here.",
    parts: (name: string) => `Places within ${name}`,
    in: "in",
  },
};

/** So many places are listed until the reader wants all. */
const MANY = 400;

export function PlacesView() {
  const { graph, go, language } = useExplorer();
  const words = useWords(WORDS);
  const selection = useSelection();
  const [order, setOrder] = useKept("places order", "");
  const [lacking, setLacking] = useKept("places lacking", "");
  const [query, setQuery] = useKept("places query", "");
  const [closed, setClosed] = useKept<ReadonlySet<Node>>("places closed", new Set());
  const [here, setHere] = useKept<Node | null>("places here", null);
  const [every, setEvery] = useState(false);
  const tops = useMemo(() => areasOf(selection), [selection]);
  const all = useMemo(() => flat(tops), [tops]);
  const kinds = useMemo(
    () => byKind(graph, [...new Set(all.flatMap(({ things }) => [...things.keys()]))]).map(([kind]) => kind),
    [graph, all],
  );
  const most = Math.max(1, ...all.map(({ things }) => things.size));
  const wanted = folded(query.trim());
  const filtered = !!(wanted || lacking);
  const fits = ({ node }: Area) =>
    [node.label, ...(node.about.aliases ?? [])].some((name) => folded(name).includes(wanted));
  const rows = filtered
    ? sorted(
        all.filter((area) => fits(area) && !(lacking && countOf(area, lacking))),
        order,
      ).map((area): [Area, number] => [area, 0])
    : listed(tops, order, closed);

  const view = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What was chosen on the map may be far down in the list.
    view.current?.querySelector(".row.open")?.scrollIntoView({ block: "nearest" });
  }, [here]);

  const choose = (node: Node) => {
    setHere(node === here ? null : node);
    if (node !== here) go({ chosen: { node } });
  };
  const heading = (kind: string, label: string) => (
    <th key={kind} scope="col" class="number" aria-sort={order === kind ? "descending" : "none"}>
      <button type="button" onClick={() => setOrder(kind)}>
        {kind && <Sign style={graph.styles[kind]} />} {label}
      </button>
    </th>
  );

  return (
    <div class="view" id="places" ref={view}>
      <div class="settings">
        <Filter label={words.filter} value={query} set={setQuery} />
        <Choice
          label={words.show}
          value={lacking}
          set={setLacking}
          options={[
            ["", words.all],
            ...kinds.map((kind) => [kind, words.lacking(graph.term(kind, language))] as const),
          ]}
        />
        <span class="quiet">{words.count(rows.length, all.length)}</span>
        <span class="quiet hinted">{words.hint}</span>
      </div>
      {graph.points.size > 0 && (
        <AreaMap all={all} shown={rows.map(([area]) => area)} kind={order} here={here} choose={choose} />
      )}
      {!rows.length && <p class="quiet none">{words.none}</p>}
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{words.place}</th>
              {kinds.map((kind) => heading(kind, graph.term(kind, language)))}
              {heading("", words.total)}
              <td class="bars" />
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, every ? rows.length : MANY).map(([area, depth]) => (
              <Row
                key={area.node.index}
                area={area}
                depth={depth}
                kinds={kinds}
                most={most}
                isOpen={area.node === here}
                isFolded={filtered ? null : closed.has(area.node)}
                selection={selection}
                choose={() => choose(area.node)}
                fold={() => setClosed(toggled(closed, area.node))}
              />
            ))}
          </tbody>
        </table>
      )}
      {!every && rows.length > MANY && (
        <p class="none">
          <button type="button" class="plain" onClick={() => setEvery(true)}>
            {words.more(rows.length - MANY)}
          </button>
        </p>
      )}
    </div>
  );
}

interface RowProps {
  area: Area;
  depth: number;
  kinds: string[];
  /** Things of the longest bar. */
  most: number;
  isOpen: boolean;
  /** Whether the areas within are left out; null where they are listed apart. */
  isFolded: boolean | null;
  selection: Selection;
  choose(): void;
  fold(): void;
}

function Row({ area, depth, kinds, most, isOpen, isFolded, selection, choose, fold }: RowProps) {
  const { graph } = useExplorer();
  const words = useWords(WORDS);
  const { node, parts, things } = area;
  const counts = kinds.map((kind) => countOf(area, kind));
  const share = (count: number) => `${(100 * count) / most}%`;
  let left = 0;
  return (
    <>
      <tr class={isOpen ? "row open" : "row"}>
        <th scope="row" style={{ paddingInlineStart: `${depth * 20 + 8}px` }}>
          <div class="cell">
            {isFolded !== null &&
              (parts.length ? (
                <button
                  type="button"
                  class="twist"
                  aria-expanded={!isFolded}
                  aria-label={words.parts(node.label)}
                  onClick={fold}
                >
                  {isFolded ? "▸" : "▾"}
                </button>
              ) : (
                <span class="twist" />
              ))}
            <button type="button" class="thing" aria-expanded={isOpen} onClick={choose}>
              {node.label}
            </button>
            {isFolded === null && area.above && <small>{area.above.node.label}</small>}
          </div>
        </th>
        {[...counts, things.size].map((count, place) => (
          <td key={place} class={count ? "number" : "number zero"}>
            {count}
          </td>
        ))}
        <td class="bars">
          <svg aria-hidden="true" width="100%" height="10">
            {counts.map((count, place) => {
              left += count;
              return (
                <rect
                  key={place}
                  x={share(left - count)}
                  width={share(count)}
                  height="10"
                  fill={graph.styles[kinds[place]!]?.color}
                />
              );
            })}
          </svg>
        </td>
      </tr>
      {isOpen && (
        <tr class="told">
          <td colSpan={kinds.length + 3}>
            <Things area={area} selection={selection} />
          </td>
        </tr>
      )}
    </>
  );
}

/** What is at a place, by kind, and who undertakes it; then with whom the place works. */
function Things({ area, selection }: { area: Area; selection: Selection }) {
  const { graph, language } = useExplorer();
  const words = useWords(WORDS);
  const partners = tiesOf(graph, selection, area.node, "partnersWith");
  if (!area.things.size && !partners.length) return <p class="quiet">{words.nothing}</p>;
  return (
    <>
      {byKind(graph, [...area.things.keys()]).map(([kind, found]) => (
        <section key={kind}>
          <h3>
            {graph.term(kind, language)} <small>{found.length}</small>
          </h3>
          <ul>
            {found.map((thing) => {
              const edge = area.things.get(thing)!;
              return (
                <li key={thing.index}>
                  <Name node={thing} />
                  <Relation edge={edge} />
                  {edge.to !== area.node && (
                    <small>
                      {words.in} {edge.to.label}
                    </small>
                  )}
                  {tiesOf(graph, selection, thing, "undertakes").map(([tie, doer]) => (
                    <span class="tie" key={tie.index}>
                      <Name node={doer} />
                      <Relation edge={tie} />
                    </span>
                  ))}
                </li>
              );
            })}
          </ul>
        </section>
      ))}
      {partners.length > 0 && (
        <section>
          <h3>
            {graph.term("partnersWith", language)} <small>{partners.length}</small>
          </h3>
          <ul>
            {partners.map(([edge, partner]) => (
              <li key={edge.index}>
                <Name node={partner} />
                <Relation edge={edge} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Points as large as what is there counts for; what is at a place without coordinates counts for the area around. */
function AreaMap({
  all,
  shown,
  kind,
  here,
  choose,
}: {
  all: Area[];
  shown: Area[];
  kind: string;
  here: Node | null;
  choose: (place: Node) => void;
}) {
  const { graph, language } = useExplorer();
  const words = useWords(WORDS);
  const places = shown.map(({ node }) => node).filter((node) => graph.points.has(node));
  const amounts = useMemo(() => {
    const found = new Map<Node, Set<Node>>();
    for (const area of all)
      for (const [thing, edge] of area.things) {
        if (edge.to !== area.node || (kind && thing.kind !== kind)) continue;
        let at: Area | null = area;
        while (at && !graph.points.has(at.node)) at = at.above;
        if (at) found.set(at.node, (found.get(at.node) ?? new Set()).add(thing));
      }
    return found;
  }, [graph, all, kind]);
  const what = kind ? graph.term(kind, language) : words.total;
  const spots = places.map((place): Spot => {
    const amount = amounts.get(place)?.size ?? 0;
    return {
      name: place.label,
      label: `${place.label} · ${what} ${amount}`,
      point: graph.points.get(place)!,
      amount,
      weight: amount,
    };
  });
  if (!spots.length) return null;
  return (
    <PointMap
      spots={spots}
      outline={graph.outline}
      chosen={here && places.includes(here) ? places.indexOf(here) : null}
      choose={(spot) => choose(places[spot]!)}
    />
  );
}

/** Areas as lines of a table, each with the depth at which it stands. */
const listed = (areas: Area[], order: string, closed: ReadonlySet<Node>, depth = 0): [Area, number][] =>
  sorted(areas, order).flatMap((area): [Area, number][] => [
    [area, depth],
    ...(closed.has(area.node) ? [] : listed(area.parts, order, closed, depth + 1)),
  ]);

const flat = (areas: Area[]): Area[] => areas.flatMap((area) => [area, ...flat(area.parts)]);
