"""Terms of a graph as people and Python see them: labels that keep their IRI, figures as numbers."""

from decimal import Decimal
from typing import Any, Self

import pyoxigraph as ox
import rdflib
from rdflib import XSD

from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.ontology.namespace import PREFIXES

_WHOLE_NUMBERS = {
    str(datatype)
    for datatype in (
        *(XSD.integer, XSD.long, XSD.int, XSD.short, XSD.byte),
        *(XSD.nonNegativeInteger, XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort, XSD.unsignedByte),
        *(XSD.positiveInteger, XSD.nonPositiveInteger, XSD.negativeInteger),
        XSD.gYear,
    )
}
_NUMBERS = {str(XSD.decimal), str(XSD.double), str(XSD.float)}
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class Resource(str):
    """A thing of the graph: reads as its label, and keeps its IRI in ``iri``.

    >>> thing = Resource("华翔集团", "https://w3id.org/hongtu/id/plan/enterprise/华翔集团")
    >>> print(thing, thing.iri.rsplit("/", 2)[1])
    华翔集团 enterprise
    """

    iri: str

    def __new__(cls, label: str, iri: str) -> Self:
        """Return a resource; two with the same label and different IRIs are equal as text."""
        resource = super().__new__(cls, label)
        resource.iri = iri
        return resource

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Let a resource be copied and pickled."""
        return str(self), self.iri


def to_python(term: ox.Literal) -> Any:
    """Return a literal's value: ``int``, ``float`` or ``bool`` where its datatype says so, else its text.

    Dates stay text, as they may name months or years only, and years with a time zone do, which are no numbers.

    >>> to_python(ox.Literal("7.2", datatype=ox.NamedNode(str(XSD.decimal))))
    7.2
    """
    datatype = term.datatype.value
    try:
        if datatype in _WHOLE_NUMBERS:
            return int(term.value)
        if datatype in _NUMBERS:
            return float(Decimal(term.value)) if datatype == str(XSD.decimal) else float(term.value)
    except (ValueError, ArithmeticError):
        # An ill-typed literal stays what it is: text.
        return term.value
    return _TRUTHS.get(term.value, term.value) if datatype == str(XSD.boolean) else term.value


def to_term(value: object) -> ox.NamedNode | ox.Literal:
    """Return a Python value as an RDF term: a thing as its IRI, a number or text as a literal.

    :raises UsageError: when the value stands for no term, or is an IRI or a text that RDF does not have.

    >>> to_term(7), to_term(Resource("甲", "urn:a"))
    (<Literal value=7 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#integer>>, <NamedNode value=urn:a>)
    """
    plain: Any = value
    # The numbers of numpy, as columns give them. It takes 70 ms to import, more than all the terms are worth.
    if type(value).__module__ == "numpy" and not hasattr(value, "__len__"):
        plain = plain.item()
    match plain:
        case Resource(iri=iri):
            return to_iri(iri)
        case ox.NamedNode() | ox.Literal() as term:
            return term
        case rdflib.URIRef() as iri:
            return to_iri(iri)
        case rdflib.Literal() as literal:
            if literal.language:
                return to_literal(literal, literal.language)
            return ox.Literal(to_literal(literal).value, datatype=to_iri(literal.datatype or XSD.string))
        case str() as text:
            return to_literal(text)
        case bool() | int() | float():
            return ox.Literal(plain)
    raise UsageError(
        say(f"参数不能是 {type(value).__name__}", f"a parameter cannot be of type {type(value).__name__}")
    )


def to_iri(text: str) -> ox.NamedNode:
    """Return an IRI as a term.

    :raises UsageError: when it is none, such as one with a blank.

    >>> to_iri("https://example.org/县")
    <NamedNode value=https://example.org/县>
    """
    try:
        return ox.NamedNode(str(text))
    except ValueError as error:
        shown = _printable(text)
        raise UsageError(say(f"“{shown}”不是 IRI（{error}）", f"“{shown}” is no IRI ({error})")) from error


def to_literal(text: str, language: str | None = None) -> ox.Literal:
    """Return a text as a literal.

    :raises UsageError: when it is no text: half a character (a lone surrogate), as from bytes that were misread.
    """
    try:
        return ox.Literal(str(text), language=language)
    except ValueError as error:
        shown = _printable(text)
        raise UsageError(
            say(f"“{shown}”不是文字：含有半个字符", f"“{shown}” is no text: it holds half a character")
        ) from error


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def to_value(value: object) -> ox.NamedNode | ox.Literal | tuple[ox.NamedNode | ox.Literal, ...]:
    """Return what a variable is bound to for a Python value: a term, or any of the several terms of a list.

    :raises UsageError: when the value stands for no term.
    """
    terms = tuple(map(to_term, value)) if isinstance(value, (list, tuple)) else (to_term(value),)
    return terms[0] if len(terms) == 1 else terms


def to_rdflib(
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple,
) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    """Return a term of the store as one of rdflib's.

    :raises UsageError: for a triple about a triple (RDF 1.2), which rdflib does not have.

    >>> to_rdflib(ox.Literal("洪洞县", language="zh"))
    rdflib.term.Literal('洪洞县', lang='zh')
    """
    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.Literal():
            if term.language:
                return rdflib.Literal(term.value, lang=term.language)
            # To rdflib, a plain literal and one of type xsd:string differ; its own parsers give plain ones.
            datatype = None if term.datatype.value == str(XSD.string) else rdflib.URIRef(term.datatype.value)
            return rdflib.Literal(term.value, datatype=datatype)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
    raise UsageError(
        say(
            f"结果里有关于三元组的三元组（{term}），rdflib 没有；改用 SELECT",
            f"the answer holds a triple about a triple ({term}), which rdflib does not have; ask by SELECT",
        )
    )


def compact_iri(iri: str) -> str:
    """Return an IRI as a prefixed name where a known prefix fits, else its last segment.

    >>> compact_iri("https://w3id.org/hongtu/ontology#undertakes")
    'ht:undertakes'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and (local := iri[len(namespace) :]) and "/" not in local:
            return f"{prefix}:{local}"
    return iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
