"""Administrative divisions as linked data: the concepts of GB/T 2260, written from the packaged gazetteer.

A concept is an entry of the list of codes, with its place in the hierarchy: county, prefecture, province. It is no
``geo:Feature``: the place itself is the ``ht:Location`` of a plan, which points to the concept by ``ht:division``. So
what two plans say of one county stays apart and is still found together.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from hongtu.loaders.gazetteer import divisions, full_code


@cache
def names_by_code() -> dict[str, str]:
    """Return the name of every division down to counties by its six digits, in the order of codes.

    A prefecture without counties (东莞市) stands once, though the gazetteer has it again as its only county.
    """
    # Longer codes first, so that the prefecture's name is the one that stays.
    codes = sorted((code for code in divisions() if len(code) <= 6), key=len, reverse=True)
    names = {full_code(code): divisions()[code] for code in codes}
    return {code: names[code] for code in sorted(names)}


def above(code: str) -> str:
    """Return the six digits of the division in which one lies directly; empty for a province.

    >>> above("141024"), above("141000"), above("140000")
    ('141000', '140000', '')
    """
    if code.endswith("0000"):
        return ""
    return f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"


def write_divisions(codes: Iterable[str] | None = None) -> Iterator[str]:
    """Yield the scheme of GB/T 2260 as Turtle: its head, then the concepts, in the order of codes.

    :param codes: six digits each; these and all that they lie in are written. ``None`` writes every division.
        Codes that the list does not have are passed over.

    >>> print(list(write_divisions(["141024"]))[-1], end="")
    gbt2260:141024 a skos:Concept ; skos:inScheme <gbt2260> ; skos:notation "141024" ; skos:prefLabel "洪洞县"@zh ;
        skos:broader gbt2260:141000 .
    """
    # Reading a text does without rdflib, which the namespaces bring.
    from hongtu.ontology.namespace import read_turtle

    names = names_by_code()
    wanted = set(names if codes is None else codes) & names.keys()
    while lacking := {above(code) for code in wanted} - wanted - {""}:
        wanted |= lacking
    parts: dict[str, list[str]] = {}
    for code in sorted(wanted):
        parts.setdefault(above(code), []).append(code)
    yield read_turtle("divisions")
    if parts:
        yield f"<gbt2260> skos:hasTopConcept {_list(parts[''])} .\n"
    for code in sorted(wanted):
        place = f"skos:broader gbt2260:{above(code)}" if above(code) else "skos:topConceptOf <gbt2260>"
        narrower = f" ;\n    skos:narrower {_list(parts[code])}" if code in parts else ""
        yield (
            f'gbt2260:{code} a skos:Concept ; skos:inScheme <gbt2260> ; skos:notation "{code}" ;'
            f' skos:prefLabel "{names[code]}"@zh ;\n    {place}{narrower} .\n'
        )


def _list(codes: list[str]) -> str:
    return " , ".join(f"gbt2260:{code}" for code in codes)
