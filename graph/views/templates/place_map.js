/* The map's behaviour: points drawn to the size of the page, names where they fit, a place's rows in the panel. */
"use strict";
(() => {
  const { data, byId, speak, element, drawn, button, passages, hint } = hongtu;
  const words = speak({
    zh: {
      places: (number) => `${number} 个地点`, open: "点一个点看它的各行和原文", size: (name) => `点的面积是“${name}”`, picture: "地图；右边的名单可以不用鼠标选每个地点",
      missing: (names) => `没有坐标、未画的：${names}`, and: (names, all) => (names.length < all ? `${names.join("、")} 等 ${all} 个` : names.join("、")),
      list: "各地点", back: "‹ 各地点", rows: (number) => `${number} 行`, stop: "；", km: "公里", metres: "米",
    },
    en: {
      places: (number) => `${number} place${number === 1 ? "" : "s"}`, open: "click a point for its rows and sentences", size: (name) => `the area of a point is “${name}”`, picture: "map; the list beside it reaches every place without a mouse",
      missing: (names) => `Without coordinates, not drawn: ${names}`, and: (names, all) => (names.length < all ? `${names.join(", ")} … ${all} in all` : names.join(", ")),
      list: "Places", back: "‹ Places", rows: (number) => `${number} row${number === 1 ? "" : "s"}`, stop: "; ", km: "km", metres: "m",
    },
  });
  const KM_PER_DEGREE = 111.32, RADIUS = 6, LARGEST = 22, TOLD = 12;
  const { places } = data;

  // Where things are drawn: degrees east shrink with the cosine of the latitude

  const all = [...places.map(({ point: [latitude, longitude] }) => [longitude, latitude]), ...data.lines.flat()];
  const span = (side) => all.reduce(([least, most], place) => [Math.min(least, place[side]), Math.max(most, place[side])], [Infinity, -Infinity]);
  const [[west, east], [south, north]] = [span(0), span(1)];
  const [midX, midY] = [(west + east) / 2, (south + north) / 2];
  const shrink = Math.max(0.01, Math.cos((midY * Math.PI) / 180));

  let scale, centre; // pixels per degree of latitude; the middle of the picture
  function fit() {
    const { clientWidth, clientHeight } = byId("picture");
    const [width, height] = [Math.max(clientWidth, 200), Math.max(clientHeight, 200)];
    // No closer than some two kilometres, so that a single place has its surroundings; room for names at the rim.
    const [wide, high] = [Math.max((east - west) * shrink, 0.02), Math.max(north - south, 0.02)];
    scale = Math.min((width - Math.min(180, width / 3)) / wide, (height - 90) / high);
    centre = [width / 2, height / 2];
    return [width, height];
  }
  const x = (longitude) => centre[0] + (longitude - midX) * shrink * scale;
  const y = (latitude) => centre[1] - (latitude - midY) * scale;
  const rounded = (number) => Math.round(number * 10) / 10;

  /** The largest of 1, 2, 5 times a power of ten that is not above a number. */
  function roundDown(number) {
    const power = 10 ** Math.floor(Math.log10(number));
    return [5, 2, 1].find((times) => times * power <= number * 1.000001) * power;
  }

  function grid(width, height) {
    const parts = [];
    const lines = (step, from, to) => {
      const found = [];
      for (let number = Math.ceil(from / step); number * step <= to; number += 1) found.push(number * step);
      return found;
    };
    const step = roundDown(140 / scale) || 1, stepX = roundDown(140 / (scale * shrink)) || 1;
    const digits = (size) => Math.max(0, -Math.floor(Math.log10(size) + 1e-9));
    const degrees = (number, size, [positive, negative]) => `${Math.abs(number).toFixed(digits(size))}°${number < 0 ? negative : positive}`;
    for (const latitude of lines(step, midY - centre[1] / scale, midY + centre[1] / scale)) {
      const py = rounded(y(latitude));
      parts.push(drawn("path", { class: "grid", d: `M0 ${py}H${width}` }));
      if (py > 30) parts.push(drawn("text", { class: "degrees", x: 5, y: py - 3 }, degrees(latitude, step, "NS")));
    }
    for (const longitude of lines(stepX, midX - centre[0] / scale / shrink, midX + centre[0] / scale / shrink)) {
      const px = rounded(x(longitude));
      parts.push(drawn("path", { class: "grid", d: `M${px} 0V${height}` }));
      if (px < width - 55) parts.push(drawn("text", { class: "degrees", x: px + 3, y: 12 }, degrees(longitude, stepX, "EW")));
    }
    return parts;
  }

  function scaleBar(width, height) {
    const km = roundDown((120 / scale) * KM_PER_DEGREE), length = rounded((km / KM_PER_DEGREE) * scale);
    const text = km >= 1 ? `${km} ${words.km}` : `${Math.round(km * 1000)} ${words.metres}`;
    return drawn("g", { class: "scale", transform: `translate(${rounded(width - length - 14)} ${height - 14})` },
      drawn("path", { d: `M0 -6V0H${length}V-6` }), drawn("text", { x: rounded(length / 2), y: -6, "text-anchor": "middle" }, text));
  }

  const most = Math.max(...places.map(({ amount }) => amount || 0), 0);
  const radius = ({ amount }) => (amount === null ? RADIUS : most > 0 ? Math.max(3, LARGEST * Math.sqrt(Math.max(amount, 0) / most)) : 3);

  /** Give names their places, the larger points first: right, left, above or below, where nothing is yet. */
  function spread(width, height) {
    const taken = places.map((place) => {
      const [r, px, py] = [radius(place), x(place.point[1]), y(place.point[0])];
      return [px - r, py - r, px + r, py + r];
    });
    const order = places.map((_, number) => number).sort((a, b) => radius(places[b]) - radius(places[a]) || places[b].rows.length - places[a].rows.length || a - b);
    const spots = new Map();
    for (const number of order) {
      const place = places[number];
      const [r, px, py] = [radius(place) + 4, x(place.point[1]), y(place.point[0])];
      const long = [...place.name].reduce((sum, letter) => sum + (letter.charCodeAt(0) < 0x2e80 ? 7.4 : 13.2), 0);
      const choices = [
        [r, 4.5, "start", [px + r, py - 8, px + r + long, py + 8]], [-r, 4.5, "end", [px - r - long, py - 8, px - r, py + 8]],
        [0, -r - 1, "middle", [px - long / 2, py - r - 14, px + long / 2, py - r]], [0, r + 11, "middle", [px - long / 2, py + r, px + long / 2, py + r + 14]],
      ];
      const free = choices.find(([, , , [left, top, right, bottom]]) =>
        left >= 0 && right <= width && top >= 0 && bottom <= height &&
        taken.every(([l, t, r2, b], other) => other === number || left >= r2 || right <= l || top >= b || bottom <= t));
      if (free) taken.push(free[3]);
      spots.set(number, free || [...choices[px > width / 2 ? 1 : 0].slice(0, 3), null]);
    }
    return spots;
  }

  let chosen = null;
  function draw() {
    const [width, height] = fit();
    const spots = spread(width, height);
    const shapes = data.lines.map((line) => drawn("path", { class: "shape", d: line.map(([longitude, latitude], number) => `${number ? "L" : "M"}${rounded(x(longitude))} ${rounded(y(latitude))}`).join("") }));
    // Small points lie on large ones; every name on all points.
    const order = places.map((_, number) => number).sort((a, b) => radius(places[b]) - radius(places[a]) || a - b);
    const signs = order.map((number) => {
      const place = places[number], [dx, dy, anchor, box] = spots.get(number);
      const choose = () => show(number);
      return drawn("g", {
        class: number === chosen ? "place chosen" : "place", transform: `translate(${rounded(x(place.point[1]))} ${rounded(y(place.point[0]))})`,
        tabindex: "0", role: "button", "aria-label": place.name, "data-place": number, onclick: choose,
        onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } },
      }, drawn("title", {}, label(place)), drawn("circle", { r: rounded(radius(place)) }),
      drawn("text", { x: dx, y: dy, "text-anchor": anchor, class: box ? undefined : "crowded" }, place.name));
    });
    byId("picture").replaceChildren(drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": words.picture },
      ...grid(width, height), ...shapes, ...signs, scaleBar(width, height)));
  }

  const label = (place) => (place.amount === null ? place.name : `${place.name} · ${data.size}: ${place.amount}`);

  // The panel: all places, or one with its rows

  function show(number) {
    chosen = number;
    document.querySelectorAll(".place").forEach((sign) => sign.classList.toggle("chosen", Number(sign.dataset.place) === number && number !== null));
    byId("panel").replaceChildren(...(number === null ? list() : one(places[number])));
    byId("panel").scrollTop = 0;
  }

  function list() {
    const missing = data.missing.length ? element("p", { class: "quiet", id: "missing" }, words.missing(words.and(data.missing.slice(0, TOLD), data.missing.length))) : "";
    return [element("h2", {}, words.list), element("ul", { class: "list" }, ...places.map((place, number) =>
      element("li", {}, fillButton(place, number)))), missing];
  }
  function fillButton(place, number) {
    const made = button("", () => show(number));
    made.append(element("span", {}, place.name), element("small", {}, place.amount === null ? words.rows(place.rows.length) : String(place.amount)));
    return made;
  }

  function one(place) {
    const where = `${Math.abs(place.point[0])}°${place.point[0] < 0 ? "S" : "N"} ${Math.abs(place.point[1])}°${place.point[1] < 0 ? "W" : "E"}`;
    return [
      button(words.back, () => show(null), { class: "back" }), element("h2", { title: place.iri || undefined }, place.name),
      element("p", { class: "quiet" }, `${where}${words.stop}${words.rows(place.rows.length)}`),
      ...place.rows.map(([cells, numbers]) => element("div", { class: "one" },
        element("dl", {}, ...cells.flatMap(([heading, text]) => [element("dt", {}, heading), element("dd", {}, text)])), ...passages(numbers))),
      hint(place.rows.flatMap(([, numbers]) => numbers)),
    ];
  }

  byId("main").className = "beside";
  byId("main").append(element("div", { id: "picture" }), element("aside", { id: "panel", "aria-live": "polite" }));
  byId("summary").textContent = [words.places(places.length), data.size && words.size(data.size), words.open].filter(Boolean).join(words.stop);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") show(null); });
  show(null);
  new ResizeObserver(draw).observe(byId("picture"));
})();
