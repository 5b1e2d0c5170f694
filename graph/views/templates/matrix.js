/* The matrix' behaviour: a grid of counts, of which each opens what it counts, by mouse or keys. */
"use strict";
(() => {
  const { data, byId, speak, element, button, passages, hint } = hongtu;
  const words = speak({
    zh: {
      size: (rows, columns) => `${rows} 行 × ${columns} 列`, open: "点一格看依据", total: "合计", totalTitle: "不同的项目、主体和关系，一个只算一次",
      left: (rows, columns) => `还有 ${[rows && `${rows} 行`, columns && `${columns} 列`].filter(Boolean).join("、")}未画`,
      all: "全部画出", whole: "太多，画不下；在 Python 里用 to_frame() 取全表", picture: "矩阵：方向键移动，回车打开",
      keys: "色阶", count: (number) => `${number} 项`, pair: "，", stop: "；",
    },
    en: {
      size: (rows, columns) => `${rows} rows × ${columns} columns`, open: "click a cell to see why", total: "total", totalTitle: "different projects, bodies and edges, each counted once",
      left: (rows, columns) => `${[rows && `${rows} row${rows === 1 ? "" : "s"}`, columns && `${columns} column${columns === 1 ? "" : "s"}`].filter(Boolean).join(" and ")} not drawn`,
      all: "Draw all", whole: "too many to draw; take the whole table in Python by to_frame()", picture: "matrix: arrow keys move, Enter opens",
      keys: "colours", count: (number) => `${number} counted`, pair: ", ", stop: "; ",
    },
  });
  const ROWS = 30, COLUMNS = 20, LEAST_COLUMNS = 3, MOST = 40000, LEVELS = 6;
  const cells = new Map(data.cells.map(([row, column, entries]) => [`${row} ${column}`, entries]));
  const largest = data.cells.reduce((most, [, , entries]) => Math.max(most, entries.length), 1);
  let height = Math.min(ROWS, data.rows.length), width = Math.min(COLUMNS, data.columns.length);

  /** 1 to 6: even steps where the counts are few, else by square root, so that small ones differ. */
  const level = (count) => (largest <= LEVELS ? Math.round((LEVELS * count) / Math.max(largest, 3)) : Math.max(1, Math.ceil(LEVELS * Math.sqrt(count / largest) - 1e-9)));

  function totals(side) {
    const different = new Map();
    for (const cell of data.cells) {
      const known = different.get(cell[side]) || new Set();
      cell[2].forEach(([what]) => known.add(what));
      different.set(cell[side], known);
    }
    return (place) => different.get(place).size;
  }
  const rowTotal = totals(0), columnTotal = totals(1);

  // The grid: one cell can be reached by Tab, the others by arrows

  const at = (row, column) => document.querySelector(`td[data-row="${row}"][data-column="${column}"]`);
  let chosen = null, choosesAll = false;

  function cell(row, column) {
    const entries = cells.get(`${row} ${column}`);
    const label = `${data.rows[row][0]}${words.pair}${data.columns[column][0]}: ${entries ? entries.length : 0}`;
    return element("td", {
      role: "gridcell", "data-row": row, "data-column": column, tabindex: row || column ? "-1" : "0", "aria-label": label,
      title: entries ? label : undefined, "data-level": entries ? level(entries.length) : undefined,
    }, entries ? String(entries.length) : "");
  }

  function draw() {
    const range = (count) => [...Array(count).keys()];
    const named = ([text, iri]) => ({ title: iri || text });
    const corner = element("th", { class: "corner" }, data.names[1], " →", element("br"), data.names[0], " ↓");
    const total = { class: "total", title: words.totalTitle };
    byId("picture").replaceChildren(element("table", { role: "grid", "aria-label": words.picture },
      element("thead", {}, element("tr", {}, corner,
        ...data.columns.slice(0, width).map((heading) => element("th", { scope: "col", ...named(heading) }, element("span", {}, heading[0]))),
        element("th", total, element("span", {}, words.total)))),
      element("tbody", {}, ...range(height).map((row) => element("tr", {},
        element("th", { scope: "row", ...named(data.rows[row]) }, data.rows[row][0]),
        ...range(width).map((column) => cell(row, column)), element("td", total, String(rowTotal(row)))))),
      element("tfoot", {}, element("tr", {}, element("th", total, words.total),
        ...range(width).map((column) => element("td", total, String(columnTotal(column)))), element("td", total)))));
    tell();
  }

  /** Draw as many columns as the page is wide; all are drawn on request, and then scroll. */
  function drawFitting() {
    if (choosesAll || chosen) return;
    width = Math.min(COLUMNS, data.columns.length);
    draw();
    const { scrollWidth, clientWidth } = byId("picture"), cell = document.querySelector("td[data-row]").offsetWidth + 2;
    const fitting = Math.max(LEAST_COLUMNS, width - Math.ceil((scrollWidth - clientWidth) / cell));
    if (!clientWidth || fitting >= width) return;
    width = fitting;
    draw();
  }

  function tell() {
    const left = [data.rows.length - height, data.columns.length - width];
    const some = left.some(Boolean), fits = data.rows.length * data.columns.length <= MOST;
    byId("summary").textContent = [words.size(data.rows.length, data.columns.length), data.note, words.open].filter(Boolean).join(words.stop);
    const keys = [...Array(LEVELS).keys()].map((number) => number + 1);
    const from = (number) => [...Array(largest).keys()].map((count) => count + 1).filter((count) => level(count) === number);
    byId("foot").replaceChildren(
      element("span", {}, words.keys), element("span", { class: "keys" }, ...keys.map((number) => {
        const counts = from(number);
        return counts.length ? element("span", { class: "key", "data-level": number }, counts.length > 1 ? `${counts[0]}–${counts.at(-1)}` : String(counts[0])) : "";
      })),
      some ? element("span", { id: "left" }, words.left(...left) + (fits ? "" : `（${words.whole}）`)) : "",
      some && fits ? button(words.all, () => { choosesAll = true; [height, width] = [data.rows.length, data.columns.length]; draw(); }, { id: "all" }) : "");
  }

  function choose(target) {
    chosen?.removeAttribute("aria-selected");
    document.querySelectorAll("th.lit").forEach((heading) => heading.classList.remove("lit"));
    chosen = target;
    byId("panel").hidden = !target;
    if (!target) return;
    const { row, column } = target.dataset;
    target.setAttribute("aria-selected", "true");
    target.parentElement.firstChild.classList.add("lit");
    document.querySelector("thead tr").children[Number(column) + 1].classList.add("lit");
    const entries = cells.get(`${row} ${column}`);
    const close = button("×", () => { choose(null); target.focus(); }, { class: "close", "aria-label": words.close, title: words.close });
    byId("panel").replaceChildren(close, element("h2", {}, `${data.rows[row][0]} × ${data.columns[column][0]}`),
      element("p", { class: "quiet" }, words.count(entries.length)),
      ...entries.flatMap(([, lines, numbers]) => [
        element("ul", { class: "lines" }, ...lines.map((line) => element("li", {}, line))), ...passages(numbers)]), hint(entries.flatMap(([, , numbers]) => numbers)));
    byId("panel").scrollTop = 0;
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  byId("main").className = "beside";
  byId("main").append(element("div", { id: "picture" }), element("aside", { id: "panel", hidden: "", "aria-live": "polite" }));

  function reach(target) {
    byId("picture").querySelector('td[tabindex="0"]').tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  }
  byId("picture").addEventListener("click", (event) => {
    const target = event.target.closest("td[data-level]");
    if (!target) return;
    reach(target);
    choose(target);
  });
  byId("picture").addEventListener("keydown", (event) => {
    const target = event.target.closest("td[data-row]");
    if (!target) return;
    const [row, column] = [Number(target.dataset.row), Number(target.dataset.column)];
    const next = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      Home: [row, 0], End: [row, width - 1],
    }[event.key];
    if (next && at(...next)) reach(at(...next));
    else if ((event.key === "Enter" || event.key === " ") && target.dataset.level) choose(target);
    else if (!next) return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen) { const from = chosen; choose(null); from.focus(); } });
  drawFitting();
  window.addEventListener("resize", drawFitting);
})();
