"""Scores the reader against the gold of ``benchmarks/gold``.

::

    python benchmarks/score_extraction.py CORPUS.tar.xz --held-out
    python benchmarks/score_extraction.py CORPUS.tar.xz --errors errors.csv --json scores.json
    python benchmarks/score_extraction.py --text plan.txt --gold plan.jsonl

Prints F1 by document, then sums over all documents with intervals in which 95 % of 2,000 samples of documents lie
(bootstrap). The rules of what counts as found are those of ``matching.py``. Only the held-out documents tell how well
the reader does on a place that it has not seen: from the others the tagger was learnt, and rules were written after
them. The error list leaves the held-out ones out, so that they stay unseen.
"""

import argparse
import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from gold import GoldDocument, read_corpus, read_gold_documents
from matching import Error, Judgement, Tally, judge
from numpy.typing import NDArray

from hongtu.loaders.extraction import extract
from hongtu.loaders.extraction.mentions import KINDS
from hongtu.loaders.extraction.pairs import BETWEEN_NAMES
from hongtu.loaders.plan_text import PlanText

SAMPLES = 2000
SHOWN = ("exact", "lenient", "relations", "targets", "year", "comparator")
DETAILED = (
    *(f"exact {kind}" for kind in KINDS),
    *(f"lenient {kind}" for kind in KINDS),
    *(f"relations {predicate}" for predicate in BETWEEN_NAMES),
)

Group = dict[str, Judgement]
"""Judgements by the names of their documents."""


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?", help="archive of the reports that the gold speaks of")
    parser.add_argument("--held-out", action="store_true", help="the held-out documents only")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these documents only")
    parser.add_argument("--text", type=Path, help="a text outside of the folder, with --gold")
    parser.add_argument("--gold", type=Path, help="the gold of --text")
    parser.add_argument("--errors", type=Path, metavar="FILE", help="write what was missed and wrong as CSV")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures as JSON")
    arguments = parser.parse_args()
    if arguments.text and arguments.gold:
        documents = [read_document(arguments.text, arguments.gold)]
    elif arguments.corpus and arguments.corpus.is_file():
        documents = list(read_gold_documents(read_corpus(arguments.corpus)))
        if unknown := set(arguments.only or ()) - {document.name for document in documents}:
            parser.error(f"no gold for {', '.join(sorted(unknown))}")
    else:
        parser.error("give the archive of the reports, a file, or --text and --gold")
    print(row("F1 by document", SHOWN))
    groups: dict[str, Group] = {"development": {}, "held out": {}}
    for document in documents:
        if (arguments.only and document.name not in arguments.only) or (
            arguments.held_out and not document.is_held_out
        ):
            continue
        group = groups["held out" if document.is_held_out else "development"]
        group[document.name] = judgement = read_and_judge(document)
        print(row(document.name, (f"{judgement.tallies[key].f1:.3f}" for key in SHOWN)), flush=True)
    groups = {name: group for name, group in groups.items() if group}
    for name, group in groups.items():
        print(f"\n{name}: {len(group)} documents")
        print("\n".join(summary(group)))
    if arguments.errors:
        write_errors(arguments.errors, groups.get("development", {}))
    if arguments.json:
        text = json.dumps(
            {name: figures(group) for name, group in groups.items()}, ensure_ascii=False, indent=1
        )
        arguments.json.write_text(text + "\n", "utf-8")


def read_document(text: Path, gold: Path) -> GoldDocument:
    """Return a document from outside of the folder; all its lines are annotated unless the gold says which."""
    content = PlanText.read(text).text
    records = [json.loads(line) for line in gold.read_text("utf-8").splitlines() if line.strip()]
    first, last = next(
        (record["lines"] for record in records if record["kind"] == "document"), (1, content.count("\n") + 1)
    )
    return GoldDocument(text.stem, content, frozenset(range(first, last + 1)), records)


def read_and_judge(document: GoldDocument) -> Judgement:
    """Return what the reader finds of a document's gold."""
    digest = hashlib.sha256(document.text.encode()).hexdigest()
    return judge(document, extract(PlanText(document.text, digest), document.name))


def row(name: str, cells: Iterable[str]) -> str:
    """Return a line of the table; Chinese characters are two columns wide."""
    width = sum(1 if character.isascii() else 2 for character in name)
    return name + " " * max(1, 28 - width) + "".join(f"{cell:>11}" for cell in cells)


def summary(group: Group) -> Iterator[str]:
    """Yield the lines of the table of sums, each with its interval."""
    bounds = intervals(group)
    for key in (*SHOWN, *DETAILED):
        tally = total(group, key)
        low, high = bounds[key]
        yield (
            f"{key:24} F1 {tally.f1:.3f} [{low:.3f}, {high:.3f}]  "
            f"P {tally.precision:.3f}  R {tally.recall:.3f}  "
            f"found {tally.found}, wrong {tally.wrong}, missed {tally.missed}"
        )


def total(group: Group, key: str) -> Tally:
    """Return the sum of a tally over documents."""
    return Tally(*map(sum, zip(*(judgement.tallies[key] for judgement in group.values()), strict=True)))


def intervals(group: Group) -> Mapping[str, tuple[float, float]]:
    """Return for each tally the interval of F1 in which 95 % of the samples of documents lie."""
    random = np.random.default_rng(1)
    samples = random.integers(0, len(group), (SAMPLES, len(group)))
    found = {}
    for key in (*SHOWN, *DETAILED):
        counts = np.array([judgement.tallies[key] for judgement in group.values()])
        low, high = np.quantile(f1_of(counts[samples].sum(axis=1)), [0.025, 0.975])
        found[key] = float(low), float(high)
    return found


def f1_of(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return F1 of rows of found, wrong, missed."""
    found, wrong, missed = counts.T
    f1: NDArray[np.float64] = 2 * found / np.maximum(1, 2 * found + wrong + missed)
    return f1


def figures(group: Group) -> dict[str, object]:
    """Return all figures of a group of documents for JSON."""
    bounds = intervals(group)

    def shown(tally: Tally) -> dict[str, float]:
        shares = {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
        return {**tally._asdict(), **{name: round(share, 4) for name, share in shares.items()}}

    return {
        "total": {
            key: {**shown(total(group, key)), "f1_interval": [round(bound, 4) for bound in bounds[key]]}
            for key in (*SHOWN, *DETAILED)
        },
        "documents": {
            name: {key: shown(tally) for key, tally in judgement.tallies.items()}
            for name, judgement in group.items()
        },
    }


def write_errors(file: Path, group: Group) -> None:
    """Write the error list, UTF-8 with a byte order mark so that Excel shows it well."""
    errors: Sequence[Error] = [error for judgement in group.values() for error in judgement.errors]
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(Error._fields)
        writer.writerows(errors)


if __name__ == "__main__":
    main()
