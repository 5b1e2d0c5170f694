"""What people call the words of tables: ``undertakes`` is 承担 and “operates in” is ``operatesIn``.

Classes and relations are called as the ontology labels them, in both languages; statuses, roles and comparators, which
are no terms of their own there, as :data:`WORDS` says.
"""

from functools import cache

from hongtu.loaders.language import say

WORDS: dict[str, tuple[str, ...]] = {
    "achieved": ("已完成", "已建成", "建成"),
    "ongoing": ("在建", "持续推进", "进行中"),
    "planned": ("规划", "拟建", "计划"),
    "supported": ("支持", "鼓励"),
    "explored": ("探索", "谋划"),
    "target": ("目标",),
    "baseline": ("基期", "基数", "现状"),
    "=": ("等于", "＝"),
    ">=": ("不低于", "以上", "≥"),
    "<=": ("不超过", "以内", "≤"),
    "~": ("约", "左右", "≈"),
    "implements": ("落实",),
    "Measure": ("任务",),
}
"""Chinese words that tables may have, the usual one first; for terms of the ontology, besides their labels."""


def names(word: str) -> tuple[str, ...]:
    """Return what may stand for a word of the tables, the usual Chinese word first; empty when nothing else may.

    >>> names("operatesIn"), names("baseline")
    (('从事', 'operates in'), ('基期', '基数', '现状'))
    """
    return (*_labels().get(word, ()), *WORDS.get(word, ()))


def shown(word: str) -> str:
    """Return a word as a message names it to the user.

    >>> import os; os.environ["HONGTU_LANG"] = "zh"
    >>> shown("undertakes"), shown("accept")
    ('承担（undertakes）', 'accept')
    >>> del os.environ["HONGTU_LANG"]
    """
    usual = next(iter(names(word)), "")
    return say(f"{usual}（{word}）" if usual else word, word)


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    """Return the labels of the ontology's terms by their local names, the Chinese ones first."""
    # rdflib takes time to import and brings clients along; reading a text does without it, and so do most tables.
    from rdflib import RDFS, SKOS, Graph, Literal

    from hongtu.ontology.namespace import HT, read_turtle

    ontology = Graph().parse(data=read_turtle("hongtu"), format="turtle")
    found: dict[str, list[tuple[bool, bool, str]]] = {}
    for property_ in (RDFS.label, SKOS.altLabel):
        for term, label in ontology.subject_objects(property_):
            if isinstance(label, Literal) and str(term).startswith(str(HT)):
                found.setdefault(str(term).removeprefix(str(HT)), []).append(
                    (label.language != "zh", property_ != RDFS.label, str(label))
                )
    return {term: tuple(label for *_, label in sorted(labels)) for term, labels in found.items()}
