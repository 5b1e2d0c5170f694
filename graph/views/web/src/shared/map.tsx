/** A map of points: drawn to the size of its frame, lines of an outline behind, names where they fit. */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useWords } from "../words.ts";
import "./map.css";

const WORDS = {
  zh: { picture: "地图；右边的名单可以不用鼠标选每个地点", km: "公里", metres: "米" },
  en: { picture: "map; the list beside it reaches every place without a mouse", km: "km", metres: "m" },
};
const KM_PER_DEGREE = 111.32;
const RADIUS = 6;
const LARGEST = 22;

export interface Spot {
  name: string;
  /** What the mouse is told of it. */
  label: string;
  point: [latitude: number, longitude: number];
  /** Its area tells this number; null where areas tell nothing. */
  amount: number | null;
  /** Of points of one size, the names of those that weigh more find a place first. */
  weight: number;
}
type Outline = [longitude: number, latitude: number][][];

export function PointMap({
  spots,
  outline,
  chosen,
  choose,
}: {
  spots: Spot[];
  outline: Outline;
  chosen: number | null;
  choose: (spot: number) => void;
}) {
  const words = useWords(WORDS);
  const frame = useRef<HTMLDivElement>(null);
  const [[width, height], setSize] = useState([0, 0]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = frame.current!;
      setSize([Math.max(clientWidth, 200), Math.max(clientHeight, 200)]);
    });
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  const radius = useMemo(() => radiusOf(spots), [spots]);
  const view = useMemo(() => fit(spots, outline, width, height), [spots, outline, width, height]);
  const names = useMemo(() => spread(spots, view, radius), [spots, view, radius]);
  // Small points lie on large ones.
  const order = useMemo(
    () => [...spots.keys()].sort((one, other) => radius(spots[other]!) - radius(spots[one]!) || one - other),
    [spots, radius],
  );
  return (
    <div class="map" ref={frame}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset
        <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={words.picture}>
          <Grid view={view} />
          {outline.map((line, place) => (
            <path
              key={place}
              class="shape"
              d={line
                .map(
                  ([east, north], number) => `${number ? "L" : "M"}${rounded(view.x(east))} ${rounded(view.y(north))}`,
                )
                .join("")}
            />
          ))}
          {order.map((number) => {
            const spot = spots[number]!;
            const { dx, dy, anchor, crowded } = names[number]!;
            const [latitude, longitude] = spot.point;
            return (
              // biome-ignore lint/a11y/useSemanticElements: SVG has no button
              <g
                key={number}
                class={number === chosen ? "place chosen" : "place"}
                transform={`translate(${rounded(view.x(longitude))} ${rounded(view.y(latitude))})`}
                tabindex={0}
                role="button"
                aria-label={spot.name}
                data-place={number}
                onClick={() => choose(number)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" && event.key !== " ") return;
                  event.preventDefault();
                  choose(number);
                }}
              >
                <title>{spot.label}</title>
                <circle r={rounded(radius(spot))} />
                <text x={dx} y={dy} text-anchor={anchor} class={crowded ? "crowded" : undefined}>
                  {spot.name}
                </text>
              </g>
            );
          })}
          <ScaleBar view={view} />
        </svg>
      )}
    </div>
  );
}

/** Where degrees are drawn, in pixels; degrees east shrink with the cosine of the latitude. */
interface View {
  width: number;
  height: number;
  /** Pixels of a degree of latitude, and of longitude. */
  scale: number;
  scaleX: number;
  middle: { latitude: number; longitude: number };
  x(longitude: number): number;
  y(latitude: number): number;
}

function fit(spots: Spot[], outline: Outline, width: number, height: number): View {
  const all = [...spots.map(({ point: [north, east] }) => [east, north] as const), ...outline.flat()];
  const span = (side: 0 | 1) =>
    all.reduce(
      ([least, most], place) => [Math.min(least, place[side]), Math.max(most, place[side])],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ) as [number, number];
  const [[west, east], [south, north]] = [span(0), span(1)];
  const middle = { longitude: (west + east) / 2, latitude: (south + north) / 2 };
  const shrink = Math.max(0.01, Math.cos((middle.latitude * Math.PI) / 180));
  // No closer than some two kilometres, so that a single place has its surroundings; room for names at the rim.
  const [wide, high] = [Math.max((east - west) * shrink, 0.02), Math.max(north - south, 0.02)];
  const scale = Math.min((width - Math.min(180, width / 3)) / wide, (height - 90) / high);
  const scaleX = scale * shrink;
  return {
    width,
    height,
    scale,
    scaleX,
    middle,
    x: (longitude) => width / 2 + (longitude - middle.longitude) * scaleX,
    y: (latitude) => height / 2 - (latitude - middle.latitude) * scale,
  };
}

const rounded = (number: number) => Math.round(number * 10) / 10;

/** The largest of 1, 2, 5 times a power of ten that is not above a number. */
function roundDown(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number));
  return [5, 2, 1].find((times) => times * power <= number * 1.000001)! * power;
}

function radiusOf(spots: Spot[]): (spot: Spot) => number {
  const most = Math.max(...spots.map(({ amount }) => amount ?? 0), 0);
  return ({ amount }) =>
    amount === null ? RADIUS : most > 0 ? Math.max(3, LARGEST * Math.sqrt(Math.max(amount, 0) / most)) : 3;
}

/** Lines of equal latitude and longitude, some 140 pixels apart. */
function Grid({ view: { width, height, scale, scaleX, middle, x, y } }: { view: View }) {
  const latitudes = linesOf(middle.latitude, height / 2 / scale, 140 / scale);
  const longitudes = linesOf(middle.longitude, width / 2 / scaleX, 140 / scaleX);
  return (
    <>
      {latitudes.map(({ degrees, text }) => {
        const py = rounded(y(degrees));
        return (
          <g key={degrees}>
            <path class="grid-line" d={`M0 ${py}H${width}`} />
            {py > 30 && (
              <text class="degrees" x={5} y={py - 3}>
                {text}
                {degrees < 0 ? "S" : "N"}
              </text>
            )}
          </g>
        );
      })}
      {longitudes.map(({ degrees, text }) => {
        const px = rounded(x(degrees));
        return (
          <g key={degrees}>
            <path class="grid-line" d={`M${px} 0V${height}`} />
            {px < width - 55 && (
              <text class="degrees" x={px + 3} y={12}>
                {text}
                {degrees < 0 ? "W" : "E"}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

function linesOf(middle: number, reach: number, apart: number): { degrees: number; text: string }[] {
  const step = roundDown(apart) || 1;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let number = Math.ceil((middle - reach) / step); number * step <= middle + reach; number += 1)
    found.push({ degrees: number * step, text: `${Math.abs(number * step).toFixed(digits)}°` });
  return found;
}

function ScaleBar({ view: { width, height, scale } }: { view: View }) {
  const words = useWords(WORDS);
  const km = roundDown((120 / scale) * KM_PER_DEGREE);
  const length = rounded((km / KM_PER_DEGREE) * scale);
  return (
    <g class="scale" transform={`translate(${rounded(width - length - 14)} ${height - 14})`}>
      <path d={`M0 -6V0H${length}V-6`} />
      <text x={rounded(length / 2)} y={-6} text-anchor="middle">
        {km >= 1 ? `${km} ${words.km}` : `${Math.round(km * 1000)} ${words.metres}`}
      </text>
    </g>
  );
}

interface NamePlace {
  dx: number;
  dy: number;
  anchor: "start" | "end" | "middle";
  /** It lies on others, and is written only when it is looked at. */
  crowded: boolean;
}
type Box = [left: number, top: number, right: number, bottom: number];

/** Give names their places, the larger points first: right, left, above or below, where nothing is yet. */
function spread(spots: Spot[], { width, height, x, y }: View, radius: (spot: Spot) => number): NamePlace[] {
  const taken = spots.map((spot): Box => {
    const [r, px, py] = [radius(spot), x(spot.point[1]), y(spot.point[0])];
    return [px - r, py - r, px + r, py + r];
  });
  const order = [...spots.keys()].sort(
    (one, other) =>
      radius(spots[other]!) - radius(spots[one]!) || spots[other]!.weight - spots[one]!.weight || one - other,
  );
  const names: NamePlace[] = [];
  for (const number of order) {
    const spot = spots[number]!;
    const [r, px, py] = [radius(spot) + 4, x(spot.point[1]), y(spot.point[0])];
    const long = [...spot.name].reduce((sum, letter) => sum + (letter.charCodeAt(0) < 0x2e80 ? 7.4 : 13.2), 0);
    const choices: [Omit<NamePlace, "crowded">, Box][] = [
      [{ dx: r, dy: 4.5, anchor: "start" }, [px + r, py - 8, px + r + long, py + 8]],
      [{ dx: -r, dy: 4.5, anchor: "end" }, [px - r - long, py - 8, px - r, py + 8]],
      [{ dx: 0, dy: -r - 1, anchor: "middle" }, [px - long / 2, py - r - 14, px + long / 2, py - r]],
      [{ dx: 0, dy: r + 11, anchor: "middle" }, [px - long / 2, py + r, px + long / 2, py + r + 14]],
    ];
    const free = choices.find(
      ([, [left, top, right, bottom]]) =>
        left >= 0 &&
        right <= width &&
        top >= 0 &&
        bottom <= height &&
        taken.every(([l, t, r2, b], other) => other === number || left >= r2 || right <= l || top >= b || bottom <= t),
    );
    if (free) taken.push(free[1]);
    names[number] = { ...(free ?? choices[px > width / 2 ? 1 : 0]!)[0], crowded: !free };
  }
  return names;
}
