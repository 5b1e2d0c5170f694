/** Words in two languages; each module keeps its own beside the code that shows them. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

export type Language = "zh" | "en";
export type Bilingual<T> = Record<Language, T>;

/** The language of a notebook that says so, else that of the reader's browser. */
export const initialLanguage = (told: string): Language =>
  told === "zh" || told === "en" ? told : /^zh/i.test(navigator.language) ? "zh" : "en";

export const LanguageContext = createContext<Language>("zh");
export const useLanguage = (): Language => useContext(LanguageContext);
export const useWords = <T>(words: Bilingual<T>): T => words[useLanguage()];

/** Chinese by pinyin, and 2 before 10. */
export const { compare } = new Intl.Collator("zh-u-co-pinyin", { numeric: true });

/** The text in which wanted text is looked for: one width of letters and digits, one case. */
export const folded = (text: string): string => text.normalize("NFKC").toLowerCase();
