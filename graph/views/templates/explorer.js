/* The explorer's behaviour: legend, search, selection and the evidence behind it.
   All data come from the page; all text is set as text, never as HTML. */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
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
      summary: (things, edges) => `谁在哪里做什么：${things} 个对象，${edges} 条关系，条条有出处`,
      start: "从这里开始", hint: "点一个图形或一条线，看它在规划里的原文出处。滚轮缩放，拖动平移，Esc 清除。",
      strategies: "战略（实施的项目数）", enterprises: "联系最多的企业", places: "联系最多的地点", industries: "联系最多的产业",
      alone: { Strategy: "提到的其他战略", Project: "其他项目", Enterprise: "其他企业", Organization: "其他机构", Industry: "其他产业", Location: "其他地点" },
      evidence: "出处", mentions: "在规划中", also: "又称", code: "代码", uncertain: "读法两可", confidence: "把握", back: "返回",
      line: (passage) => `第 ${passage.line} 行，字符 ${passage.start}–${passage.end}`,
      noText: "这张图没有随带规划原文。手头有原文文件时，用 ", noText2: " 重建，就能看到原句。",
      nothing: "没有找到", picture: "关系图；用搜索框可以不用鼠标找到每个对象", closer: "放大", farther: "缩小", whole: "看全图", legend: "图例",
      status: { achieved: "已完成", ongoing: "在建", planned: "规划", supported: "支持", explored: "探索" },
    },
    en: {
      other: "中文", search: "Search names, from two characters", kinds: "Kinds", relations: "Relations",
      summary: (things, edges) => `Who does what where: ${things} things, ${edges} relations, each with its source`,
      start: "Start here", hint: "Click a sign or a line to see where the plan says so. Scroll to zoom, drag to move, Esc to clear.",
      strategies: "Strategies (projects that implement them)", enterprises: "Most connected enterprises", places: "Most connected places", industries: "Most connected industries",
      alone: { Strategy: "Other strategies named", Project: "Other projects", Enterprise: "Other enterprises", Organization: "Other organizations", Industry: "Other industries", Location: "Other places" },
      evidence: "Source", mentions: "In the plan", also: "also", code: "code", uncertain: "borderline reading", confidence: "confidence", back: "Back",
      line: (passage) => `line ${passage.line}, characters ${passage.start}–${passage.end}`,
      noText: "This graph comes without the plan's text. If you have the file, build it again with ", noText2: " to see the sentences.",
      nothing: "Nothing found", picture: "network; the search box finds every thing without a mouse", closer: "Closer", farther: "Farther", whole: "Whole picture", legend: "Legend",
      status: { achieved: "achieved", ongoing: "ongoing", planned: "planned", supported: "supported", explored: "explored" },
    },
  };
  let tongue = /^zh/i.test(navigator.language) ? "zh" : "en";
  const words = () => WORDS[tongue];
  const term = (name) => (data.terms[name] || {})[tongue] || name;

  // Elements

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }

  const SIGNS = {
    dot: "M8 2a6 6 0 1 1-.01 0z", square: "M3 3h10v10H3z", diamond: "M8 1l6 7-6 7-6-7z",
    triangle: "M8 2l7 12H1z", triangleDown: "M8 14L1 2h14z",
    star: "M8 0l2.4 5.3 5.6.6-4.2 3.9 1.2 5.8L8 12.7 3 15.6l1.2-5.8L0 5.9l5.6-.6z",
  };
  function sign(kind) {
    const style = data.styles[kind] || { color: "#6b7280", shape: "dot" };
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("class", "sign");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", SIGNS[style.shape]);
    path.setAttribute("fill", style.color);
    svg.append(path);
    return svg;
  }

  // The picture

  const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif';
  const INK = "#1c2430", FAINT = "#1c243012";
  const degree = (id) => edgesOf.get(id).length;
  const centres = new Set(data.groups.map((group) => group.name));
  // One group alone is seen from near, and would leave the sides of the screen empty: it is spread sideways, which
  // makes room for names of one size.
  const alone = data.groups.length === 1, stretch = alone ? 1.5 : 1;
  const letters = ({ id, kind }) =>
    (alone ? 17 : centres.has(id) && kind === "Strategy" ? 66 : degree(id) >= 8 ? 30 : degree(id) >= 4 ? 20 : 13);
  const hiddenKinds = new Set(), hiddenRelations = new Set();
  let chosen = null; // {node} or {edge}

  const drawnNodes = new vis.DataSet(data.nodes.map((node) => ({
    id: node.id, label: node.label, shape: node.shape, color: node.color, size: node.size, x: node.x * stretch, y: node.y,
    font: { size: letters(node) },
  })));
  const drawnEdges = new vis.DataSet(data.edges.map((edge) => ({
    id: edge.id, from: edge.from, to: edge.to, smooth: edge.smooth,
  })));
  const picture = new vis.Network(byId("picture"), { nodes: drawnNodes, edges: drawnEdges }, {
    physics: false,
    layout: { improvedLayout: false },
    interaction: { hover: true, tooltipDelay: 150, hideEdgesOnDrag: data.edges.length > 3000, multiselect: false },
    nodes: {
      borderWidth: 0, borderWidthSelected: 3, labelHighlightBold: false,
      font: { face: FONT, color: INK, strokeWidth: 4, strokeColor: "#f6f7f9", vadjust: -2 },
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
      const name = [...(centre ? centre.label : words().alone[group.name] || term(group.name))];
      canvas.fillText(name.length > 9 ? `${name.slice(0, 8).join("")}…` : name.join(""), group.x, group.y - group.radius - 24);
    }
  });

  const shownNode = (node) => !hiddenKinds.has(node.kind);
  const shownEdge = (edge) =>
    !hiddenRelations.has(edge.predicate) && shownNode(nodes.get(edge.from)) && shownNode(nodes.get(edge.to));

  /** Draw what the legend and the selection leave: the chosen thing and its neighbours clear, the rest faint. */
  function redraw() {
    const near = new Set(), lit = new Set();
    if (chosen) {
      const edges = chosen.edge ? [chosen.edge] : edgesOf.get(chosen.node.id).filter(shownEdge);
      if (chosen.node) near.add(chosen.node.id);
      edges.forEach((edge) => { lit.add(edge.id); near.add(edge.from); near.add(edge.to); });
    }
    drawnNodes.update(data.nodes.map((node) => {
      const clear = !chosen || near.has(node.id);
      return {
        id: node.id, hidden: !shownNode(node), opacity: clear ? 1 : 0.13,
        font: {
          color: clear ? INK : FAINT, strokeWidth: clear ? 4 : 0,
          size: chosen && clear && near.size <= 40 ? Math.max(letters(node), alone ? 19 : 21) : letters(node),
        },
      };
    }));
    drawnEdges.update(data.edges.map((edge) => ({
      id: edge.id, hidden: !shownEdge(edge),
      color: lit.has(edge.id) ? { color: "#5a6472", opacity: 0.95 } : { color: "#8b95a3", opacity: chosen ? 0.06 : 0.38 },
      width: lit.has(edge.id) ? 2 : 1,
    })));
  }

  function choose(next, { fly = false } = {}) {
    chosen = next;
    redraw();
    showPanel();
    if (!next) {
      picture.unselectAll();
      return;
    }
    const around = next.edge
      ? [next.edge.from, next.edge.to]
      : [next.node.id, ...edgesOf.get(next.node.id).filter(shownEdge).flatMap((edge) => [edge.from, edge.to])];
    if (next.edge) picture.setSelection({ nodes: [], edges: [next.edge.id] });
    else picture.setSelection({ nodes: [next.node.id], edges: [] }, { highlightEdges: false });
    // Far neighbours stay outside the view: names near by are worth more than all lines.
    const { x, y } = picture.getPosition(around[0]);
    const near = around.filter((id) => {
      const place = picture.getPosition(id);
      return Math.hypot(place.x - x, place.y - y) < 700;
    });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (fly) picture.fit({ nodes: [...new Set(near)], maxZoomLevel: 1, animation: still ? false : { duration: 350 } });
  }

  picture.on("click", (event) => {
    if (event.nodes.length) choose({ node: nodes.get(event.nodes[0]) });
    else if (event.edges.length) choose({ edge: data.edges[event.edges[0]] });
    else if (chosen) choose(null);
  });
  picture.on("hoverNode", () => { byId("picture").style.cursor = "pointer"; });
  picture.on("blurNode", () => { byId("picture").style.cursor = ""; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { closeFound(); choose(null); }
  });
  const zoom = (factor) => picture.moveTo({ scale: picture.getScale() * factor });
  byId("closer").addEventListener("click", () => zoom(1.4));
  byId("farther").addEventListener("click", () => zoom(1 / 1.4));
  byId("whole").addEventListener("click", () => picture.fit());

  // The panel: where to start, a thing, or an edge, with its sources

  const heading = (text) => element("h2", {}, text);
  const rows = (...items) => element("ul", { class: "rows" }, ...items.map((item) => element("li", {}, item)));
  const row = (node, note, then) =>
    element("button", { type: "button", onclick: then }, sign(node.kind), element("span", {}, node.label), element("small", {}, note));
  const goTo = (node) => choose({ node }, { fly: true });

  function most(kind, count, weight) {
    return data.nodes.filter((node) => node.kind === kind && weight(node) > 0)
      .sort((a, b) => weight(b) - weight(a)).slice(0, count)
      .map((node) => row(node, String(weight(node)), () => goTo(node)));
  }

  function showStart() {
    const parts = [heading(words().start), element("p", { class: "quiet" }, words().hint)];
    const served = (node) => edgesOf.get(node.id).filter((edge) => edge.predicate === "implements").length;
    const all = (node) => degree(node.id);
    for (const [title, found] of [
      [words().strategies, most("Strategy", 12, served)], [words().enterprises, most("Enterprise", 8, all)],
      [words().places, most("Location", 8, all)], [words().industries, most("Industry", 8, all)],
    ]) if (found.length) parts.push(heading(title), rows(...found));
    return parts;
  }

  function passage(number) {
    const found = data.passages[number];
    const where = [found.plan && data.plans.length > 1 ? found.plan : "", found.section, words().line(found)];
    const cite = element("cite", {}, where.filter(Boolean).join(" · "));
    if (found.quote === null) return element("div", { class: "passage" }, cite);
    const quote = element("blockquote", {}, found.before || "", element("mark", {}, found.quote), found.after || "");
    return element("div", { class: "passage" }, quote, cite);
  }

  function sources(title, item) {
    const parts = [heading(`${title}（${item.passages.length}）`), ...item.passages.map(passage)];
    if (item.passages.some((number) => data.passages[number].quote === null))
      parts.push(element("p", { class: "hint" }, words().noText, element("code", {}, "hongtu build --plan-text"), words().noText2));
    return item.passages.length ? parts : [];
  }

  function tags(about) {
    const texts = [];
    if (about.status) texts.push(words().status[about.status] || about.status);
    // Tables mark borderline readings with 0.6; what a program read has a chance of its own.
    const how = about.confidence <= 0.6 ? words().uncertain : words().confidence;
    if (about.confidence && about.confidence < 1) texts.push(`${how} ${about.confidence}`);
    if (about.code) texts.push(`${words().code} ${about.code}`);
    return texts.length ? element("p", {}, ...texts.map((text) => element("span", { class: "tag" }, text))) : "";
  }

  function showNode(node) {
    const aliases = node.about.aliases || [];
    const parts = [
      element("p", { class: "quiet" }, sign(node.kind), " ", term(node.kind)),
      element("h3", {}, node.label),
      aliases.length ? element("p", { class: "quiet" }, `${words().also} ${aliases.join("、")}`) : "",
      tags(node.about),
    ];
    const sorted = new Map();
    for (const edge of edgesOf.get(node.id)) {
      const title = edge.from === node.id ? `${term(edge.predicate)} →` : `← ${term(edge.predicate)}`;
      sorted.set(title, [...(sorted.get(title) || []), edge]);
    }
    for (const [title, edges] of sorted) {
      parts.push(heading(`${title}（${edges.length}）`), rows(...edges.map((edge) => {
        const other = nodes.get(edge.from === node.id ? edge.to : edge.from);
        return row(other, "", () => choose({ edge, from: node }));
      })));
    }
    return [...parts, ...sources(words().mentions, node)];
  }

  function showEdge(edge, from) {
    const end = (id) => element("button", { type: "button", onclick: () => goTo(nodes.get(id)) }, nodes.get(id).label);
    return [
      from ? element("button", { class: "back", type: "button", onclick: () => choose({ node: from }) }, `‹ ${from.label}`) : "",
      element("p", { class: "edge" }, sign(nodes.get(edge.from).kind), " ", end(edge.from),
        element("span", { class: "arrow" }, ` — ${term(edge.predicate)} → `), sign(nodes.get(edge.to).kind), " ", end(edge.to)),
      tags(edge.about),
      ...sources(words().evidence, edge),
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
    const kinds = count(data.nodes, "kind"), relations = count(data.edges, "predicate");
    const known = [...data.kinds.filter((kind) => kinds.has(kind)), ...[...kinds.keys()].filter((kind) => kind && !data.kinds.includes(kind))];
    byId("legend").replaceChildren(
      element("section", {}, heading(words().kinds), ...known.map((kind) => toggle(hiddenKinds, kind, term(kind), kinds.get(kind), sign(kind)))),
      element("section", {}, relations.size ? heading(words().relations) : "", ...[...relations].sort((a, b) => b[1] - a[1])
        .map(([name, number]) => toggle(hiddenRelations, name, term(name), number, ""))),
    );
  }

  // Search

  const names = data.nodes.map((node) => [node, [node.label, ...(node.about.aliases || [])].map((name) => name.toLowerCase())]);
  let found = [], at = -1;

  /** The things whose names hold the text: whole names first, then beginnings, then those with most relations. */
  function search(text) {
    const wanted = text.trim().toLowerCase();
    if ([...wanted].length < 2) return [];
    const rank = (all) => (all.includes(wanted) ? 0 : all.some((name) => name.startsWith(wanted)) ? 1 : 2);
    return names.filter(([, all]) => all.some((name) => name.includes(wanted)))
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
    }, sign(node.kind), " ", node.label, " ", element("small", {}, term(node.kind)))),
    found.length ? "" : element("li", {}, words().nothing));
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

  function speak() {
    document.documentElement.lang = tongue;
    byId("title").textContent = data.title;
    byId("title").title = data.title;
    byId("summary").textContent = words().summary(data.nodes.length, data.edges.length);
    byId("search").placeholder = words().search;
    byId("search").setAttribute("aria-label", words().search);
    byId("found").setAttribute("aria-label", words().search);
    byId("language").textContent = words().other;
    byId("legend").setAttribute("aria-label", words().legend);
    byId("picture").setAttribute("aria-label", words().picture);
    for (const name of ["closer", "farther", "whole"]) {
      byId(name).title = words()[name];
      byId(name).setAttribute("aria-label", words()[name]);
    }
    drawnNodes.update(data.nodes.map((node) => ({ id: node.id, title: [node.label, term(node.kind)].filter(Boolean).join(" · ") })));
    drawnEdges.update(data.edges.map((edge) => ({ id: edge.id, title: `${nodes.get(edge.from).label} — ${term(edge.predicate)} → ${nodes.get(edge.to).label}` })));
    showLegend();
    showPanel();
    picture.redraw();
  }
  byId("language").addEventListener("click", () => { tongue = tongue === "zh" ? "en" : "zh"; speak(); });
  speak();
  picture.fit();
})();
