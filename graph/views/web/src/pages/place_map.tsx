/** The page of a map: graph/views/place_map.py. */
import { Fragment } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { PointMap } from "../shared/map.tsx";
import { Hint, Passages } from "../shared/passages.tsx";
import { useWords } from "../words.ts";
import { Header, type PageData, plansOf, showPage } from "./frame.tsx";
import "./place_map.css";

const WORDS = {
  zh: {
    places: (number: number) => `${number} 个地点`,
    open: "点一个点看它的各行和原文",
    size: (name: string) => `点的面积是“${name}”`,
    missing: (names: string) => `没有坐标、未画的：${names}`,
    and: (names: string[], all: number) => names.join("、") + (names.length < all ? ` 等 ${all} 个` : ""),
    list: "各地点",
    back: "‹ 各地点",
    rows: (number: number) => `${number} 行`,
    stop: "；",
  },
  en: {
    places: (number: number) => `${number} place${number === 1 ? "" : "s"}`,
    open: "click a point for its rows and sentences",
    size: (name: string) => `the area of a point is “${name}”`,
    missing: (names: string) => `Without coordinates, not drawn: ${names}`,
    and: (names: string[], all: number) => names.join(", ") + (names.length < all ? ` … ${all} in all` : ""),
    list: "Places",
    back: "‹ Places",
    rows: (number: number) => `${number} row${number === 1 ? "" : "s"}`,
    stop: "; ",
  },
};
/** Of names that are not drawn, so many are told. */
const TOLD = 12;

interface Place {
  name: string;
  iri: string | null;
  point: [latitude: number, longitude: number];
  amount: number | null;
  rows: [cells: [heading: string, text: string][], passages: number[]][];
}
interface MapData extends PageData {
  places: Place[];
  missing: string[];
  lines: [longitude: number, latitude: number][][];
  size: string | null;
}

function PlaceMapPage({ data }: { data: MapData }) {
  const words = useWords(WORDS);
  const { places, size } = data;
  const [chosen, setChosen] = useState<number | null>(null);
  const panel = useRef<HTMLElement>(null);
  const spots = useMemo(
    () =>
      places.map(({ name, point, amount, rows }) => ({
        name,
        label: amount === null ? name : `${name} · ${size}: ${amount}`,
        point,
        amount,
        weight: rows.length,
      })),
    [places, size],
  );
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === "Escape") setChosen(null);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  useEffect(() => {
    panel.current!.scrollTop = 0;
  }, [chosen]);
  return (
    <>
      <Header
        title={data.title}
        summary={[words.places(places.length), size && words.size(size), words.open].filter(Boolean).join(words.stop)}
      />
      <main id="main" class="beside">
        <div id="picture">
          <PointMap spots={spots} outline={data.lines} chosen={chosen} choose={setChosen} />
        </div>
        <aside id="panel" aria-live="polite" ref={panel}>
          {chosen === null ? (
            <List data={data} choose={setChosen} />
          ) : (
            <One key={chosen} data={data} place={places[chosen]!} back={() => setChosen(null)} />
          )}
        </aside>
      </main>
    </>
  );
}

function List({ data: { places, missing }, choose }: { data: MapData; choose: (place: number) => void }) {
  const words = useWords(WORDS);
  return (
    <>
      <h2>{words.list}</h2>
      <ul class="list">
        {places.map(({ name, amount, rows }, number) => (
          <li key={number}>
            <button type="button" onClick={() => choose(number)}>
              <span>{name}</span>
              <small>{amount ?? words.rows(rows.length)}</small>
            </button>
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <p class="quiet" id="missing">
          {words.missing(words.and(missing.slice(0, TOLD), missing.length))}
        </p>
      )}
    </>
  );
}

/** A place with its rows and their sentences. */
function One({ data, place, back }: { data: MapData; place: Place; back: () => void }) {
  const words = useWords(WORDS);
  const plans = useMemo(() => plansOf(data.passages).length, [data]);
  const passages = (numbers: number[]) => numbers.map((number) => data.passages[number]!);
  const [latitude, longitude] = place.point;
  const where = `${Math.abs(latitude)}°${latitude < 0 ? "S" : "N"} ${Math.abs(longitude)}°${longitude < 0 ? "W" : "E"}`;
  return (
    <>
      <button type="button" class="back" onClick={back}>
        {words.back}
      </button>
      <h2 title={place.iri ?? undefined}>{place.name}</h2>
      <p class="quiet">
        {where}
        {words.stop}
        {words.rows(place.rows.length)}
      </p>
      {place.rows.map(([cells, numbers], row) => (
        <div class="one" key={row}>
          <dl>
            {cells.map(([heading, text]) => (
              <Fragment key={heading}>
                <dt>{heading}</dt>
                <dd>{text}</dd>
              </Fragment>
            ))}
          </dl>
          <Passages items={passages(numbers)} plans={plans} />
        </div>
      ))}
      <Hint items={passages(place.rows.flatMap(([, numbers]) => numbers))} />
    </>
  );
}

showPage(PlaceMapPage);
