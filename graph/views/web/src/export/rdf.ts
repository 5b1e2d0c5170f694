/** The selected part of the graph as statements: what Turtle and JSON-LD both write.
 * The terms are those of Hongtu's own files, so that the same queries answer; see ontology/hongtu.ttl. */
import type { DocumentPassage, Edge, Graph, Node, PlanDocument } from "../data.ts";
import type { Selection } from "../scene.ts";

export const PREFIXES = {
  dcterms: "http://purl.org/dc/terms/",
  ht: "https://w3id.org/hongtu/ontology#",
  oa: "http://www.w3.org/ns/oa#",
  prov: "http://www.w3.org/ns/prov#",
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  skos: "http://www.w3.org/2004/02/skos/core#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

/** `id` is an IRI or, with _: before it, a name for this file only; `term` a name with a prefix. */
export type Value =
  | { id: string }
  | { term: string }
  | { text: string; language?: "zh" }
  | { number: string; type: string };
export interface Resource {
  id: string;
  type: string | null;
  values: [predicate: string, values: Value[]][];
}

export function resourcesOf(graph: Graph, { nodes, edges }: Selection): Resource[] {
  const passages = new Set<DocumentPassage>();
  const cite = (places: number[]): Value[] =>
    places.map((place) => {
      const passage = graph.passages[place]!;
      passages.add(passage);
      return { id: passageId(passage) };
    });
  const things = [...nodes].map((node) => ({
    id: iriOf(node),
    type: isKnown(graph, node.kind) ? `ht:${node.kind}` : null,
    values: present([
      ["skos:prefLabel", [chinese(node.label)]],
      ["skos:altLabel", (node.about.aliases ?? []).map(chinese)],
      ["skos:definition", texts(node.about.definition).map(chinese)],
      ["ht:status", texts(node.about.status).map((text) => ({ text }))],
      ["ht:adminCode", texts(node.kind === "Location" && node.about.code).map((text) => ({ text }))],
      ["ht:confidence", decimals(node.about.confidence)],
      ["ht:mentionedIn", cite(node.passages)],
      ...relations(graph, node, edges),
    ]),
  }));
  const claims = edges.map((edge) => ({
    id: `_:claim${edge.index}`,
    type: "ht:Claim",
    values: present([
      ["rdf:subject", [{ id: iriOf(edge.from) }]],
      ["rdf:predicate", [{ term: relationOf(graph, edge) }]],
      ["rdf:object", [{ id: iriOf(edge.to) }]],
      ["skos:note", isKnown(graph, edge.predicate) ? [] : texts(edge.predicate).map(chinese)],
      ["ht:status", texts(edge.about.status).map((text) => ({ text }))],
      ["ht:confidence", decimals(edge.about.confidence)],
      ["prov:wasDerivedFrom", cite(edge.passages)],
    ]),
  }));
  const cited = [...passages].sort((one, other) => one.index - other.index);
  const plans = [...new Set(cited.map((passage) => passage.document))].map((plan) => ({
    id: planId(plan),
    type: "ht:Plan",
    values: present([["skos:prefLabel", [chinese(plan.title)]]]),
  }));
  return [...plans, ...things, ...claims, ...cited.map(described)];
}

const described = (passage: DocumentPassage): Resource => ({
  id: passageId(passage),
  type: "ht:Passage",
  values: present([
    ["dcterms:isPartOf", [{ id: planId(passage.document) }]],
    ["ht:line", [integer(passage.line)]],
    ["ht:start", [integer(passage.start)]],
    ["ht:end", [integer(passage.end)]],
    ["ht:quote", texts(passage.quote).map((text) => ({ text }))],
    ["oa:prefix", texts(passage.before).map((text) => ({ text }))],
    ["oa:suffix", texts(passage.after).map((text) => ({ text }))],
  ]),
});

const passageId = (passage: DocumentPassage) => `_:passage${passage.index}`;
const planId = (plan: PlanDocument) => `_:plan${plan.index}`;

/** A relation of the user's own is no term of ours: that the two are related is all that it surely says. */
const relationOf = (graph: Graph, edge: Edge) =>
  isKnown(graph, edge.predicate) ? `ht:${edge.predicate}` : "skos:related";

/** Only terms of the ontology have labels, and the Chinese one is never the name itself. */
const isKnown = (graph: Graph, name: string) => graph.term(name, "zh") !== name;

function relations(graph: Graph, node: Node, edges: Edge[]): [string, Value[]][] {
  const found = new Map<string, Set<string>>();
  for (const edge of edges)
    if (edge.from === node) {
      const relation = relationOf(graph, edge);
      found.set(relation, (found.get(relation) ?? new Set()).add(iriOf(edge.to)));
    }
  return [...found].map(([relation, objects]) => [relation, [...objects].map((id) => ({ id }))]);
}

// What RFC 3987 admits, more narrowly: users name nodes as they like.
const IRI =
  /^[a-z][a-z\d+.-]*:(?:[!$&-;=?-Z_a-z~\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}]|%[\da-f]{2})+(?:#(?:[!$&-;=?-Z_a-z~\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\u{10000}-\u{1fffd}]|%[\da-f]{2})*)?$/iu;

export const iriOf = ({ id }: Node): string =>
  IRI.test(id) && URL.canParse(id) ? id : `urn:x-hongtu:${encodeURIComponent(wellFormed(id))}`;

/** Text without halves of surrogate pairs, which no file in UTF-8 can hold. */
const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\ufffd");

const present = (values: [string, Value[]][]) => values.filter(([, list]) => list.length);
const texts = (text: string | null | undefined | false): string[] => (text ? [wellFormed(text)] : []);
const chinese = (text: string): Value => ({ text: wellFormed(text), language: "zh" });
const integer = (number: number): Value => ({ number: String(number), type: "xsd:integer" });
const decimals = (number: number | undefined): Value[] =>
  number === undefined ? [] : [{ number: number.toFixed(4).replace(/\.?0+$/, ""), type: "xsd:decimal" }];
