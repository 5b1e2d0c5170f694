"""Changes of a text that must not change what is read in it, and how far that holds for real reports.

::

    python benchmarks/metamorphic.py CORPUS.tar.xz --reports 20

reads so many reports of the corpus (none of a held-out place) as they are and after each change, and prints which
share of what is found in either is found in both: things by kind and name, relations, figures. Names are compared as
they stood before the change. What depends on blanks and the width of punctuation only must be the same; the tagger
sees other characters after the other changes. The tests use the same changes on texts of the project.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path
from typing import NamedTuple

from gold import HELD_OUT, read_corpus

from hongtu.loaders.extraction import extract
from hongtu.loaders.extraction.lexicon import words
from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.extraction.signals import VERBS
from hongtu.loaders.gazetteer import Division, divisions, find_home, short_name
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Reference

PARTS = ("things", "relations", "figures")

_HALF = str.maketrans("，；：（）？！％", ",;:()?!%")
_FULL = {half: full for full, half in _HALF.items()}
_WIDE = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
# A comma between figures is no punctuation.
_BETWEEN_FIGURES = re.compile(r"((?<=\d)[,，](?=\d))")
_PAIR = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
_NUMERAL = "[一二三四五六七八九十百○〇零]"
_NUMBER = re.compile(
    rf"^[ \u3000]*(?:第{_NUMERAL}+[编篇章节部分]+[ \u3000]*|{_NUMERAL}+、|[（(]{_NUMERAL}+[）)]|\d{{1,2}}[.．、](?!\d))",
    re.MULTILINE,
)
_INNER_ITEMS = re.compile(r"(?<=、)[\u4e00-\u9fff]{2,12}(?:、[\u4e00-\u9fff]{2,12})+(?=、)")
_FIRST, _SECOND = "澜榆岚淮沁浔溆澧泗沅栖桐", "溪川原岭浦泽河屏桥台"

Name = tuple[str, str]
"""The kind and a name of a thing."""


@dataclass(frozen=True)
class Facts:
    """What was read. ``names`` maps all names of things to those by which ``things`` and ``relations`` call them."""

    names: Mapping[Name, Name]
    things: AbstractSet[Hashable]
    relations: AbstractSet[Hashable]
    figures: AbstractSet[Hashable]


class Report(NamedTuple):
    """A text and the name of its file."""

    name: str
    text: str


def half_width(text: str) -> str:
    """Return a text with half-width punctuation; commas between figures stay.

    >>> half_width("产值，增长6％（1，2）")
    '产值,增长6%(1，2)'
    """
    return _outside_figures(text, _HALF)


def full_width(text: str) -> str:
    """Return a text with full-width punctuation, figures and Latin letters.

    >>> full_width("建5G基站,12%")
    '建５Ｇ基站，１２％'
    """
    return _outside_figures(text, _FULL).translate(_WIDE)


def _outside_figures(text: str, table: Mapping[int, int]) -> str:
    parts = _BETWEEN_FIGURES.split(text)
    return "".join(part if at % 2 else part.translate(table) for at, part in enumerate(parts))


def with_blanks(text: str) -> str:
    """Return a text with a blank between every third pair of Chinese characters, inside of names too."""
    count = 0

    def blank(_: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return (" ", "", "", "\u3000", "", "")[count % 6]

    return _PAIR.sub(blank, text)


def broken_lines(text: str) -> str:
    """Return a text with a line end behind every second comma."""
    parts = re.split("(?<=[，、])(?=[^\n])", text)
    return "".join(part + ("\n" if at % 2 and at < len(parts) - 1 else "") for at, part in enumerate(parts))


def wrapped(text: str, width: int = 76) -> str:
    """Return a text with lines as wide as a page, Chinese characters being two wide; paragraphs are indented."""
    lines = []
    for line in text.split("\n"):
        start, filled = 0, 0
        row = "\u3000\u3000" + line if len(line) > width // 2 else line
        for at, character in enumerate(row):
            filled += 1 if character.isascii() else 2
            if filled > width:
                lines.append(row[start:at])
                start, filled = at, 1 if character.isascii() else 2
        lines.append(row[start:])
    return "\n".join(lines)


def without_numbers(text: str) -> str:
    """Return a text without the numbers of its headings and items.

    >>> without_numbers("第一章 总则\\n（一）工业。2021年")
    '总则\\n工业。2021年'
    """
    return _NUMBER.sub("", text)


def reordered(text: str) -> str:
    """Return a text with the inner items of its enumerations in the opposite order.

    The first and the last may have words around them that belong to the list, and so may one with a verb.

    >>> reordered("在甲镇、乙镇、丙镇发展苹果、核桃、花椒、生猪等产业")
    '在甲镇、乙镇、丙镇发展苹果、花椒、核桃、生猪等产业'
    """
    verbs = re.compile("|".join(word for name in VERBS for word in words("boundaries", name)))

    def backwards(match: re.Match[str]) -> str:
        items = match.group().split("、")
        runs = groupby(items, lambda item: verbs.search(item) is not None)
        return "、".join(item for is_verb, run in runs for item in (run if is_verb else reversed([*run])))

    return _INNER_ITEMS.sub(backwards, text)


class Renaming:
    """Names of places put in the place of others, and the way back.

    >>> renaming = Renaming({"澜溪": "桐浦"})
    >>> renaming.there("澜溪县"), renaming.back("桐浦大桥")
    ('桐浦县', '澜溪大桥')
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        """Keep what to write for which name."""
        self.there = _replacer(names)
        self.back = _replacer({new: old for old, new in names.items()})


def _replacer(names: Mapping[str, str]) -> Callable[[str], str]:
    if not names:
        return str
    pattern = re.compile("|".join(sorted(names, key=len, reverse=True)))
    return lambda text: pattern.sub(lambda match: names[match.group()], text)


def to_invented_place(report: Report) -> Renaming:
    """Return the renaming of a report's home and its counties to names that no place has."""
    taken = {short_name(name) for name in divisions().values()}
    new = (a + b for b, a in product(_SECOND, _FIRST))
    free = (name for name in new if name not in taken and name not in report.text)
    olds = dict.fromkeys(short_name(division.name) for division in _places(report))
    return Renaming(dict(zip(olds, free, strict=False)))


def to_real_place(report: Report) -> Renaming:
    """Return the renaming of a report's home and its counties to those of a prefecture of another province."""
    olds = _places(report)
    choices = [
        (code, name)
        for code, name in divisions().items()
        if len(code) == 4 and code[:2] != olds[0].code[:2] and _form(name) == _form(olds[0].name)
    ]
    if not choices:
        return Renaming({})
    best: dict[str, str] = {}
    # Start somewhere else for every home, so that not all go to one place.
    turn = int(olds[0].code) % len(choices)
    for code, name in choices[turn:] + choices[:turn]:
        names = {short_name(olds[0].name): short_name(name)}
        others = [
            other
            for other_code, other in divisions().items()
            if len(other_code) == 6 and other_code.startswith(code)
        ]
        for old in olds[1:]:
            if (
                other := next((other for other in others if _form(other) == _form(old.name)), None)
            ) is not None:
                others.remove(other)
                if short_name(other) not in names.values():
                    names[short_name(old.name)] = short_name(other)
        if len(names) > len(best) and not any(new in report.text for new in names.values()):
            best = names
    return Renaming(best)


def _form(name: str) -> tuple[int, str]:
    """Return how long a place's short name is, and what follows it."""
    return len(short_name(name)), name[len(short_name(name)) :]


def _places(report: Report) -> list[Division]:
    """Return a report's home and its counties, but for those whose short names are other words too."""
    home = find_home(report.name, "")
    if home is None:
        raise SystemExit(f"{report.name}: no place of this name")
    common = words("places", "common_words")
    counties = [
        Division(code, name)
        for code, name in divisions().items()
        if len(code) == 6 and code.startswith(home.code) and short_name(name) not in common
    ]
    return [
        home,
        *(division for division in counties if short_name(division.name) in report.text and division != home),
    ]


Change = Callable[[Report], tuple[Report, Callable[[str], str]]]
"""Returns the changed report, and how names in it get back to what they were."""


def _rewritten(change: Callable[[str], str]) -> Change:
    return lambda report: (Report(report.name, change(report.text)), str)


def _renamed(renaming_of: Callable[[Report], Renaming]) -> Change:
    def change(report: Report) -> tuple[Report, Callable[[str], str]]:
        renaming = renaming_of(report)
        return Report(*map(renaming.there, report)), renaming.back

    return change


SAME = {
    "half-width": half_width,
    "full-width": full_width,
    "blanks": with_blanks,
    "broken lines": broken_lines,
}
"""Changes after which the normalised view is the same, and so is all that is read in it."""

CHANGES: dict[str, Change] = {
    **{name: _rewritten(change) for name, change in SAME.items()},
    "page width": _rewritten(wrapped),
    "no heading numbers": _rewritten(without_numbers),
    "items reordered": _rewritten(reordered),
    "another real place": _renamed(to_real_place),
    "an invented place": _renamed(to_invented_place),
}


def facts(report: Report, back: Callable[[str], str] = str, before: Facts | None = None) -> Facts:
    """Return what is read in a report, with names as ``back`` gives them.

    :param before: what was read before the change; a relation's end that shares a name with a thing of then has the
        name of that thing, so that another fullest name does not make another relation.
    """
    tables = extract(PlanText(report.text, hashlib.sha256(report.text.encode()).hexdigest()), report.name)

    def plain(name: str) -> str:
        return normalise(back(name)).text

    names = {
        (entity.kind, plain(name)): (entity.kind, plain(entity.name))
        for entity in tables.entities
        for name in (entity.name, *entity.aliases)
    }
    ends: dict[Name, Name] = {}
    for name, own in names.items():
        if before and name in before.names:
            ends.setdefault(own, before.names[name])

    def end(reference: Reference) -> Name:
        name = reference.kind, plain(reference.name)
        return ends.get(name, name)

    return Facts(
        names=names,
        things=set(names.values()),
        relations={(end(edge.subject), edge.predicate, end(edge.object)) for edge in tables.edges},
        figures={
            (plain(t.indicator), t.value, t.unit, t.year, t.comparator, t.role, plain(t.subject))
            for t in (figure.target for figure in tables.figures)
        },
    )


def shares(before: Facts, after: Facts) -> dict[str, float]:
    """Return of each part which share of what is in either is in both; 1 where there is nothing."""
    found = {}
    for part in PARTS:
        one, other = getattr(before, part), getattr(after, part)
        found[part] = len(one & other) / len(one | other) if one | other else 1.0
    return found


def main() -> None:
    """Run the command line; the exit code is 1 when what must be the same is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--reports", type=int, default=20)
    arguments = parser.parse_args()
    corpus = [
        Report(*item)
        for item in read_corpus(arguments.corpus).items()
        if item[0].split("-")[0] not in HELD_OUT
    ]
    reports = corpus[:: max(1, len(corpus) // arguments.reports)][: arguments.reports]
    found: dict[str, list[dict[str, float]]] = {name: [] for name in CHANGES}
    for report in reports:
        before = facts(report)
        for name, change in CHANGES.items():
            changed, back = change(report)
            found[name].append(shares(before, facts(changed, back, before)))
    broken = print_table(found, reports)
    sys.exit(bool(broken))


def print_table(found: Mapping[str, Sequence[Mapping[str, float]]], reports: Sequence[Report]) -> list[str]:
    """Print the mean and the lowest share by change and part; return the changes that had to change nothing but did."""
    broken = []
    print(f"{len(reports)} reports: mean share (lowest, its report)")
    for name, rows in found.items():
        cells = []
        for part in PARTS:
            values = [row[part] for row in rows]
            low = min(range(len(values)), key=values.__getitem__)
            cells.append(f"{part} {sum(values) / len(values):.3f} ({values[low]:.3f} {reports[low].name})")
            if name in SAME and values[low] < 1:
                broken.append(name)
        print(f"{name:20}", "  ".join(cells))
    return broken


if __name__ == "__main__":
    main()
