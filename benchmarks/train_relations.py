"""Learns the weights of the relations (``loaders/extraction/relations.json``), and tells how well they do.

::

    python benchmarks/train_relations.py CORPUS.tar.xz loaders/extraction/relations.json \\
        --also TEXT=GOLD:FIRST-LAST --predicted FOLDER

Learns from ``benchmarks/gold`` (all but the held-out documents) and prints precision, recall and F1 by predicate, each
document scored by weights that were learnt without it (five folds). ``--predicted`` names a folder of ``NAME.json``
files, each a list of mentions ``[kind, start, end, confidence]`` in the normalised view as a tagger finds them that has
not seen the document: the weights are then learnt from gold and from found mentions alike, and scored on both.

A pair of things that the gold relates is learnt from its best pair of mentions in the line that says so; a relation that
the gold calls optional is not learnt from.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from gold import GoldDocument, also, read_corpus, read_gold_documents, squeezed
from numpy.typing import NDArray
from scipy import optimize, sparse

from hongtu.loaders.extraction.mentions import Mention, in_order
from hongtu.loaders.extraction.normal import NormalText, normalise
from hongtu.loaders.extraction.outline import read_outline
from hongtu.loaders.extraction.pairs import BETWEEN_NAMES, FRAMES, INSIDE, SHAPES, Pairs, read_pairs

FOLDS = 5
PENALTY = 5.0
ROUNDS = 3
FEWEST_DOCUMENTS = 3
"""In so many documents a value of a feature must stand to get a weight."""
SMALLEST = 0.05
"""A weight below is left out."""
SIMILAR = 0.6
"""Names that share so much of the longer one are taken for the same thing, as in ``matching.py``."""
GRID = np.arange(-3.0, 3.0, 0.1)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Key = tuple[int, str, int]
"""A pair of things: the number of the subject in the gold, predicate, number of the object."""
Counts = dict[str, Ints]
"""By predicate: right, wrong, missed."""


@dataclass
class Lesson:
    """The candidates of a document, and which of them the gold wants."""

    name: str
    pairs: Pairs
    keys: list[Key]
    """The things of each pair."""
    wanted: dict[Key, list[int]]
    """The relations of the gold that each pair of things answers."""
    required: list[str | None]
    """The predicate of each relation of the gold, None when it is optional."""
    wrong: NDArray[np.bool_]
    """Which pairs the gold does not relate."""
    right: list[Ints] = field(default_factory=list)
    """For each related pair of things its candidates where the gold says so."""


def gold_mentions(
    document: GoldDocument, view: NormalText, entities: Sequence[dict[str, Any]]
) -> list[Mention]:
    """Return where the names of the gold stand in their lines."""
    found: set[tuple[str, int, int]] = set()
    lines = _lines(document, view)
    for entity in entities:
        for number in entity["lines"]:
            start, end = lines[number - 1]
            places: set[tuple[int, int]] = set()
            for name in {squeezed(name) for name in (entity["name"], *entity["aliases"])} - {""}:
                for match in re.finditer(re.escape(name), view.text[start:end]):
                    places.add((start + match.start(), start + match.end()))
            for one in places:
                if not any(other != one and other[0] <= one[0] and one[1] <= other[1] for other in places):
                    found.add((entity["type"], *one))
    return in_order(Mention(*place, 1.0) for place in found)


def predicted_mentions(
    folder: Path,
) -> Callable[[GoldDocument, NormalText, Sequence[dict[str, Any]]], list[Mention]]:
    """Return what reads the mentions that a tagger found in a document, in its annotated lines."""

    def read(document: GoldDocument, view: NormalText, _: Sequence[dict[str, Any]]) -> list[Mention]:
        lines = [_lines(document, view)[number - 1] for number in document.lines]
        rows = json.loads((folder / f"{document.name}.json").read_text("utf-8"))
        return in_order(
            Mention(*row) for row in rows if any(start <= row[1] and row[2] <= end for start, end in lines)
        )

    return read


def read_lesson(
    document: GoldDocument,
    mentions_of: Callable[[GoldDocument, NormalText, Sequence[dict[str, Any]]], list[Mention]],
) -> Lesson:
    """Return the candidates of a document by the mentions that a function gives."""
    view = normalise(document.text)
    outline = read_outline(view.text)
    entities = [record for record in document.records if record["kind"] == "entity"]
    relations = [record for record in document.records if record["kind"] == "relation"]
    mentions = [
        mention
        for mention in mentions_of(document, view, entities)
        if any(sentence.start <= mention.start < sentence.end for sentence in outline.sentences)
    ]
    things = _things(view.text, entities, mentions)
    pairs = read_pairs(view.text, outline, mentions)
    keys = [
        (things[subject], FRAMES[frame][0], things[object_])
        for subject, object_, frame in zip(pairs.subject, pairs.object, pairs.frame, strict=True)
    ]
    wanted, said = _wanted(entities, relations)
    required = [None if relation["optional"] else relation["p"] for relation in relations]
    lines = _lines(document, view)
    line_of = np.searchsorted([start for start, _ in lines], [mention.start for mention in mentions], "right")
    candidates: dict[Key, list[int]] = {}
    for i, key in enumerate(keys):
        here = {int(line_of[pairs.subject[i]]), int(line_of[pairs.object[i]])}
        if here & said.get(key, set()) and any(required[number] for number in wanted[key]):
            candidates.setdefault(key, []).append(i)
    wrong = np.array([key not in wanted and key[0] != key[2] for key in keys], dtype=bool)
    return Lesson(
        document.name, pairs, keys, wanted, required, wrong, [np.array(each) for each in candidates.values()]
    )


def _lines(document: GoldDocument, view: NormalText) -> list[tuple[int, int]]:
    """Return where the lines of the raw text stand in its normalised view."""
    starts = np.cumsum([0, *(len(line) + 1 for line in document.text.split("\n"))])
    places = np.searchsorted(np.array(view.offsets), starts)
    return list(zip(places[:-1].tolist(), places[1:].tolist(), strict=True))


def _folded(name: str) -> str:
    return re.sub(r"[\s“”\"'‘’《》「」()（）·—\-–]", "", name).lower()


def _things(text: str, entities: Sequence[dict[str, Any]], mentions: Sequence[Mention]) -> list[int]:
    """Return the number of the gold's entity that each mention names; names that the gold lacks get further numbers.

    As ``matching.py`` matches: names that are equal first, then the most similar ones, each entity once.
    """
    names = [(mention.kind, _folded(text[mention.start : mention.end])) for mention in mentions]
    numbers: dict[tuple[str, str], int] = {}
    for number, entity in enumerate(entities):
        for name in (entity["name"], *entity["aliases"]):
            numbers.setdefault((entity["type"], _folded(squeezed(name))), number)
    known = dict(numbers)
    taken = {known[name] for name in names if name in known}
    likely = [
        (similarity, name, number)
        for name in sorted({name for name in names if name not in known})
        for (kind, surface), number in known.items()
        if kind == name[0]
        and number not in taken
        and (similarity := _similarity(name[1], surface)) >= SIMILAR
    ]
    for _, name, number in sorted(likely, key=lambda each: (-each[0], each[1:])):
        if name not in numbers and number not in taken:
            numbers[name] = number
            taken.add(number)
    return [numbers.setdefault(name, len(entities) + len(numbers)) for name in names]


def _similarity(one: str, other: str) -> float:
    """Return the length of the longest common part over that of the longer name."""
    longest = max(len(one), len(other), 1)
    if min(len(one), len(other)) < SIMILAR * longest:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size / longest


def _wanted(
    entities: Sequence[dict[str, Any]], relations: Sequence[dict[str, Any]]
) -> tuple[dict[Key, list[int]], dict[Key, set[int]]]:
    """Return the relations of the gold by pairs of things, and the lines that state each pair."""
    named: dict[str, list[int]] = {}
    for number, entity in enumerate(entities):
        named.setdefault(entity["name"], []).append(number)
    wanted: dict[Key, list[int]] = {}
    said: dict[Key, set[int]] = {}
    for number, relation in enumerate(relations):
        for subject in named.get(relation["s"], ()):
            for object_ in named.get(relation["o"], ()):
                keys = [(subject, relation["p"], object_)]
                if relation["p"] == "partnersWith":
                    keys.append((object_, relation["p"], subject))
                for key in keys:
                    wanted.setdefault(key, []).append(number)
                    said.setdefault(key, set()).add(relation["line"])
    return wanted, said


class Vocabulary:
    """The values of features that get a weight: numbers of feature, frame (or predicate) with shape, and value."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        """Take what stands in enough documents."""
        self.features = {name: part.labels for name, part in lessons[0].pairs.features.items()}
        seen: Counter[int] = Counter()
        for lesson in lessons:
            seen.update(np.unique(self.codes(lesson.pairs)).tolist())
        self.kept = np.array(sorted(code for code, count in seen.items() if count >= FEWEST_DOCUMENTS))

    def codes(self, pairs: Pairs) -> Ints:
        """Return the values of the pairs as whole numbers: pairs × features, twice."""
        predicates = np.array([BETWEEN_NAMES.index(predicate) for predicate, _, _ in FRAMES])
        columns = []
        for number, part in enumerate(pairs.features.values()):
            for broad, frame in ((0, pairs.frame), (1, predicates[pairs.frame])):
                cell = ((number * 2 + broad) * len(FRAMES) + frame) * len(SHAPES) + pairs.shape
                columns.append(cell * 10000 + part.values)
        return np.stack(columns, axis=1)

    def matrix(self, pairs: Pairs) -> sparse.csr_matrix:
        """Return the pairs as rows of zeros and ones."""
        codes = self.codes(pairs)
        places = np.minimum(np.searchsorted(self.kept, codes), len(self.kept) - 1)
        known = self.kept[places] == codes
        rows = np.broadcast_to(np.arange(len(codes))[:, None], codes.shape)[known]
        ones = np.ones(len(rows))
        return sparse.csr_matrix((ones, (rows, places[known])), shape=(len(codes), len(self.kept)))

    def weights(self, values: Floats) -> dict[str, dict[str, dict[str, float]]]:
        """Return weights by feature, frame and value, as ``relations.json`` has them."""
        names = list(self.features)
        found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in names}
        for code, value in zip(self.kept.tolist(), values.tolist(), strict=True):
            if not value:
                continue
            cell, label = divmod(code, 10000)
            cell, shape = divmod(cell, len(SHAPES))
            cell, frame = divmod(cell, len(FRAMES))
            number, broad = divmod(cell, 2)
            words = (BETWEEN_NAMES[frame],) if broad else FRAMES[frame]
            place = found[names[number]].setdefault(f"{' '.join(words)} {SHAPES[shape]}", {})
            place[self.features[names[number]][label]] = value
        return found


def learn(lessons: Sequence[Lesson], vocabulary: Vocabulary) -> Floats:
    """Return the weights: logistic regression, in rounds that choose the mentions by which a pair of things is learnt."""
    rows = sparse.vstack([vocabulary.matrix(lesson.pairs) for lesson in lessons]).tocsr()
    starts = np.cumsum([0, *(len(lesson.keys) for lesson in lessons)])
    # At first the nested and the near.
    scores = np.concatenate(
        [
            -np.where(pairs.shape == INSIDE, 0, 1 + pairs.features["gap"].values)
            for pairs in (x.pairs for x in lessons)
        ]
    ).astype(float)
    wrong = np.concatenate([lesson.wrong for lesson in lessons])
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        right = np.zeros(len(wrong), dtype=bool)
        for lesson, start in zip(lessons, starts, strict=False):
            for candidates in lesson.right:
                right[start + candidates[np.argmax(scores[start + candidates])]] = True
        used = right | wrong
        weights = _fit(rows[used], right[used].astype(float), weights)
        scores = rows @ weights
    return np.where(np.abs(weights) < SMALLEST, 0.0, weights.round(2))


def _fit(rows: sparse.csr_matrix, right: Floats, first: Floats) -> Floats:
    columns = rows.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        chances = 1 / (1 + np.exp(-scores))
        value = (np.logaddexp(0, scores) - right * scores).sum() + PENALTY / 2 * weights @ weights
        return float(value), columns @ (chances - right) + PENALTY * weights

    result = optimize.minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    weights: Floats = result.x
    return weights


def count(lesson: Lesson, scores: Floats, thresholds: dict[str, float]) -> Counts:
    """Return right, wrong and missed relations of a document as ``matching.py`` counts them."""
    hit: set[int] = set()
    wrong: set[Key] = set()
    for key, score in zip(lesson.keys, scores, strict=True):
        if score >= thresholds[key[1]] and key[0] != key[2]:
            if key in lesson.wanted:
                hit.update(lesson.wanted[key])
            else:
                wrong.add(
                    (min(key[0], key[2]), key[1], max(key[0], key[2])) if key[1] == "partnersWith" else key
                )
    counts = {predicate: np.zeros(3, dtype=np.int64) for predicate in BETWEEN_NAMES}
    for number, predicate in enumerate(lesson.required):
        if predicate in counts:
            counts[predicate][0 if number in hit else 2] += 1
    for _, predicate, _ in wrong:
        counts[predicate][1] += 1
    return counts


def count_all(lessons: Sequence[Lesson], scores: Sequence[Floats], thresholds: dict[str, float]) -> Counts:
    """Return the counts of all documents together."""
    each = [count(lesson, score, thresholds) for lesson, score in zip(lessons, scores, strict=True)]
    return {predicate: np.sum([counts[predicate] for counts in each], axis=0) for predicate in BETWEEN_NAMES}


def f1(counts: Ints) -> float:
    """Return the harmonic mean of precision and recall."""
    return float(2 * counts[0] / max(1, 2 * counts[0] + counts[1] + counts[2]))


def choose_thresholds(lessons: Sequence[Lesson], scores: Sequence[Floats]) -> dict[str, float]:
    """Return the threshold of each predicate that give the best F1 of all together."""
    counts = [count_all(lessons, scores, dict.fromkeys(BETWEEN_NAMES, float(limit))) for limit in GRID]
    chosen = {p: max(range(len(GRID)), key=lambda i: f1(counts[i][p])) for p in BETWEEN_NAMES}
    for _ in range(4):
        for predicate in BETWEEN_NAMES:
            others = sum(
                (counts[chosen[p]][p] for p in BETWEEN_NAMES if p != predicate), np.zeros(3, dtype=np.int64)
            )
            chosen[predicate] = max(range(len(GRID)), key=lambda i: f1(others + counts[i][predicate]))
    return {predicate: round(float(GRID[chosen[predicate]]), 1) for predicate in BETWEEN_NAMES}


def calibrate(lessons: Sequence[Lesson], scores: Sequence[Floats]) -> dict[str, list[float]]:
    """Return slope and offset by which a score gives the chance that two things are related."""
    scales = {}
    for predicate in BETWEEN_NAMES:
        best: dict[tuple[int, Key], float] = {}
        for number, lesson in enumerate(lessons):
            for key, score in zip(lesson.keys, scores[number], strict=True):
                relations = lesson.wanted.get(key, [])
                optional = relations and not any(lesson.required[relation] for relation in relations)
                if key[1] == predicate and key[0] != key[2] and not optional:
                    best[number, key] = max(best.get((number, key), -99.0), float(score))
        values = np.array(list(best.values()))
        right = np.array([key in lessons[number].wanted for number, key in best], dtype=float)

        def loss(scale: Floats, values: Floats = values, right: Floats = right) -> float:
            odds = scale[0] * values + scale[1]
            return float((np.logaddexp(0, odds) - right * odds).sum())

        slope, offset = optimize.minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
        scales[predicate] = [round(float(slope), 2), round(float(offset), 2)]
    return scales


def report(title: str, counts: Counts) -> None:
    """Print precision, recall and F1 by predicate."""
    print(title)
    for predicate in (*BETWEEN_NAMES, "all"):
        each = np.sum(list(counts.values()), axis=0) if predicate == "all" else counts[predicate]
        precision, recall = each[0] / max(1, each[0] + each[1]), each[0] / max(1, each[0] + each[2])
        print(f"  {predicate:13}P {precision:.3f}  R {recall:.3f}  F1 {f1(each):.3f}  {each.tolist()}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--also", type=also, action="append", default=[])
    parser.add_argument("--predicted", type=Path)
    arguments = parser.parse_args()
    documents = [
        document
        for document in (*read_gold_documents(read_corpus(arguments.corpus)), *arguments.also)
        if not document.is_held_out
    ]
    sets = {"mentions of the gold": [read_lesson(document, gold_mentions) for document in documents]}
    if arguments.predicted:
        read = predicted_mentions(arguments.predicted)
        known = [
            document for document in documents if (arguments.predicted / f"{document.name}.json").is_file()
        ]
        sets["mentions as found"] = [read_lesson(document, read) for document in known]
    fold_of = {document.name: number % FOLDS for number, document in enumerate(documents)}
    everything = [lesson for lessons in sets.values() for lesson in lessons]
    scores: dict[int, Floats] = {}
    for fold in range(FOLDS):
        rest = [lesson for lesson in everything if fold_of[lesson.name] != fold]
        vocabulary = Vocabulary(rest)
        weights = learn(rest, vocabulary)
        for lesson in everything:
            if fold_of[lesson.name] == fold:
                scores[id(lesson)] = vocabulary.matrix(lesson.pairs) @ weights
    for title, lessons in sets.items():
        held = [scores[id(lesson)] for lesson in lessons]
        thresholds = choose_thresholds(lessons, held)
        scales = calibrate(lessons, held)
        report(
            f"{len(lessons)} documents, {title}, thresholds {thresholds}",
            count_all(lessons, held, thresholds),
        )
    # What was found last is what the product has to do with: its thresholds count.
    vocabulary = Vocabulary(everything)
    learnt = {
        "thresholds": thresholds,
        "confidence": scales,
        "weights": vocabulary.weights(learn(everything, vocabulary)),
    }
    arguments.output.write_text(json.dumps(learnt, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
