/** Style sheets that components import say nothing to a test. Import this first, the component with `await import`. */
import { register } from "node:module";

const hook = `export const load = (url, context, next) =>
  url.endsWith(".css") ? { format: "module", source: "", shortCircuit: true } : next(url, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
