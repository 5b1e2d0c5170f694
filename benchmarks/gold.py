"""The annotated documents: what is in ``benchmarks/gold``, and the texts that it speaks of.

The gold holds names, figures and line numbers, no text. The texts are reports of the corpus that is not ours to pass
on: an archive of ``<city>-<year>.txt`` files, given on the command line.
"""

import argparse
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hongtu.loaders.extraction.mentions import KINDS
from hongtu.loaders.extraction.normal import normalise

FOLDER = Path(__file__).parent / "gold"
HELD_OUT = ("安康市", "宜春市", "威海市", "怀化市", "玉林市", "白城市", "武威市")
"""Places whose documents are for measuring only: nobody who writes rules looks at them, no weight is learnt from them."""

Span = tuple[int, int, int, bool]
"""Start and end in a normalised line, the number of the kind, and whether the gold calls it optional."""


@dataclass(frozen=True)
class GoldDocument:
    """A text, the numbers of its annotated lines, and the records of its gold (see ``gold/README.md``)."""

    name: str
    text: str
    lines: frozenset[int]
    records: list[dict[str, Any]]

    @property
    def is_held_out(self) -> bool:
        """Whether the document is for measuring only."""
        return self.name.split("-")[0] in HELD_OUT

    def spans(self, number: int, line: str) -> list[Span]:
        """Return where the names of the gold stand in a normalised line.

        A name inside another name may mean something else there (旅游 in 旅游景区): it is optional where its thing
        stands by itself elsewhere in the line.
        """
        found: list[tuple[int, int, int, bool, int]] = []
        for thing, record in enumerate(self.records):
            if record["kind"] == "entity" and number in record["lines"]:
                for name in {squeezed(name) for name in (record["name"], *record["aliases"])} - {""}:
                    at = line.find(name)
                    while at >= 0:
                        kind = KINDS.index(record["type"])
                        found.append((at, at + len(name), kind, record["optional"], thing))
                        at = line.find(name, at + 1)
        inner = {span for span in found if any(_holds(other, span) for other in found)}
        free = {span[4] for span in found if span not in inner}
        return [(*span[:3], span[3] or (span in inner and span[4] in free)) for span in found]


def _holds(one: tuple[int, int, int, bool, int], other: tuple[int, int, int, bool, int]) -> bool:
    longer = one[1] - one[0] > other[1] - other[0]
    return longer and one[4] != other[4] and one[0] <= other[0] and other[1] <= one[1]


def squeezed(name: str) -> str:
    """Return a name as it stands in a normalised text, without blanks."""
    return normalise(name).text.replace(" ", "")


def read_corpus(archive: Path) -> dict[str, str]:
    """Return the texts of an archive by the name of their file without its ending, in the order of names."""
    with tarfile.open(archive) as packed:
        texts = {
            Path(member.name).stem: packed.extractfile(member).read().decode()  # type: ignore[union-attr]
            for member in packed
            if member.name.endswith(".txt")
        }
    return dict(sorted(texts.items()))


def read_gold_documents(corpus: dict[str, str]) -> Iterator[GoldDocument]:
    """Yield the annotated documents by name: reports of the corpus, and invented texts that stand beside their gold."""
    for file in sorted(FOLDER.glob("*.jsonl")):
        records = [json.loads(row) for row in file.read_text("utf-8").splitlines()]
        own = file.with_suffix(".txt")
        text = own.read_text("utf-8") if own.is_file() else corpus[file.stem]
        lines = next(record["lines"] for record in records if record["kind"] == "document")
        first, last = lines
        yield GoldDocument(file.stem, text, frozenset(range(first, last + 1)), records)


def also(argument: str) -> GoldDocument:
    """Return the document elsewhere that an argument ``TEXT=GOLD:FIRST-LAST`` names.

    :raises argparse.ArgumentTypeError: when the argument is written otherwise.
    """
    match = re.fullmatch(r"(.+)=(.+):(\d+)-(\d+)", argument)
    if match is None:
        raise argparse.ArgumentTypeError("write TEXT=GOLD:FIRST-LAST")
    text, gold = Path(match[1]), Path(match[2])
    records = [json.loads(row) for row in gold.read_text("utf-8").splitlines()]
    lines = frozenset(range(int(match[3]), int(match[4]) + 1))
    return GoldDocument(text.stem, text.read_text("utf-8"), lines, records)
