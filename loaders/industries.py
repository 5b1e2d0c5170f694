"""Industries: the sectors, clusters and lines of business that a plan develops or describes."""

import difflib
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import pyoxigraph as ox

from hongtu.loaders.columns import ALIASES, CONFIDENCE, EVIDENCE, MERGES, NAME
from hongtu.loaders.language import say
from hongtu.loaders.records import Entity
from hongtu.loaders.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry(Entity):
    """A named sector. ``gbt`` is its section (``C``), division (``C25``) or group (``C251``) of GB/T 4754-2017.

    It is empty when none fits.
    """

    kind: ClassVar[str] = "Industry"
    gbt: str = ""


@cache
def names_of_gbt() -> dict[str, str]:
    """Return the Chinese name of every section, division and group of GB/T 4754-2017 by its code.

    >>> names_of_gbt()["C252"]
    '煤炭加工'
    """
    # Reading a text does without rdflib, which the namespaces bring.
    from hongtu.ontology.namespace import GBT, read_turtle

    names = {}
    for triple in ox.parse(read_turtle("industries"), ox.RdfFormat.TURTLE):
        concept, label = triple.subject.value, triple.object
        if concept.startswith(str(GBT)) and isinstance(label, ox.Literal) and label.language == "zh":
            names[concept.removeprefix(str(GBT))] = label.value
    return names


def parse_gbt(cell: str) -> str:
    """Return a code of GB/T 4754-2017: a section (``C``), division (``C25``) or group (``C251``); it may be empty.

    :raises ValueError: when the standard has no such code, with those whose code or name is most like the cell.
    """
    if cell and cell not in names_of_gbt():
        near = [f"{code} {names_of_gbt()[code]}" for code in _nearest_codes(cell)]
        raise ValueError(
            say(
                "写 GB/T 4754-2017 的门类、大类或中类，如 C、C25、C251",
                "write a section, division or group of GB/T 4754-2017, such as C, C25 or C251",
            )
            + (say("；最接近的有：", "; the nearest are: ") if near else "")
            + say("、", ", ").join(near)
        )
    return cell


def _nearest_codes(cell: str) -> list[str]:
    """Return the groups of the division that a code begins with, else the codes whose digits or name are most like it."""
    names = names_of_gbt()
    if beside := [code for code in names if len(code) == 4 and code[:3] == cell[:3]]:
        return beside
    words = {code: code for code in names if cell[0].isdigit()} | {name: code for code, name in names.items()}
    return list(dict.fromkeys(words[word] for word in difflib.get_close_matches(cell, words, cutoff=0.5)))


INDUSTRIES = Table(
    "industries",
    "产业",
    (
        NAME,
        ALIASES,
        Column("gbt", "国民经济行业分类", parse_gbt, required=False),
        CONFIDENCE,
        EVIDENCE,
        MERGES,
    ),
    Industry,
    key=lambda industry: industry.name,
)
