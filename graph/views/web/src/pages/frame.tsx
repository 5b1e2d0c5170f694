/** What the smaller pages share: their data, and the frame around what they show. */
import { type ComponentChildren, type FunctionComponent, render } from "preact";
import type { Passage } from "../data.ts";
import { initialLanguage, LanguageContext } from "../words.ts";
import "./page.css";
import "./frame.css";

export interface PageData {
  language: string;
  title: string;
  passages: Passage[];
}

export function showPage<Data extends PageData>(Shown: FunctionComponent<{ data: Data }>) {
  const data: Data = JSON.parse(document.getElementById("data")!.textContent!);
  const language = initialLanguage(data.language);
  document.title = data.title || document.title;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  followTheme();
  render(
    <LanguageContext.Provider value={language}>
      <Shown data={data} />
    </LanguageContext.Provider>,
    document.getElementById("app")!,
  );
}

export function Header({ title, summary, children }: { title: string; summary: string; children?: ComponentChildren }) {
  return (
    <header>
      <div class="brand">
        <h1 id="title">{title}</h1>
        <p id="summary" role="status">
          {summary}
        </p>
      </div>
      {children && (
        <div id="tools" class="buttons">
          {children}
        </div>
      )}
    </header>
  );
}

/** Have the page follow the reader's colour scheme. */
function followTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", follow);
  follow();
}

/** Titles of the plans that passages are of. */
export const plansOf = (passages: readonly Passage[]): string[] => [...new Set(passages.map(({ plan }) => plan))];
