"""Make the HTML reference of the ontology: one page without scripts, in Chinese and English.

    python docs/ontology/make_reference.py --out out/ontology

Every statement that ``hongtu.ttl`` makes of a term is on the page, at the anchor that is the term's local name; so are
the SHACL shapes that check it, with what they ask for, and a summary of the concept schemes. The same input gives the
same bytes. Why not pyLODE: see ``README.md`` beside this script.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rdflib import DCTERMS, OWL, RDF, RDFS, SDO, SH, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from hongtu.loaders.files import whole_file
from hongtu.ontology.namespace import EDGE_PROPERTIES, HT, PREFIXES, read_turtle

FOLDER = Path(__file__).parent
PICTURES = ("relations-zh", "evidence-zh")

HEADINGS: dict[URIRef, tuple[str, str]] = {
    SKOS.definition: ("定义", "Definition"),
    SKOS.scopeNote: ("用法", "Scope note"),
    SKOS.example: ("例", "Example"),
    SKOS.note: ("注", "Note"),
    RDFS.comment: ("说明", "Comment"),
    RDFS.subClassOf: ("上位类", "Subclass of"),
    RDFS.subPropertyOf: ("上位属性", "Subproperty of"),
    OWL.disjointWith: ("不相交于", "Disjoint with"),
    OWL.equivalentClass: ("等同于", "Equivalent to"),
    OWL.inverseOf: ("反向", "Inverse of"),
    OWL.propertyChainAxiom: ("由这几步推得", "Follows from the steps"),
    RDFS.domain: ("主语是", "Domain"),
    SDO.domainIncludes: ("主语可以是", "Domain includes"),
    RDFS.range: ("宾语是", "Range"),
    SDO.rangeIncludes: ("宾语可以是", "Range includes"),
    SKOS.exactMatch: ("完全对应", "Exact match"),
    SKOS.closeMatch: ("接近", "Close match"),
    SKOS.broadMatch: ("上位对应", "Broad match"),
    SKOS.narrowMatch: ("下位对应", "Narrow match"),
    SKOS.relatedMatch: ("相关", "Related match"),
    RDFS.seeAlso: ("参见", "See also"),
    DCTERMS.source: ("出处", "Source"),
}
"""What the page calls a statement, in the order in which it shows them; others keep their own names, after these."""

TOLD_ELSEWHERE = (RDF.type, RDFS.label, RDFS.isDefinedBy)
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
COUNTS = (SH.minCount, SH.maxCount)
SHAPE_WORDS = (
    *TARGETS,
    *COUNTS,
    RDF.type,
    SH.path,
    SH.message,
    SH.sparql,
    SH.severity,
    SH.name,
    SH.order,
    SH.group,
)
PARTS = {
    "classes": ("类", "Classes"),
    "edges": ("关系：规划所说，每条都有论断", "Relations that plans state, each with a claim"),
    "inverses": ("反向关系：只由推理得出", "Inverses, only ever inferred"),
    "others": ("其他关系", "Other relations"),
    "fields": ("字段", "Fields"),
    "borrowed": ("数据所用的其他词汇", "Of other vocabularies, in data"),
}


@cache
def ontology() -> Graph:
    """Return the ontology with the prefixes of the package."""
    return bound(Graph().parse(data=read_turtle("hongtu"), format="turtle"))


@cache
def shapes() -> Graph:
    """Return the shapes."""
    return bound(Graph().parse(data=read_turtle("shapes"), format="turtle"))


def bound(graph: Graph) -> Graph:
    """Bind the prefixes of the package, and return the graph."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


def terms() -> list[URIRef]:
    """Return the terms of our own, in the order of the Turtle file, and then those of others that shapes check."""
    own = [HT[name] for name in re.findall(r"^ht:(\w+) a owl:", read_turtle("hongtu"), re.MULTILINE)]
    checked = {one for target in TARGETS for one in shapes().objects(None, target) if isinstance(one, URIRef)}
    return own + sorted(checked - set(own))


def part(term: URIRef) -> str:
    """Return the part of the page in which a term stands."""
    kinds = set(ontology().objects(term, RDF.type))
    if not is_own(term):
        return "borrowed"
    if OWL.Class in kinds:
        return "classes"
    if OWL.DatatypeProperty in kinds:
        return "fields"
    if term in EDGE_PROPERTIES:
        return "edges"
    return "inverses" if ontology().value(term, OWL.inverseOf) else "others"


def is_own(term: Node) -> bool:
    """Tell whether a term is of the namespace of the ontology."""
    return str(term).startswith(str(HT))


def short(term: Node) -> str:
    """Return an IRI with its prefix."""
    return term.n3(ontology().namespace_manager).strip("<>") if isinstance(term, URIRef) else str(term)


def shown(node: Node, graph: Graph) -> dict[str, Any]:
    """Return a value as the template shows it: text, its language, and the address of what it names."""
    if isinstance(node, Literal):
        return {"text": str(node), "language": node.language or "", "link": ""}
    if isinstance(node, URIRef):
        return {
            "text": short(node),
            "language": "",
            "link": f"#{short(node)[3:]}" if is_own(node) else str(node),
        }
    inner = (
        f"{short(key).removeprefix('sh:')} {values(graph, value)}"
        for key, value in graph.predicate_objects(node)
    )
    listed = values(graph, node) if (node, RDF.first, None) in graph else "; ".join(sorted(inner))
    return {"text": listed, "language": "", "link": ""}


def values(graph: Graph, node: Node) -> str:
    """Return a node, or the members of a list, as text."""
    if (node, RDF.first, None) in graph:
        return " · ".join(shown(one, graph)["text"] for one in Collection(graph, node))
    return str(shown(node, graph)["text"])


def in_order(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return values with Chinese before English, else by their text."""
    return sorted(found, key=lambda one: (one["language"] != "zh", one["language"], one["text"]))


def row(zh: str, en: str, nodes: Iterable[Node]) -> dict[str, Any]:
    """Return a row of the page: a heading in both languages, and values."""
    found = in_order(shown(node, ontology()) for node in nodes)
    return {"zh": zh, "en": en, "prose": any(one["language"] for one in found), "values": found}


def statements(term: URIRef) -> Iterator[dict[str, Any]]:
    """Yield what the ontology says of a term, a row for each predicate."""
    said = {URIRef(str(key)) for key in ontology().predicates(term)} - set(TOLD_ELSEWHERE)
    known = [key for key in HEADINGS if key in said]
    for key in [*known, *sorted(said - HEADINGS.keys())]:
        zh, en = HEADINGS.get(key, (short(key), short(key)))
        yield row(zh, en, ontology().objects(term, key))


def neighbours(term: URIRef) -> Iterator[dict[str, Any]]:
    """Yield what others say of a term: subclasses, inverses, the classes apart from it, what leads from it and to it."""
    apart = {
        one
        for members in ontology().objects(None, OWL.members)
        if term in (together := set(Collection(ontology(), members)))
        for one in together - {term}
    }
    if apart:
        yield row("不相交于", "Disjoint with", apart)
    for zh, en, keys in (
        ("下位类", "Superclass of", (RDFS.subClassOf,)),
        ("下位属性", "Superproperty of", (RDFS.subPropertyOf,)),
        ("反向", "Inverse", (OWL.inverseOf,)),
        ("可作主语", "Has", (RDFS.domain, SDO.domainIncludes)),
        ("可作宾语", "Is reached by", (RDFS.range, SDO.rangeIncludes)),
    ):
        found = {one for key in keys for one in ontology().subjects(key, term) if is_own(one)}
        if found:
            yield row(zh, en, found)


def checks(term: URIRef) -> list[dict[str, Any]]:
    """Return what the shapes ask of the things of a class, or of the ends of a relation."""
    graph = shapes()
    found = []
    for target in TARGETS:
        for shape in graph.subjects(target, term):
            path = graph.value(shape, SH.path)
            least, most = (graph.value(shape, count) for count in COUNTS)
            asked = [
                f"{short(key).removeprefix('sh:')} {values(graph, value)}"
                for key, value in graph.predicate_objects(shape)
                if key not in SHAPE_WORDS
            ]
            rule = graph.value(shape, SH.sparql)
            messages = [*graph.objects(shape, SH.message), *(graph.objects(rule, SH.message) if rule else [])]
            found.append(
                {
                    "name": short(shape).rsplit("#")[-1],
                    "path": values(graph, path).replace("inversePath ", "^") if path else "",
                    "count": how_many(least, most) if path else "",
                    "asked": sorted(asked) + (["SPARQL"] if rule else []),
                    "messages": in_order(shown(one, graph) for one in messages),
                }
            )
    return sorted(found, key=lambda check: (check["path"], check["name"]))


def how_many(least: Node | None, most: Node | None) -> str:
    """Return how many values there may be: ``1``, ``0–1``, ``1–∞``."""
    low, high = str(least or 0), str(most or "∞")
    return low if low == high else f"{low}–{high}"


def article(term: URIRef) -> dict[str, Any]:
    """Return all that the page says of a term."""
    labels = {
        one.language: str(one) for one in ontology().objects(term, RDFS.label) if isinstance(one, Literal)
    }
    kinds = sorted(short(kind) for kind in ontology().objects(term, RDF.type))
    return {
        "name": short(term).removeprefix("ht:"),
        "anchor": short(term).removeprefix("ht:").replace(":", "-"),
        "iri": str(term),
        "labels": labels,
        "kinds": kinds,
        "statements": [*statements(term), *neighbours(term)],
        "checks": checks(term),
    }


def schemes() -> list[dict[str, Any]]:
    """Return the concept schemes of the package, with their top concepts."""
    found = []
    for file in sorted(files("hongtu.ontology").iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".ttl") or file.name in ("hongtu.ttl", "shapes.ttl"):
            continue
        graph = bound(Graph().parse(data=file.read_text("utf-8"), format="turtle"))
        for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
            tops = sorted(graph.objects(scheme, SKOS.hasTopConcept), key=str)
            found.append(
                {
                    "iri": str(scheme),
                    "file": file.name,
                    "titles": in_order(shown(one, graph) for one in graph.objects(scheme, DCTERMS.title)),
                    "descriptions": in_order(
                        shown(one, graph) for one in graph.objects(scheme, DCTERMS.description)
                    ),
                    "count": len(set(graph.subjects(SKOS.inScheme, scheme))),
                    "tops": [concept(graph, top) for top in tops],
                }
            )
    return found


def concept(graph: Graph, node: Node) -> dict[str, Any]:
    """Return the labels of a concept, and its notations where they say more."""
    labels = in_order(shown(one, graph) for one in graph.objects(node, SKOS.prefLabel))
    notations = {str(one) for one in graph.objects(node, SKOS.notation)} - {one["text"] for one in labels}
    return {"notations": sorted(notations), "labels": labels}


def header() -> dict[str, Any]:
    """Return what the ontology says of itself."""
    node = next(ontology().subjects(RDF.type, OWL.Ontology))
    return {
        "iri": str(node),
        "title": in_order(shown(one, ontology()) for one in ontology().objects(node, DCTERMS.title)),
        "description": in_order(
            shown(one, ontology()) for one in ontology().objects(node, DCTERMS.description)
        ),
        "version": str(ontology().value(node, OWL.versionInfo)),
        "licence": str(ontology().value(node, DCTERMS.license)),
    }


def reference() -> str:
    """Return the page."""
    articles = {name: [article(term) for term in terms() if part(term) == name] for name in PARTS}
    template = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("reference.html")
    return template.render(
        header=header(),
        parts=PARTS,
        articles=articles,
        schemes=schemes(),
        pictures=[(FOLDER.parent / "model" / f"{name}.svg").read_text("utf-8") for name in PICTURES],
        counts=Counter({name: len(found) for name, found in articles.items()}),
        prefixes=PREFIXES,
    )


def main() -> None:
    """Write the page as ``index.html`` into a folder."""
    parser = argparse.ArgumentParser(description="Make the HTML reference of the ontology.")
    parser.add_argument(
        "--out", type=Path, default=Path("out/ontology"), help="folder of the page index.html"
    )
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(folder / "index.html") as new:
        new.write_text(reference(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
