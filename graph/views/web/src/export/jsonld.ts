/** The selected part of the graph as RDF in JSON-LD. */
import type { Graph } from "../data.ts";
import type { Selection } from "../scene.ts";
import { PREFIXES, resourcesOf, type Value } from "./rdf.ts";

export function jsonLdOf(graph: Graph, selection: Selection): string {
  const resources = resourcesOf(graph, selection).map(({ id, type, values }) => ({
    "@id": id,
    ...(type && { "@type": type }),
    ...Object.fromEntries(values.map(([predicate, list]) => [predicate, list.map(value)])),
  }));
  return `${JSON.stringify({ "@context": PREFIXES, "@graph": resources }, null, 1)}\n`;
}

function value(one: Value) {
  if ("id" in one) return { "@id": one.id };
  if ("term" in one) return { "@id": one.term };
  if ("number" in one) return { "@value": one.number, "@type": one.type };
  return one.language ? { "@value": one.text, "@language": one.language } : { "@value": one.text };
}
