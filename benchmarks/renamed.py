"""The same document about another place with other companies: what a reader must not mind.

:func:`renamed` gives an annotated document in which the home, its parts, what it lies in, and the companies bear other
names: places those of another prefecture, companies those of other documents, or mixtures of two of them. The tagger
learns from such copies beside the originals, so that it learns where names stand and not which there are.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from gold import GoldDocument

from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.extraction.scope import find_scope, find_title
from hongtu.loaders.gazetteer import Division, divisions, short_name


def companies(documents: Iterable[GoldDocument]) -> list[str]:
    """Return the names of all companies of the documents, in order."""
    return sorted(
        {
            name
            for document in documents
            for record in document.records
            if record["kind"] == "entity" and record["type"] == "Enterprise"
            for name in (record["name"], *record["aliases"])
            if 2 <= len(name) <= 8 and "、" not in name
        }
    )


def renamed(document: GoldDocument, names: Sequence[str], seed: int) -> GoldDocument:
    """Return the document with other names.

    :param names: names of companies to choose from.
    """
    choose = random.Random(f"{document.name} {seed}")
    text = normalise(document.text).text
    new = _new_places(text, document.name, choose) | {
        name: _new_company(names, choose) for name in companies([document])
    }
    if not new:
        return document
    pattern = re.compile("|".join(map(re.escape, sorted(new, key=lambda name: (-len(name), name)))))

    def put(words: str) -> str:
        return pattern.sub(lambda match: new[match.group()], words)

    def put_record(record: dict[str, Any]) -> dict[str, Any]:
        if record["kind"] != "entity":
            return record
        aliases = [put(normalise(alias).text) for alias in record["aliases"]]
        return {**record, "name": put(normalise(record["name"]).text), "aliases": aliases}

    return replace(
        document, name=put(document.name), text=put(text), records=[put_record(r) for r in document.records]
    )


def _new_company(names: Sequence[str], choose: random.Random) -> str:
    """Return another company's name, or the beginning of one with the end of another."""
    one, other = choose.choice(names), choose.choice(names)
    return one if choose.random() < 0.5 else one[: (len(one) + 1) // 2] + other[len(other) // 2 :]


def _new_places(text: str, name: str, choose: random.Random) -> dict[str, str]:
    """Return other names for a prefecture, its province, counties and towns: those of another prefecture."""
    home = find_scope(find_title(text), name, text)
    if len(home.division.code) != 4:
        return {}
    prefectures = [code for code in divisions() if len(code) == 4 and divisions()[code].endswith("市")]
    other = choose.choice(prefectures)
    ranks: dict[int, list[str]] = {
        length: [code for code in divisions() if len(code) == length and code.startswith(other)]
        for length in (6, 9)
    }
    new: dict[str, str] = {}
    counts = {6: 0, 9: 0}
    given: dict[Division, str] = {}
    for surface, division in sorted(home.names.items(), key=lambda item: (item[1].code, item[0])):
        length = len(division.code)
        if home.relation(division) not in ("home", "inside", "above") or surface not in text:
            continue
        if division not in given:
            if length in ranks:
                if counts[length] >= len(ranks[length]):
                    continue
                code = ranks[length][counts[length]]
                counts[length] += 1
            else:
                code = other[:length]
            given[division] = divisions()[code]
        new[surface] = given[division] if surface == division.name else short_name(given[division])
    return new
