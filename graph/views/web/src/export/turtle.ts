/** The selected part of the graph as RDF in Turtle. */
import type { Graph } from "../data.ts";
import type { Selection } from "../scene.ts";
import { PREFIXES, type Resource, resourcesOf, type Value } from "./rdf.ts";

export function turtleOf(graph: Graph, selection: Selection): string {
  const prefixes = Object.entries(PREFIXES).map(([name, iri]) => `@prefix ${name}: <${iri}> .\n`);
  return `${prefixes.join("")}\n${resourcesOf(graph, selection).map(written).join("\n")}`;
}

function written({ id, type, values }: Resource): string {
  const lines = values.map(([predicate, list]) => `${predicate} ${list.map(value).join(" , ")}`);
  return `${name(id)} ${[...(type ? [`a ${type}`] : []), ...lines].join(" ;\n    ")} .\n`;
}

const name = (id: string) => (id.startsWith("_:") ? id : `<${id}>`);

function value(one: Value): string {
  if ("id" in one) return name(one.id);
  if ("term" in one) return one.term;
  if ("number" in one) return `"${one.number}"^^${one.type}`;
  return `"${one.text.replace(/["\\\n\r]/g, (found) => ESCAPES[found]!)}"${one.language ? `@${one.language}` : ""}`;
}

const ESCAPES: Record<string, string> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r" };
