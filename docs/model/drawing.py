"""What the pictures of the model share: an SVG drawing that grows, and what the ontology says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from itertools import product

from rdflib import OWL, RDF, RDFS, SDO, Graph, Literal, URIRef

from hongtu.graph.views.explorer import STYLES
from hongtu.ontology.namespace import HT, PREFIXES, read_turtle

STYLE = """
.drawing { --ink:#1c2430; --quiet:#56606d; --line:#8b95a3; --paper:#ffffff; --ground:#f5f7f9; --mark:#fff0a8;
  font-family:system-ui,"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif; font-size:13px }
@media (prefers-color-scheme:dark) { .drawing { --ink:#e6e9ee; --quiet:#a9b2bd; --line:#7d8896; --paper:#16191e;
  --ground:#1e2228; --mark:#6b5a12 } }
.drawing text { fill:var(--ink) }
.drawing .paper { fill:var(--paper) }
.drawing .ground { fill:var(--ground) }
.drawing .mark { fill:var(--mark) }
.drawing .card { fill:var(--paper); stroke-width:2 }
.drawing .dashed { stroke-dasharray:6 4 }
.drawing .name { font-weight:600; font-size:15px }
.drawing .term { font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace; font-size:12px }
.drawing .quiet { fill:var(--quiet) }
.drawing .way { fill:none; stroke:var(--line); stroke-width:1.5 }
.drawing .head { fill:var(--line) }
.drawing .label { paint-order:stroke; stroke:var(--paper); stroke-width:5px; stroke-linejoin:round }
.drawing .sentence { font-size:24px }
.drawing .step { font-weight:600; font-size:14px }
""".strip()

PLAIN = "#6b7280"


@dataclass
class Drawing:
    """An SVG picture that grows; later parts lie over earlier ones."""

    name: str
    title: str
    width: int
    height: int
    parts: list[str] = field(default_factory=list)

    def text(self, x: float | str, y: float, text: str, kind: str = "", anchor: str = "start") -> None:
        """Write text, its base line at ``y``; where ``x`` lists places, each character has its own."""
        self.parts.append(
            f'<text x="{x if isinstance(x, str) else f"{x:g}"}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(text, quote=False)}</text>'
        )

    def box(
        self, x: float, y: float, width: float, height: float, color: str = "", kind: str = "card"
    ) -> None:
        """Draw a rectangle with round corners."""
        stroke = f' stroke="{color}"' if color else ""
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8" class="{kind}"{stroke}/>'
        )

    def way(self, path: str, *, both: bool = False, dashed: bool = False) -> None:
        """Draw a line with an arrow head at its end, or at both."""
        start = f' marker-start="url(#{self.name}-head)"' if both else ""
        kind = "way dashed" if dashed else "way"
        self.parts.append(f'<path d="{path}" class="{kind}" marker-end="url(#{self.name}-head)"{start}/>')

    def line(self, x: float, y: float, end: float, color: str) -> None:
        """Draw a level line from ``x`` to ``end``."""
        self.parts.append(f'<path d="M{x:g} {y:g} H{end:g}" stroke="{color}" stroke-width="3"/>')

    def record(self, x: float, y: float, width: float, name: str, rows: dict[str, str]) -> None:
        """Draw a box with a name and a row for each field."""
        self.box(x, y, width, 44 + 21 * len(rows), PLAIN)
        self.text(x + 16, y + 26, name, "name")
        for number, (key, value) in enumerate(rows.items()):
            self.text(x + 16, y + 52 + 21 * number, key, "term quiet")
            self.text(x + 165, y + 52 + 21 * number, value)

    def svg(self) -> str:
        """Return the picture as a file of its own, which may also stand within a page."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" width="{self.width}" '
            f'height="{self.height}" viewBox="0 0 {self.width} {self.height}" '
            f'role="img" aria-labelledby="{self.name}-title">\n<title id="{self.name}-title">'
            f"{escape(self.title)}</title>\n<style>{STYLE}</style>\n"
            f'<defs><marker id="{self.name}-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
            'markerHeight="8" orient="auto-start-reverse"><path d="M0 1 L9 5 L0 9 z" class="head"/></marker></defs>\n'
            f'<rect width="{self.width}" height="{self.height}" rx="12" class="paper"/>\n'
            + "\n".join(self.parts)
            + "\n</svg>\n"
        )


# What the ontology says


@cache
def ontology() -> Graph:
    """Return the packaged ontology."""
    return Graph().parse(data=read_turtle("hongtu"), format="turtle")


def label(term: URIRef, language: str) -> str:
    """Return the label of a term in a language."""
    return next(
        str(one)
        for one in ontology().objects(term, RDFS.label)
        if isinstance(one, Literal) and one.language == language
    )


def named(kind: str, language: str) -> str:
    """Return the name of a class as a picture shows it: in Chinese before the name that queries use."""
    return f"{label(HT[kind], 'zh')} {kind}" if language == "zh" else kind


def local(term: URIRef) -> str:
    """Return the name of a term without its namespace."""
    return term.removeprefix(str(HT))


def own(kind: URIRef) -> list[URIRef]:
    """Return the terms of our own that are of a kind, in the order of their IRIs."""
    return sorted(
        term
        for term in ontology().subjects(RDF.type, kind)
        if isinstance(term, URIRef) and term.startswith(str(HT))
    )


def ends(term: URIRef, *properties: URIRef) -> list[URIRef]:
    """Return the classes that these properties give a relation as domain or range, in the order of their IRIs."""
    return sorted(
        end for one in properties for end in ontology().objects(term, one) if isinstance(end, URIRef)
    )


def domains(term: URIRef) -> list[URIRef]:
    """Return the classes that have a property."""
    return ends(term, RDFS.domain, SDO.domainIncludes)


def is_only_inferred(term: URIRef) -> bool:
    """Tell whether a relation is the inverse that data never state: the one whose inverse the ontology names."""
    return ontology().value(term, OWL.inverseOf) is not None


def relations() -> Iterator[tuple[str, str, str]]:
    """Yield what may be related to what: class, relation, class; of a symmetric relation each pair once."""
    for term in own(OWL.ObjectProperty):
        if is_only_inferred(term):
            continue
        pairs = product(domains(term), ends(term, RDFS.range, SDO.rangeIncludes))
        symmetric = (term, RDF.type, OWL.SymmetricProperty) in ontology()
        for subject, object_ in pairs:
            if not symmetric or subject >= object_:
                yield local(subject), local(term), local(object_)


def fields(kind: URIRef) -> list[str]:
    """Return the names of the fields (datatype properties) that things of a class have."""
    return [local(term) for term in own(OWL.DatatypeProperty) if kind in domains(term)]


def color(kind: str) -> str:
    """Return the colour of a class, which is that of the explorer."""
    return STYLES.get(kind, {"color": PLAIN})["color"]


def short(term: object) -> str:
    """Return an IRI as people write it: classes of our own by name, the others with their prefix."""
    for prefix, namespace in PREFIXES.items():
        if str(term).startswith(namespace):
            name = str(term).removeprefix(namespace)
            return name if prefix == "ht" and name[0].isupper() else f"{prefix}:{name}"
    return str(term)
