/** How far a plan says that a project or claim is. */
import type { Edge } from "../data.ts";
import type { Bilingual, Language } from "../words.ts";

/** From done to thought of. */
export const STATUSES = ["achieved", "ongoing", "planned", "supported", "explored"];
const NAMES: Bilingual<string[]> = { zh: ["已完成", "在建", "规划", "支持", "探索"], en: STATUSES };

/** A status in words; one of the user's own is its own name. */
export const statusName = (status: string, language: Language): string =>
  NAMES[language][STATUSES.indexOf(status)] ?? status;

/** Where a relation has no status of its own, that of the project which it is of. */
export const statusOf = ({ about, from, to }: Edge): string =>
  about.status ?? from.about.status ?? to.about.status ?? "";
