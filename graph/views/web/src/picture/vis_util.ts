/** The tools of vis-network without those that the page never uses. */
export * from "vis-util/esnext/esm/vis-util.mjs";

/** The form for options. */
export class Configurator {}
/** The check of options: their writer is not who reads the page. */
export const Validator = { validate: () => false };
/** Tips, and the veil that a click lifts: the page has tips of its own, and no veil. */
export class Popup {}
export class Activator {}
