/* The table's behaviour: search, sorting, filters, pages, the sentences of a row, copies for Excel.
   Only the rows of one page are elements. */
"use strict";
(() => {
  const { data, plans, byId, speak, element, button, cited, passages, hint, compare, folded } = hongtu;
  const words = speak({
    zh: {
      search: "搜索各列，几个词用空格分开", all: "全部", yes: "是", no: "否", iris: "IRI", irisTitle: "显示各对象的 IRI，复制和下载时也带上",
      copy: "复制", copied: "已复制", copyTitle: "复制找到的各行，可贴进 Excel", failed: "浏览器不让复制，请下载", csv: "下载 CSV", file: "表格",
      rows: (shown, all) => (shown === all ? `${all} 行` : `找到 ${shown} 行，共 ${all} 行`),
      cut: "；还有更多行没有取来，用 limit 参数可以多取", open: (plan) => `；点 ▸ 看${plan ? `《${plan}》` : "规划"}里的出处`, openRow: "看出处", none: "没有符合的行", clear: "清除搜索和筛选",
      page: (page, pages) => `第 ${page} / ${pages} 页`, earlier: "上一页", later: "下一页", size: (size) => `每页 ${size} 行`,
      sizes: "每页行数", filter: (heading) => `筛选：${heading}`, sort: "点一下排序，再点倒序", empty: "（空）",
    },
    en: {
      search: "Search all columns", all: "all", yes: "yes", no: "no", iris: "IRIs", irisTitle: "Show the IRIs of things, and take them along in copies and downloads",
      copy: "Copy", copied: "Copied", copyTitle: "Copy the rows that are found, to paste into Excel", failed: "The browser does not let us copy; please download", csv: "Download CSV", file: "table",
      rows: (shown, all) => (shown === all ? `${all} row${all === 1 ? "" : "s"}` : `${shown} of ${all} rows found`),
      cut: "; more rows exist, take them with the parameter limit", open: (plan) => `; ▸ opens the source in ${plan || "the plan"}`, openRow: "Source", none: "No row fits", clear: "Clear search and filters",
      page: (page, pages) => `Page ${page} of ${pages}`, earlier: "Previous page", later: "Next page", size: (size) => `${size} rows a page`,
      sizes: "Rows a page", filter: (heading) => `Filter: ${heading}`, sort: "Click to sort, again to reverse", empty: "(empty)",
    },
  });
  const FEW = 15, LONG = 24;
  const { columns, rows, things, evidence } = data;

  // Cells: a list of one number is a thing, everything else is itself

  const text = (cell) => {
    if (cell === null) return "";
    if (Array.isArray(cell)) return things[cell[0]][0];
    return cell === true ? words.yes : cell === false ? words.no : String(cell);
  };
  const iri = (cell) => (Array.isArray(cell) ? things[cell[0]][1] : undefined);

  for (const [number, column] of columns.entries()) {
    const cells = rows.map((row) => row[number]).filter((cell) => cell !== null);
    column.numeric = cells.length > 0 && cells.every((cell) => typeof cell === "number");
    column.things = cells.some(Array.isArray);
    const longest = cells.reduce((most, cell) => Math.max(most, text(cell).length), 0);
    column.width = column.numeric ? "number" : longest <= 5 ? "short" : longest <= LONG ? "middle" : "long";
    const values = new Map();
    for (const row of rows) {
      const value = text(row[number]);
      values.set(value, (values.get(value) || 0) + 1);
      if (values.size > FEW) break;
    }
    // A filter is of use where values come back; numbers are sorted rather, but for years.
    column.values = (!column.numeric || /year$/.test(column.name)) && values.size > 1 && values.size <= FEW && values.size * 2 <= rows.length ? values : null;
    column.wanted = null;
  }

  // What is shown: rows by number, in order

  let order = null; // {column, down}
  let page = 0, size = 25, withIris = false, found = rows.map((_, number) => number);
  const opened = new Set(data.open ? rows.keys() : []);
  let haystacks = null;

  function compareCells(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return compare(text(one), text(other));
  }

  function find() {
    const wanted = folded(byId("search").value).split(/\s+/).filter(Boolean);
    if (wanted.length) haystacks ??= rows.map((row) => folded(row.map(text).join("\n")));
    const filters = columns.flatMap((column, number) => (column.wanted === null ? [] : [[number, column.wanted]]));
    found = rows.map((_, number) => number).filter((number) =>
      wanted.every((word) => haystacks[number].includes(word)) &&
      filters.every(([column, value]) => text(rows[number][column]) === value));
    if (order) {
      const { column, down } = order;
      const [full, empty] = [[], []];
      for (const number of found) (rows[number][column] === null ? empty : full).push(number);
      full.sort((a, b) => (down ? -1 : 1) * compareCells(rows[a][column], rows[b][column]) || a - b);
      found = [...full, ...empty];
    }
    page = 0;
    show();
  }

  // The head

  function sortBy(number) {
    order = order?.column !== number ? { column: number, down: false } : order.down ? null : { column: number, down: true };
    for (const [place, column] of columns.entries())
      column.head.setAttribute("aria-sort", order?.column !== place ? "none" : order.down ? "descending" : "ascending");
    find();
  }

  function filter(column) {
    const values = [...column.values].sort(([one], [other]) => compare(one, other));
    return element("select", {
      "aria-label": words.filter(column.heading),
      onchange: (event) => {
        column.wanted = event.target.selectedIndex ? event.target.value : null;
        event.target.classList.toggle("set", column.wanted !== null);
        find();
      },
    }, element("option", {}, words.all), ...values.map(([value, count]) => element("option", { value }, `${value || words.empty} (${count})`)));
  }

  function head() {
    const cells = columns.map((column, number) => {
      column.head = element("th", { scope: "col", class: column.width, "aria-sort": "none", title: column.name === column.heading ? undefined : column.name },
        button(column.heading, () => sortBy(number), { title: words.sort }), column.values ? filter(column) : "");
      return column.head;
    });
    const open = evidence ? element("th", { class: "open", "aria-label": words.source }) : "";
    return element("thead", {}, element("tr", {}, open, ...cells));
  }

  // The rows of a page

  function opener(number) {
    const { length } = evidence[number];
    if (!length) return element("td", { class: "open empty" });
    const caption = length > 1 ? `${words.openRow} (${length})` : words.openRow;
    const control = button(opened.has(number) ? "▾" : "▸", () => {
      const row = control.closest("tr");
      if (opened.delete(number)) row.nextElementSibling.remove();
      else {
        opened.add(number);
        row.after(source(number));
      }
      control.firstChild.textContent = opened.has(number) ? "▾" : "▸";
      control.setAttribute("aria-expanded", String(opened.has(number)));
    }, { "aria-expanded": String(opened.has(number)), "aria-label": caption, title: caption });
    control.append(element("span", {}, ` ${caption}`));
    return element("td", { class: "open" }, control);
  }

  const source = (number) =>
    element("tr", { class: "source" }, element("td", { colspan: columns.length + 1 }, ...passages(evidence[number]), hint(evidence[number])));

  function row(number) {
    const cells = rows[number].map((cell, place) => {
      const { width, heading } = columns[place];
      const shown = withIris && iri(cell) ? element("small", {}, iri(cell)) : "";
      return element("td", { class: cell === null ? `${width} empty` : width, title: iri(cell), "data-heading": heading },
        shown ? element("div", {}, text(cell), shown) : text(cell));
    });
    const made = element("tr", { class: "row" }, evidence ? opener(number) : "", ...cells);
    return evidence?.[number].length && opened.has(number) ? [made, source(number)] : [made];
  }

  const body = element("tbody");
  function show(all = false) {
    const pages = Math.max(1, Math.ceil(found.length / size));
    page = Math.min(page, pages - 1);
    body.replaceChildren(...(all ? found : found.slice(page * size, (page + 1) * size)).flatMap(row));
    nothing.hidden = found.length > 0;
    byId("summary").textContent = words.rows(found.length, rows.length) + (data.cut ? words.cut : "") +
      (evidence?.some((numbers) => numbers.length) ? words.open(plans.size === 1 ? [...plans][0] : "") : "");
    byId("page").textContent = words.page(page + 1, pages);
    byId("earlier").disabled = page === 0;
    byId("later").disabled = page === pages - 1;
    byId("foot").hidden = rows.length <= 10;
  }
  function turn(pages) {
    page += pages;
    show();
    byId("main").scrollTop = 0;
  }

  // Copies: the rows that are found, in their order, with their sources

  /** Headings and texts; numbers as numbers, texts guarded against what a spreadsheet would compute or rewrite. */
  function sheet() {
    const guarded = (cell) => (typeof cell === "number" ? String(cell) : guard(text(cell)));
    const headings = columns.flatMap(({ heading, things: some }) => (withIris && some ? [heading, `${heading} IRI`] : [heading]));
    const lines = found.map((number) => {
      const cells = rows[number].flatMap((cell, place) =>
        withIris && columns[place].things ? [guarded(cell), iri(cell) || ""] : [guarded(cell)]);
      return evidence ? [...cells, guard(evidence[number].map(saying).join("\n"))] : cells;
    });
    return [(evidence ? [...headings, words.source] : headings).map(guard), ...lines];
  }

  function saying(number) {
    const passage = data.passages[number];
    return passage.quote === null ? cited(passage) : `${cited(passage)}: ${passage.quote}`;
  }

  // The rules of hongtu.loaders.values.guard_cell.
  const FORMULA = /^[=+\-@＝＋－＠\t\r]/;
  const NUMERIC = /^(?=.*\d)(-?[\d,]*\.?\d*%?|\d+(\.\d*)?[eE][+-]?\d+|\d+(:\d+){1,2}|\d+([/-]\d+){1,2})$/;
  const PLAIN_NUMBER = /^-?(0|[1-9]\d{0,9})(\.\d{0,5}[1-9])?$/;
  function guard(cell) {
    const bare = cell.replace(/^'+/, "");
    return (FORMULA.test(bare) || NUMERIC.test(bare)) && !PLAIN_NUMBER.test(bare) ? `'${cell}` : cell;
  }

  function copy() {
    const quoted = (cell) => cell.replace(/[\t\r\n]+/g, " ").replace(/^".*$/, (whole) => `"${whole.replaceAll('"', '""')}"`);
    const lines = sheet().map((line) => line.map(quoted).join("\t")).join("\r\n");
    // The clipboard's newer interface is closed to framed pages of no origin.
    const give = (event) => {
      event.clipboardData.setData("text/plain", lines);
      event.preventDefault();
    };
    document.addEventListener("copy", give);
    const done = document.execCommand("copy");
    document.removeEventListener("copy", give);
    byId("copy").textContent = done ? words.copied : words.failed;
    setTimeout(() => { byId("copy").textContent = words.copy; }, 2500);
  }

  function download() {
    const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const lines = sheet().map((line) => line.map(quoted).join(",")).join("\r\n");
    // Excel takes a file for UTF-8 when it begins with the byte order mark.
    const href = URL.createObjectURL(new Blob(["\ufeff", lines, "\r\n"], { type: "text/csv;charset=utf-8" }));
    const name = (data.title || words.file).replace(/[\\/:*?"<>|\s]+/g, "-");
    element("a", { href, download: `${name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10000);
  }

  // The page

  const nothing = element("p", { class: "none", hidden: "" }, `${words.none}　`, button(words.clear, () => {
    byId("search").value = "";
    for (const column of columns) column.wanted = null;
    for (const select of document.querySelectorAll("th select")) {
      select.selectedIndex = 0;
      select.classList.remove("set");
    }
    find();
  }, { class: "plain" }));

  byId("tools").append(
    element("input", { id: "search", type: "search", autocomplete: "off", spellcheck: "false", placeholder: words.search, "aria-label": words.search, oninput: find }),
    columns.some((column) => column.things) ? button(words.iris, (event) => {
      withIris = !withIris;
      event.target.setAttribute("aria-pressed", String(withIris));
      show();
    }, { "aria-pressed": "false", title: words.irisTitle }) : "",
    button(words.copy, copy, { id: "copy", title: words.copyTitle }), button(words.csv, download, { id: "csv" }));
  byId("foot").append(
    button("‹", () => turn(-1), { id: "earlier", "aria-label": words.earlier, title: words.earlier }),
    element("span", { id: "page" }),
    button("›", () => turn(1), { id: "later", "aria-label": words.later, title: words.later }),
    element("select", { "aria-label": words.sizes, onchange: (event) => { size = Number(event.target.value); page = 0; show(); } },
      ...[10, 25, 50, 100].map((choice) => element("option", choice === size ? { value: choice, selected: "" } : { value: choice }, words.size(choice)))));
  byId("main").append(element("table", { class: columns.length > 8 ? "many" : "" }, head(), body), nothing);
  // On paper there are no pages to turn: all rows that are found.
  window.addEventListener("beforeprint", () => show(true));
  window.addEventListener("afterprint", () => show());
  show();
})();
