/* What all pages share: the data, words, elements, and passages with their source.
   All text is set as text, never as HTML. */
"use strict";
const hongtu = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);

  const WORDS = {
    zh: {
      source: "出处", close: "关闭",
      place: (passage) => `第 ${passage.line} 行，字符 ${passage.start}–${passage.end}`,
      noText: "这份图谱没有随带规划原文，所以只列位置。手头有原文文件时，用 ", or: " 给图谱配上原文，或用 ", noText2: " 重建，就能看到原句。",
    },
    en: {
      source: "Source", close: "Close",
      place: (passage) => `line ${passage.line}, characters ${passage.start}–${passage.end}`,
      noText: "This graph comes without the plan's text, so only the places are told. If you have the file, give it to the graph with ", or: ", or build again with ", noText2: ", to see the sentences.",
    },
  };
  let words;
  /** The words of this page and the shared ones, in a language: that of the notebook, else of the reader's browser. */
  function speak(own, language = data.language || (/^zh/i.test(navigator.language) ? "zh" : "en")) {
    words = { language, ...WORDS[language], ...own[language] };
    return words;
  }

  function fill(made, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }
  const element = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
  const drawn = (tag, attributes = {}, ...children) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  const button = (text, onclick, attributes = {}) => element("button", { type: "button", onclick, ...attributes }, text);

  const plans = new Set(data.passages.map((passage) => passage.plan));
  /** Where a passage stands: chapter, line and characters, and the plan where there are several. */
  const cited = (passage) =>
    [plans.size > 1 ? passage.plan : "", passage.section, words.place(passage)].filter(Boolean).join(" · ");

  function passage(number) {
    const found = data.passages[number];
    const cite = element("cite", {}, cited(found));
    if (found.quote === null) return element("div", { class: "passage" }, cite);
    const quote = element("blockquote", {}, found.before || "", element("mark", {}, found.quote), found.after || "");
    return element("div", { class: "passage" }, quote, cite);
  }

  const passages = (numbers) => numbers.map(passage);
  /** How to get the sentences of these passages, where they are not at hand. */
  const hint = (numbers) => (numbers.every((number) => data.passages[number].quote !== null) ? "" :
    element("p", { class: "hint" }, words.noText, element("code", {}, 'kg.load_text("plan.txt")'),
      words.or, element("code", {}, "hongtu build --plan-text"), words.noText2));

  // Chinese by pinyin, and 2 before 10.
  const { compare } = new Intl.Collator("zh-u-co-pinyin", { numeric: true });

  /** The text in which wanted text is looked for: one width of letters and digits, one case. */
  const folded = (text) => text.normalize("NFKC").toLowerCase();

  document.title = data.title || document.title;
  byId("title").textContent = data.title;
  return { data, plans, byId, speak, element, drawn, button, cited, passages, hint, compare, folded };
})();
