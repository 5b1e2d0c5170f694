/* The explorer's behaviour: legend, search, selection and the evidence behind it, and neighbours on request. */
"use strict";
(() => {
  const { data, byId, speak, element, drawn, button, passages, hint, folded } = hongtu;
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const edgesOf = new Map(data.nodes.map((node) => [node.id, []]));
  data.edges.forEach((edge, number) => {
    edge.id = number;
    edgesOf.get(edge.from).push(edge);
    if (edge.to !== edge.from) edgesOf.get(edge.to).push(edge);
  });

  // Words

  const WORDS = {
    zh: {
      other: "English", search: "搜索名称，两个字以上", kinds: "类别", relations: "关系",
      summary: (things, edges, told) => `谁在哪里做什么：${things} 个对象，${edges} 条关系${!told ? "" : told === edges ? "，条条有出处" : `，其中 ${told} 条有出处`}`,
      start: "从这里开始", hint: "点一个图形或一条线，看它在规划里的原文出处。滚轮缩放，拖动平移，Esc 清除。", expand: "带 + 的图形还有相邻的没有画出：双击展开，再双击收起。",
      more: (number) => `展开：还有 ${number} 个相邻的`, less: "收起", beyond: (number) => `图谱里另有 ${number} 个相邻的不在这一页：`,
      strategies: "战略（实施的项目数）", enterprises: "联系最多的企业", places: "联系最多的地点", industries: "联系最多的产业",
      alone: { Strategy: "提到的其他战略", Project: "其他项目", Enterprise: "其他企业", Organization: "其他机构", Industry: "其他产业", Location: "其他地点" },
      mentions: "在规划中", also: "又称", code: "代码", uncertain: "读法两可", confidence: "把握", weight: "权重",
      nothing: "没有找到", picture: "关系图；用搜索框可以不用鼠标找到每个对象", closer: "放大", farther: "缩小", whole: "看全图", legend: "图例",
      status: { achieved: "已完成", ongoing: "在建", planned: "规划", supported: "支持", explored: "探索" },
    },
    en: {
      other: "中文", search: "Search names, from two characters", kinds: "Kinds", relations: "Relations",
      summary: (things, edges, told) => `Who does what where: ${things} things, ${edges} relations${!told ? "" : told === edges ? ", each with its source" : `, ${told} with their source`}`,
      start: "Start here", hint: "Click a sign or a line to see where the plan says so. Scroll to zoom, drag to move, Esc to clear.", expand: "A sign with + has neighbours that are not drawn: double-click to bring them, again to send them away.",
      more: (number) => `+${number} more`, less: "Collapse", beyond: (number) => `${number} more neighbours are in the graph, not on this page: `,
      strategies: "Strategies (projects that implement them)", enterprises: "Most connected enterprises", places: "Most connected places", industries: "Most connected industries",
      alone: { Strategy: "Other strategies named", Project: "Other projects", Enterprise: "Other enterprises", Organization: "Other organizations", Industry: "Other industries", Location: "Other places" },
      mentions: "In the plan", also: "also", code: "code", uncertain: "borderline reading", confidence: "confidence", weight: "weight",
      nothing: "Nothing found", picture: "network; the search box finds every thing without a mouse", closer: "Closer", farther: "Farther", whole: "Whole picture", legend: "Legend",
      status: { achieved: "achieved", ongoing: "ongoing", planned: "planned", supported: "supported", explored: "explored" },
    },
  };
  let words = speak(WORDS);
  const term = (name) => (data.terms[name] || {})[words.language] || name;
  const number = (value) => value.toLocaleString(words.language, { maximumFractionDigits: 3 });

  const SIGNS = {
    dot: "M8 2a6 6 0 1 1-.01 0z", square: "M3 3h10v10H3z", diamond: "M8 1l6 7-6 7-6-7z",
    triangle: "M8 2l7 12H1z", triangleDown: "M8 14L1 2h14z",
    star: "M8 0l2.4 5.3 5.6.6-4.2 3.9 1.2 5.8L8 12.7 3 15.6l1.2-5.8L0 5.9l5.6-.6z",
  };
  const sign = ({ shape, color } = { color: "#6b7280" }) => drawn("svg", { viewBox: "0 0 16 16", class: "sign", "aria-hidden": "true" },
    drawn("path", { d: SIGNS[shape] || SIGNS.dot, fill: color?.background || color }));

  // What stands in the picture: what is drawn at first, and what has been brought

  const expanded = new Set();
  let present;
  const neighbours = (id) => new Set(edgesOf.get(id).flatMap((edge) => [edge.from, edge.to]));
  const absent = (id) => [...neighbours(id)].filter((other) => !present.has(other));
  const edgesAt = (id) => edgesOf.get(id).filter((edge) => present.has(edge.from) && present.has(edge.to));
  const presentNodes = () => data.nodes.filter((node) => present.has(node.id));
  const presentEdges = () => data.edges.filter((edge) => present.has(edge.from) && present.has(edge.to));

  function gather() {
    present = new Set(data.nodes.filter((node) => !node.hidden).map((node) => node.id));
    // What has been brought may bring more itself, as long as what brought it is there.
    let before;
    do {
      before = present.size;
      for (const id of expanded) if (present.has(id)) neighbours(id).forEach((other) => present.add(other));
    } while (present.size > before);
  }
  gather();

  // Names in lines of some eight characters, broken between words

  const LINE = 8, LINES = 3, OPENING = /[（(“‘「『《〈[]$/u, CLOSING = /^[、，。；：！？）)”’」』》〉·%+\]-]/u, SUFFIX = /^[化型级性式类区园]$/u, SINGLE = /^\p{L}$/u;
  const length = (text) => [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) < 0x2e80 ? 0.58 : 1), 0);
  const segmenter = Intl.Segmenter && new Intl.Segmenter("zh", { granularity: "word" });
  const segments = (name) => (segmenter ? [...segmenter.segment(name)].map(({ segment }) => segment) : name.match(/[\w.]+|[^]/gu));

  function lines(pieces, limit) {
    const made = [""];
    for (const piece of pieces) {
      if (made.at(-1) && length(made.at(-1) + piece) > limit) made.push("");
      made.push(made.pop() + piece);
    }
    return made;
  }

  // The library reads labels as its own small HTML, of which the page uses one tag. It fails to decode "&lt;"; a blank
  // without width keeps it from seeing tags in names.
  const escaped = (text) => text.replace(/[<&]/g, "$&\u200b");

  function wrapped(name) {
    if (length(name) <= LINE) return escaped(name);
    const pieces = [];
    let before = "";
    for (const segment of segments(name)) {
      // Single characters are what the dictionary does not know as a word: "综", "改".
      const joined = CLOSING.test(segment) || OPENING.test(before) || SUFFIX.test(segment) ||
        (SINGLE.test(segment) && SINGLE.test(before) && pieces.at(-1).length < LINE / 2);
      pieces.push(pieces.length && joined ? pieces.pop() + segment : segment);
      before = segment;
    }
    let made = lines(pieces, LINE);
    // As even as so many lines can be.
    for (let limit = length(name) / made.length; limit < LINE; limit += 0.5) {
      const even = lines(pieces, limit);
      if (even.length === made.length) { made = even; break; }
    }
    if (made.length > LINES) made.splice(LINES - 1, made.length, `${made[LINES - 1]}…`);
    // The library sets lines without any space between them; a blank of a larger size makes a line higher.
    const blank = "<code>\u00a0</code>";
    return made.map((line) => `${blank}${escaped(line.trim())}${blank}`).join("\n");
  }

  // The picture

  const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif';
  const INK = "#1c2430", FAINT = "#1c243012";
  const degree = (id) => edgesAt(id).length;
  const centres = new Set(data.groups.map((group) => group.name));
  // One group alone is seen from near, and would leave the sides of the screen empty: it is spread sideways, which
  // makes room for names of one size.
  const alone = data.groups.length === 1, stretch = alone ? 1.5 : 1;
  const letters = ({ id, kind }) =>
    (alone ? 17 : centres.has(id) && kind === "Strategy" ? 66 : degree(id) >= 8 ? 30 : degree(id) >= 4 ? 20 : 13);
  const font = (size) => ({ size, mono: { size: size * 1.13 } });
  const hiddenKinds = new Set(), hiddenRelations = new Set();
  let chosen = null; // {node} or {edge}
  let waiting = []; // the things that bear a plus

  const shownNode = (node) => present.has(node.id) && !hiddenKinds.has(node.kind);
  const shownEdge = (edge) =>
    !hiddenRelations.has(edge.predicate) && shownNode(nodes.get(edge.from)) && shownNode(nodes.get(edge.to));
  const heaviest = data.edges.reduce((most, edge) => Math.max(most, edge.weight || 0), 0);
  const width = (edge) => (edge.weight > 0 ? 1 + (7 * edge.weight) / heaviest : 1);

  const allNodes = new vis.DataSet(data.nodes.map((node) => ({
    id: node.id, label: wrapped(node.label), shape: node.shape, color: node.color, size: node.size,
    x: node.x * stretch, y: node.y, font: font(letters(node)),
  })));
  const allEdges = new vis.DataSet(data.edges.map((edge) => ({ id: edge.id, from: edge.from, to: edge.to, smooth: edge.smooth })));
  // What is merely hidden would still be hit by the mouse and count when the picture is fitted.
  const nodesView = new vis.DataView(allNodes, { filter: ({ id }) => shownNode(nodes.get(id)) });
  const edgesView = new vis.DataView(allEdges, { filter: ({ id }) => shownEdge(data.edges[id]) });
  const picture = new vis.Network(byId("picture"), { nodes: nodesView, edges: edgesView }, {
    physics: false,
    layout: { improvedLayout: false },
    interaction: { hover: true, tooltipDelay: 150, hideEdgesOnDrag: data.edges.length > 3000, multiselect: false },
    nodes: {
      borderWidth: 0, borderWidthSelected: 3, labelHighlightBold: false,
      font: { face: FONT, color: INK, strokeWidth: 4, strokeColor: "#f6f7f9", vadjust: -2, multi: "html", mono: { face: FONT, vadjust: -2 } },
      scaling: { label: { drawThreshold: 8.5, maxVisible: 21 } },
    },
    edges: {
      color: { color: "#8b95a3", opacity: 0.38, highlight: "#b03a2e", hover: "#5a6472" },
      width: 1, hoverWidth: 1, selectionWidth: 1.5, smooth: false,
      arrows: { to: { enabled: true, scaleFactor: 0.35 } },
    },
  });

  picture.on("beforeDrawing", (canvas) => {
    const scale = picture.getScale();
    for (const group of data.groups) {
      canvas.beginPath();
      canvas.ellipse(group.x, group.y, (group.radius + 18) * stretch, group.radius + 18, 0, 0, 2 * Math.PI);
      canvas.fillStyle = "#ffffff";
      canvas.fill();
      canvas.strokeStyle = "#e3e7ec";
      canvas.lineWidth = 1 / scale;
      canvas.stroke();
    }
    // From afar the names of the things are too small to be drawn: then the larger groups are named by their centres.
    const afar = 66 * scale < 8.5;
    canvas.font = `${Math.max(11 / scale, Math.min(60, 17 / scale))}px ${FONT}`;
    canvas.textAlign = "center";
    canvas.textBaseline = "bottom";
    canvas.fillStyle = "#5a6472";
    for (const group of data.groups) {
      const centre = nodes.get(group.name);
      if (!group.name || (centre && !(afar && group.radius * scale > 28))) continue;
      const name = [...(centre ? centre.label : words.alone[group.name] || term(group.name))];
      canvas.fillText(name.length > 9 ? `${name.slice(0, 8).join("")}…` : name.join(""), group.x, group.y - group.radius - 24);
    }
  });

  // What has neighbours that are not drawn bears a small plus.
  picture.on("afterDrawing", (canvas) => {
    for (const { id, size } of waiting) {
      const place = picture.getPosition(id), [x, y] = [place.x + 0.85 * size, place.y - 0.85 * size];
      canvas.beginPath();
      canvas.arc(x, y, 7, 0, 2 * Math.PI);
      canvas.fillStyle = "#ffffff";
      canvas.fill();
      canvas.moveTo(x - 3.5, y);
      canvas.lineTo(x + 3.5, y);
      canvas.moveTo(x, y - 3.5);
      canvas.lineTo(x, y + 3.5);
      canvas.strokeStyle = "#5a6472";
      canvas.lineWidth = 1.3;
      canvas.stroke();
    }
  });

  /** Draw what the legend and the selection leave: the chosen thing and its neighbours clear, the rest faint. */
  function redraw() {
    const near = new Set(), lit = new Set();
    if (chosen) {
      const edges = chosen.edge ? [chosen.edge] : edgesOf.get(chosen.node.id).filter(shownEdge);
      if (chosen.node) near.add(chosen.node.id);
      edges.forEach((edge) => { lit.add(edge.id); near.add(edge.from); near.add(edge.to); });
    }
    waiting = data.nodes.filter((node) => shownNode(node) && absent(node.id).length && (!chosen || near.has(node.id)));
    allNodes.update(data.nodes.map((node) => {
      const clear = !chosen || near.has(node.id);
      return {
        id: node.id, opacity: clear ? 1 : 0.13,
        font: {
          color: clear ? INK : FAINT, strokeWidth: clear ? 4 : 0,
          ...font(chosen && clear && near.size <= 40 ? Math.max(letters(node), alone ? 19 : 21) : letters(node)),
        },
      };
    }));
    allEdges.update(data.edges.map((edge) => ({
      id: edge.id,
      color: lit.has(edge.id) ? { color: "#5a6472", opacity: 0.95 } : { color: "#8b95a3", opacity: chosen ? 0.06 : 0.38 },
      width: width(edge) + (lit.has(edge.id) ? 1 : 0),
    })));
    nodesView.refresh();
    edgesView.refresh();
  }

  function choose(next, { fly = false } = {}) {
    chosen = next;
    redraw();
    showPanel();
    if (!next) {
      picture.unselectAll();
      return;
    }
    if (next.edge) picture.setSelection({ nodes: [], edges: [next.edge.id] });
    else picture.setSelection({ nodes: [next.node.id], edges: [] }, { highlightEdges: false });
    // Far neighbours stay outside the view: names near by are worth more than all lines.
    if (fly) lookAt(next.edge ? [next.edge.from, next.edge.to] : around(next.node.id), 700);
  }

  const around = (id) => [id, ...edgesOf.get(id).filter(shownEdge).flatMap((edge) => [edge.from, edge.to])];

  /** Bring the first of these things into view, with those that are within a distance. */
  function lookAt(ids, distance) {
    const { x, y } = picture.getPosition(ids[0]);
    const near = ids.filter((id) => {
      const place = picture.getPosition(id);
      return Math.hypot(place.x - x, place.y - y) < distance;
    });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    moved = true;
    picture.fit({ nodes: [...new Set(near)], maxZoomLevel: 1, animation: still ? false : { duration: 350 } });
  }

  /** Bring a thing's neighbours, or send away what it has brought. */
  function expand(node) {
    if (!expanded.delete(node.id)) {
      if (!absent(node.id).length) return;
      expanded.add(node.id);
    }
    gather();
    showLegend();
    summarize();
    choose({ node });
    lookAt(around(node.id), Infinity);
    byId("more")?.focus();
  }

  picture.on("click", (event) => {
    if (event.nodes.length) choose({ node: nodes.get(event.nodes[0]) });
    else if (event.edges.length) choose({ edge: data.edges[event.edges[0]] });
    else if (chosen) choose(null);
  });
  picture.on("doubleClick", (event) => {
    if (event.nodes.length) expand(nodes.get(event.nodes[0]));
  });
  picture.on("hoverNode", () => { byId("picture").style.cursor = "pointer"; });
  picture.on("blurNode", () => { byId("picture").style.cursor = ""; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { closeFound(); choose(null); }
  });
  // The whole picture stays in view, also when the frame grows or comes to sight, until the reader chooses a view.
  let moved = false;
  const fit = () => {
    moved = false;
    if (byId("picture").clientWidth) picture.fit();
  };
  for (const event of ["zoom", "dragStart"]) picture.on(event, () => { moved = true; });
  const zoom = (factor) => {
    moved = true;
    picture.moveTo({ scale: picture.getScale() * factor });
  };
  byId("closer").addEventListener("click", () => zoom(1.4));
  byId("farther").addEventListener("click", () => zoom(1 / 1.4));
  byId("whole").addEventListener("click", fit);

  // The panel: where to start, a thing, or an edge, with its sources

  const heading = (text) => element("h2", {}, text);
  const rows = (...items) => element("ul", { class: "rows" }, ...items.map((item) => element("li", {}, item)));
  const row = (node, note, then) =>
    element("button", { type: "button", onclick: then }, sign(node), element("span", {}, node.label), element("small", {}, note));
  const goTo = (node) => choose({ node }, { fly: true });

  function most(kind, count, weight) {
    return presentNodes().filter((node) => node.kind === kind && weight(node) > 0)
      .sort((a, b) => weight(b) - weight(a)).slice(0, count)
      .map((node) => row(node, String(weight(node)), () => goTo(node)));
  }

  function showStart() {
    const parts = [heading(words.start), element("p", { class: "quiet" }, words.hint, data.nodes.some((node) => node.hidden) ? ` ${words.expand}` : "")];
    const served = (node) => edgesAt(node.id).filter((edge) => edge.predicate === "implements").length;
    const all = (node) => degree(node.id);
    for (const [title, found] of [
      [words.strategies, most("Strategy", 12, served)], [words.enterprises, most("Enterprise", 8, all)],
      [words.places, most("Location", 8, all)], [words.industries, most("Industry", 8, all)],
    ]) if (found.length) parts.push(heading(title), rows(...found));
    return parts;
  }

  const sources = (title, item) => (item.passages.length ? [heading(`${title}（${item.passages.length}）`), ...passages(item.passages), hint(item.passages)] : []);

  function tags({ about, weight }) {
    const texts = weight === undefined ? [] : [`${words.weight} ${number(weight)}`];
    if (about.status) texts.push(words.status[about.status] || about.status);
    // Tables mark borderline readings with 0.6; what a program read has a chance of its own.
    const how = about.confidence <= 0.6 ? words.uncertain : words.confidence;
    if (about.confidence && about.confidence < 1) texts.push(`${how} ${about.confidence}`);
    if (about.code) texts.push(`${words.code} ${about.code}`);
    return texts.length ? element("p", {}, ...texts.map((text) => element("span", { class: "tag" }, text))) : "";
  }

  function showNode(node) {
    const aliases = node.about.aliases || [];
    const parts = [
      element("p", { class: "quiet" }, sign(node), " ", term(node.kind)),
      element("h3", {}, node.label),
      aliases.length ? element("p", { class: "quiet" }, `${words.also} ${aliases.join("、")}`) : "",
      tags(node),
      ...more(node),
    ];
    const sorted = new Map();
    for (const edge of edgesAt(node.id)) {
      const title = edge.from === node.id ? `${term(edge.predicate)} →` : `← ${term(edge.predicate)}`;
      sorted.set(title, [...(sorted.get(title) || []), edge]);
    }
    for (const [title, edges] of sorted) {
      parts.push(heading(`${title}（${edges.length}）`), rows(...edges.map((edge) => {
        const other = nodes.get(edge.from === node.id ? edge.to : edge.from);
        return row(other, edge.weight === undefined ? "" : number(edge.weight), () => choose({ edge, from: node }));
      })));
    }
    return [...parts, ...sources(words.mentions, node)];
  }

  /** The button that brings a thing's neighbours or sends them away, and what the page does not have of them. */
  function more(node) {
    const { length } = absent(node.id);
    const text = expanded.has(node.id) ? words.less : length ? words.more(length) : "";
    return [
      text && button(text, () => expand(node), { id: "more", "aria-expanded": String(expanded.has(node.id)) }),
      node.beyond ? element("p", { class: "quiet" }, words.beyond(node.beyond), element("code", {}, `kg.show(${JSON.stringify(node.label)})`)) : "",
    ];
  }

  function showEdge(edge, from) {
    const end = (id) => element("button", { type: "button", onclick: () => goTo(nodes.get(id)) }, nodes.get(id).label);
    return [
      from ? element("button", { class: "back", type: "button", onclick: () => choose({ node: from }) }, `‹ ${from.label}`) : "",
      element("p", { class: "edge" }, sign(nodes.get(edge.from)), " ", end(edge.from),
        element("span", { class: "arrow" }, ` — ${term(edge.predicate)} → `), sign(nodes.get(edge.to)), " ", end(edge.to)),
      tags(edge),
      ...sources(words.source, edge),
    ];
  }

  function showPanel() {
    const parts = !chosen ? showStart() : chosen.node ? showNode(chosen.node) : showEdge(chosen.edge, chosen.from);
    byId("panel").replaceChildren(...parts.filter((part) => part !== ""));
    byId("panel").scrollTop = 0;
  }

  // The legend

  function toggle(set, name, text, count, mark) {
    return element("button", {
      type: "button", class: "toggle", "aria-pressed": String(!set.has(name)),
      onclick: (event) => {
        if (!set.delete(name)) set.add(name);
        event.currentTarget.setAttribute("aria-pressed", String(!set.has(name)));
        redraw();
      },
    }, mark, element("span", {}, text), element("small", {}, String(count)));
  }

  function count(items, name) {
    const counts = new Map();
    items.forEach((item) => counts.set(item[name], (counts.get(item[name]) || 0) + 1));
    return counts;
  }

  function showLegend() {
    const kinds = count(presentNodes(), "kind"), relations = count(presentEdges(), "predicate");
    const known = [...data.kinds.filter((kind) => kinds.has(kind)), ...[...kinds.keys()].filter((kind) => kind && !data.kinds.includes(kind))];
    byId("legend").replaceChildren(
      element("section", {}, heading(words.kinds), ...known.map((kind) => toggle(hiddenKinds, kind, term(kind), kinds.get(kind), sign(data.styles[kind])))),
      element("section", {}, relations.size ? heading(words.relations) : "", ...[...relations].filter(([name]) => name).sort((a, b) => b[1] - a[1])
        .map(([name, number]) => toggle(hiddenRelations, name, term(name), number, ""))),
    );
  }

  // Search

  const names = data.nodes.map((node) => [node, [node.label, ...(node.about.aliases || [])].map(folded)]);
  let found = [], at = -1;

  /** The things whose names hold the text: whole names first, then beginnings, then those with most relations. */
  function search(text) {
    const wanted = folded(text.trim());
    if ([...wanted].length < 2) return [];
    const rank = (all) => (all.includes(wanted) ? 0 : all.some((name) => name.startsWith(wanted)) ? 1 : 2);
    return names.filter(([node, all]) => present.has(node.id) && all.some((name) => name.includes(wanted)))
      .sort(([a, all], [b, others]) => rank(all) - rank(others) || degree(b.id) - degree(a.id))
      .map(([node]) => node);
  }

  function showFound() {
    const field = byId("search"), list = byId("found");
    found = search(field.value).slice(0, 30);
    at = found.length ? 0 : -1;
    const asked = [...field.value.trim()].length >= 2;
    list.hidden = !asked;
    field.setAttribute("aria-expanded", String(asked));
    list.replaceChildren(...found.map((node, number) => element("li", {
      role: "option", id: `found-${number}`, "aria-selected": String(number === at), onmousedown: (event) => { event.preventDefault(); take(number); },
    }, sign(node), " ", node.label, " ", element("small", {}, term(node.kind)))),
    found.length ? "" : element("li", {}, words.nothing));
    mark();
  }

  function mark() {
    byId("found").querySelectorAll('[role="option"]').forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === at));
      if (number === at) option.scrollIntoView({ block: "nearest" });
    });
    if (at >= 0) byId("search").setAttribute("aria-activedescendant", `found-${at}`);
    else byId("search").removeAttribute("aria-activedescendant");
  }

  function take(number) {
    const node = found[number];
    closeFound();
    hiddenKinds.delete(node.kind);
    showLegend();
    goTo(node);
  }

  function closeFound() {
    byId("found").hidden = true;
    byId("search").setAttribute("aria-expanded", "false");
  }

  byId("search").addEventListener("input", showFound);
  byId("search").addEventListener("blur", closeFound);
  byId("search").addEventListener("keydown", (event) => {
    if (byId("found").hidden || !found.length) return;
    if (event.key === "ArrowDown") at = (at + 1) % found.length;
    else if (event.key === "ArrowUp") at = (at + found.length - 1) % found.length;
    else if (event.key === "Enter") { take(at); return; } else return;
    event.preventDefault();
    mark();
  });

  // The page in the reader's language

  function summarize() {
    const edges = presentEdges();
    byId("summary").textContent = words.summary(present.size, edges.length, edges.filter((edge) => edge.passages.length).length);
  }

  function tell() {
    document.documentElement.lang = words.language;
    byId("title").title = data.title;
    summarize();
    byId("search").placeholder = words.search;
    byId("search").setAttribute("aria-label", words.search);
    byId("found").setAttribute("aria-label", words.search);
    byId("language").textContent = words.other;
    byId("legend").setAttribute("aria-label", words.legend);
    byId("picture").setAttribute("aria-label", words.picture);
    for (const name of ["closer", "farther", "whole"]) {
      byId(name).title = words[name];
      byId(name).setAttribute("aria-label", words[name]);
    }
    allNodes.update(data.nodes.map((node) => ({ id: node.id, title: [node.label, term(node.kind)].filter(Boolean).join(" · ") })));
    allEdges.update(data.edges.map((edge) => ({ id: edge.id, title: `${nodes.get(edge.from).label} — ${term(edge.predicate)} → ${nodes.get(edge.to).label}` })));
    showLegend();
    showPanel();
    picture.redraw();
  }
  byId("language").addEventListener("click", () => {
    words = speak(WORDS, words.language === "zh" ? "en" : "zh");
    tell();
  });
  redraw();
  tell();
  new ResizeObserver(() => { if (!moved) fit(); }).observe(byId("picture"));
})();
