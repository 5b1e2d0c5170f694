"""Learns the weights of the tagger (``loaders/extraction/tagger.npz``).

::

    pip install -e . torch
    python benchmarks/train_tagger.py pretrain CORPUS.tar.xz pretrained.pt --minutes 22
    python benchmarks/train_tagger.py learn CORPUS.tar.xz pretrained.pt loaders/extraction/tagger.npz

``pretrain`` learns to guess hidden characters of the corpus without its held-out places; ``learn`` goes on with the
annotated lines of ``benchmarks/gold`` (all but the held-out documents) and writes the mean of several runs. A name that
the gold calls optional may be found or not; where the gold gives a longer and a shorter form, either may be found.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gold import HELD_OUT, GoldDocument, also, read_corpus, read_gold_documents
from numpy.typing import NDArray
from renamed import companies, renamed
from torch import Tensor, nn
from torch.nn import functional

from hongtu.loaders.extraction.mentions import KINDS
from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.extraction.outline import read_outline
from hongtu.loaders.extraction.scope import find_scope, find_title
from hongtu.loaders.extraction.signals import SIZES, read_signals
from hongtu.loaders.extraction.tagger import DILATIONS, LABELS, SENTENCE, Alphabet, fold

WIDTH = 64
PAIR_DOCUMENTS, CHARACTER_DOCUMENTS = 25, 5
"""In so many reports of the corpus a pair, or a character, must stand to have a vector of its own."""
WINDOW = 256
WEIGHT_OF_OTHERS = 4
NEVER = -1e4
ALLOWED = ("OO", "OB", "OS", "BI", "BE", "II", "IE", "EO", "EB", "ES", "SO", "SB", "SS")


class Network(nn.Module):
    """The tagger's network as torch learns it; :func:`packed` turns it into arrays."""

    def __init__(self, alphabet: Alphabet, dropout: float = 0.3) -> None:
        """Start with chance weights."""
        super().__init__()
        pairs = len(alphabet.pairs) + 1
        self.single = nn.Embedding(alphabet.size, WIDTH)
        self.before, self.behind = nn.Embedding(pairs, WIDTH), nn.Embedding(pairs, WIDTH)
        self.signals = nn.ModuleDict({name: nn.Embedding(size, WIDTH) for name, size in SIZES.items()})
        self.layers = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, 3, padding=distance, dilation=distance) for distance in DILATIONS
        )
        self.guess = nn.Linear(WIDTH, alphabet.size)
        self.last = nn.Linear(2 * WIDTH, len(KINDS) * len(LABELS))
        self.moves = nn.Parameter(torch.zeros(len(KINDS), len(LABELS), len(LABELS)))
        self.dropout = nn.Dropout(dropout)
        allowed = torch.tensor([[one + other in ALLOWED for other in LABELS] for one in LABELS])
        self.register_buffer("allowed", allowed)
        for table, spread in ((self.single, 0.3), (self.before, 0.1), (self.behind, 0.1)):
            nn.init.normal_(table.weight, 0, spread)
        for table in self.signals.values():
            nn.init.normal_(table.weight, 0, 0.05)  # type: ignore[arg-type]

    def vectors(self, singles: Tensor, pairs: Tensor) -> Tensor:
        """Return characters with their neighbours as vectors."""
        before = functional.pad(pairs[:, :-1], (1, 0))
        vectors: Tensor = self.single(singles) + self.before(before) + self.behind(pairs)
        return vectors

    def convolved(self, vectors: Tensor) -> Tensor:
        """Return what each character looks like from its surroundings."""
        seen = vectors.transpose(1, 2)
        for layer in self.layers:
            seen = seen + functional.relu(layer(self.dropout(seen)))
        return seen.transpose(1, 2)

    def scores(self, singles: Tensor, pairs: Tensor, signals: dict[str, Tensor]) -> Tensor:
        """Return how well each label fits: sequences × characters × kinds × labels."""
        if self.training:  # some characters and pairs are hidden, so that no single one decides
            singles = singles.masked_fill(torch.rand(singles.shape) < 0.1, 1)
            pairs = pairs.masked_fill(torch.rand(pairs.shape) < 0.25, 0)
        vectors = self.vectors(singles, pairs)
        for name, table in self.signals.items():
            vectors = vectors + table(signals[name])
        both = torch.cat([self.convolved(vectors), vectors], -1)
        scores: Tensor = self.last(self.dropout(both)).reshape(*singles.shape, len(KINDS), len(LABELS))
        return scores

    def transitions(self) -> Tensor:
        """Return how well labels follow each other: kinds × label × next label."""
        return self.moves.masked_fill(~self.allowed, NEVER)


def learn_alphabet(texts: Sequence[str]) -> Alphabet:
    """Return the characters and pairs that stand in many of the texts."""
    characters: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in map(fold, texts):
        characters.update(set(text))
        pairs.update({text[i : i + 2] for i in range(len(text) - 1)})
    known = "".join(sorted(c for c, count in characters.items() if count >= CHARACTER_DOCUMENTS))
    number = {character: i for i, character in enumerate(known, 2)}
    common = [pair for pair, count in pairs.items() if count >= PAIR_DOCUMENTS and "\n" not in pair]
    keys = sorted(number[p[0]] * (len(known) + 2) + number[p[1]] for p in common if set(p) <= set(number))
    return Alphabet(known, np.array(keys))


def pretrain(texts: Sequence[str], minutes: float) -> tuple[Alphabet, dict[str, Any]]:
    """Return the alphabet, and a network that learnt to guess hidden characters of the texts."""
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    alphabet = learn_alphabet(texts)
    stream = np.concatenate([alphabet.encode(text + "\n")[0] for text in texts])
    network = Network(alphabet, dropout=0.1)
    optimizer = torch.optim.Adam(network.parameters())
    started, step, loss = time.monotonic(), 0, torch.tensor(0.0)
    while (done := (time.monotonic() - started) / 60 / minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * max(0.03, 1 - done) * min(1, (step + 1) / 200)
        starts = random.integers(0, len(stream) - WINDOW, 32)
        true = stream[starts[:, None] + np.arange(WINDOW)]
        hidden = np.zeros(true.shape, dtype=bool)
        for length, share in ((1, 0.06), (2, 0.03), (3, 0.015)):
            begins = random.random(true.shape) < share
            for shift in range(length):
                hidden[:, shift:] |= begins[:, : WINDOW - shift]
        shown = np.where(hidden, 1, true)
        pairs = torch.from_numpy(alphabet.encode_pairs(shown))
        seen = network.convolved(network.vectors(torch.from_numpy(shown), pairs))
        mask = torch.from_numpy(hidden)
        loss = functional.cross_entropy(network.guess(seen[mask]), torch.from_numpy(true)[mask])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if step % 500 == 0:
            print(f"{step} steps, {done:.0%}, loss {loss.item():.3f}", flush=True)
    return alphabet, network.state_dict()


@dataclass(slots=True)
class Lesson:
    """A stretch of an annotated text: numbers, signals, and the labels that the gold allows."""

    singles: NDArray[np.int64]
    pairs: NDArray[np.int64]
    signals: dict[str, NDArray[np.int8]]
    allowed: NDArray[np.bool_]


def lessons(document: GoldDocument, alphabet: Alphabet) -> Iterator[Lesson]:
    """Yield the annotated lines of a document in stretches of whole sentences."""
    text = normalise(document.text).text
    title = find_title(text)
    outline, home = read_outline(text), find_scope(title, document.name, text)
    singles, pairs = alphabet.encode(text)
    signals = read_signals(text, outline, home, pairs)
    allowed, annotated = allowed_labels(text, document)
    for start, end in stretches(text, annotated):
        part = slice(start, end)
        yield Lesson(
            singles[part],
            pairs[part],
            {name: signal[part] for name, signal in signals.items()},
            allowed[part],
        )


def stretches(text: str, annotated: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield stretches of annotated sentences, up to ``WINDOW`` characters where sentences allow."""
    first = last = 0
    for sentence in SENTENCE.finditer(text):
        start, end = sentence.start(), min(sentence.end() + 1, len(text))
        if annotated[start] and start == last and end - first <= WINDOW:
            last = end
            continue
        if last > first:
            yield first, last
        first, last = (start, end) if annotated[start] else (end, end)
    if last > first:
        yield first, last


def allowed_labels(text: str, document: GoldDocument) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the labels that the gold allows (characters × kinds × labels), and which characters are annotated."""
    allowed = np.zeros((len(text), len(KINDS), len(LABELS)), dtype=bool)
    allowed[:, :, 0] = True
    annotated = np.zeros(len(text), dtype=bool)
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if number in document.lines:
            annotated[start : start + len(line) + 1] = True
            spans = [
                (begin, end, kind, optional) for begin, end, kind, optional in document.spans(number, line)
            ]
            for kind in range(len(KINDS)):
                for group in overlapping([span for span in spans if span[2] == kind]):
                    low, high = group[0][0], max(span[1] for span in group)
                    labels = np.zeros((high - low, len(LABELS)), dtype=bool)
                    for begin, end, _, _ in group:
                        path = np.zeros(high - low, dtype=int)
                        path[begin - low : end - low] = 2
                        path[begin - low], path[end - low - 1] = 1, 3
                        if end - begin == 1:
                            path[begin - low] = 4
                        labels[np.arange(high - low), path] = True
                    labels[:, 0] |= all(optional for _, _, _, optional in group)
                    allowed[start + low : start + high, kind] = labels
        start += len(line) + 1
    return allowed, annotated


def overlapping(spans: list[tuple[int, int, int, bool]]) -> Iterator[list[tuple[int, int, int, bool]]]:
    """Yield the spans in groups that overlap."""
    group: list[tuple[int, int, int, bool]] = []
    for span in sorted(spans):
        if group and span[0] >= max(other[1] for other in group):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def all_paths(scores: Tensor, transitions: Tensor, lengths: Tensor) -> Tensor:
    """Return the log of the summed weight of all label sequences: sequences × kinds."""
    begin, end = torch.zeros(len(LABELS)), torch.zeros(len(LABELS))
    begin[[2, 3]], end[[1, 2]] = NEVER, NEVER
    total = scores[:, 0] + begin
    for step in range(1, scores.shape[1]):
        further = torch.logsumexp(total.unsqueeze(-1) + transitions, -2) + scores[:, step]
        total = torch.where((step < lengths)[:, None, None], further, total)
    return torch.logsumexp(total + end, -1)


def loss_of(network: Network, batch: Sequence[Lesson]) -> Tensor:
    """Return how unlikely the network finds the allowed labels (the negative log-likelihood of a partial CRF)."""
    lengths = torch.tensor([len(lesson.singles) for lesson in batch])
    longest = int(lengths.max())

    def padded(arrays: list[NDArray[Any]]) -> Tensor:
        whole = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), dtype=arrays[0].dtype)
        for i, array in enumerate(arrays):
            whole[i, : len(array)] = array
        return torch.from_numpy(whole)

    signals = {name: padded([lesson.signals[name] for lesson in batch]).long() for name in SIZES}
    scores = network.scores(
        padded([lesson.singles for lesson in batch]), padded([lesson.pairs for lesson in batch]), signals
    )
    allowed = padded([lesson.allowed for lesson in batch])
    both = torch.cat([scores, scores.masked_fill(~allowed, NEVER)])
    every, right = all_paths(both, network.transitions(), lengths.repeat(2)).chunk(2)
    return (every - right).sum(1).mean()


def learn(
    taught: Sequence[Lesson], alphabet: Alphabet, start: dict[str, Any], epochs: int, seed: int
) -> dict[str, Any]:
    """Return the weights after going through the lessons so many times."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = Network(alphabet)
    network.load_state_dict(start)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-3)
    steps, step = epochs * (len(taught) // 16 + 1), 0
    for epoch in range(epochs):
        lengths = [len(lesson.singles) + random.integers(0, 60) for lesson in taught]
        order = np.argsort(lengths)
        batches = [order[i : i + 16] for i in range(0, len(order), 16)]
        random.shuffle(batches)
        total = 0.0
        for numbers in batches:
            for group in optimizer.param_groups:
                group["lr"] = 1.5e-3 * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
            loss = loss_of(network, [taught[i] for i in numbers])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            step += 1
            total += loss.item()
        print(f"seed {seed}, epoch {epoch + 1}: loss {total / len(batches):.2f}", flush=True)
    return network.state_dict()


def packed(alphabet: Alphabet, weights: dict[str, Tensor]) -> dict[str, NDArray[Any]]:
    """Return weights as the arrays that :class:`hongtu.loaders.extraction.tagger.Tagger` reads."""
    arrays: dict[str, NDArray[Any]] = {"characters": np.array(alphabet.characters), "pairs": alphabet.pairs}
    tables = {name: f"{name}.weight" for name in ("single", "before", "behind")}
    tables |= {name: f"signals.{name}.weight" for name in SIZES}
    for name, key in tables.items():
        table = weights[key].numpy()
        scale = np.abs(table).max(axis=1) / 127 + 1e-12
        arrays[f"{name}/q"] = np.round(table / scale[:, None]).astype(np.int8)
        arrays[f"{name}/scale"] = scale.astype(np.float32)
    for number in range(len(DILATIONS)):
        arrays[f"layer{number}"] = weights[f"layers.{number}.weight"].permute(2, 1, 0).contiguous().numpy()
        arrays[f"bias{number}"] = weights[f"layers.{number}.bias"].numpy()
    arrays["last"] = weights["last.weight"].T.contiguous().numpy()
    arrays["last_bias"] = weights["last.bias"].numpy()
    arrays["transitions"] = weights["moves"].masked_fill(~weights["allowed"], NEVER).numpy()
    return arrays


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, dest="command")
    one = commands.add_parser("pretrain")
    one.add_argument("corpus", type=Path)
    one.add_argument("output", type=Path)
    one.add_argument("--minutes", type=float, default=22.0)
    two = commands.add_parser("learn")
    two.add_argument("corpus", type=Path)
    two.add_argument("pretrained", type=Path)
    two.add_argument("output", type=Path)
    two.add_argument(
        "--also",
        type=also,
        action="append",
        default=[],
        metavar="TEXT=GOLD:FIRST-LAST",
        help=f"a further document with its gold and the annotated lines; it counts {WEIGHT_OF_OTHERS} times",
    )
    two.add_argument("--epochs", type=int, default=16)
    two.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    corpus = read_corpus(arguments.corpus)
    if arguments.command == "pretrain":
        texts = [normalise(text).text for name, text in corpus.items() if name.split("-")[0] not in HELD_OUT]
        alphabet, weights = pretrain(texts, arguments.minutes)
        torch.save(
            {"characters": alphabet.characters, "pairs": alphabet.pairs, "weights": weights}, arguments.output
        )
        return
    start = torch.load(arguments.pretrained, weights_only=False)
    alphabet = Alphabet(start["characters"], start["pairs"])
    documents = [document for document in read_gold_documents(corpus) if not document.is_held_out]
    documents += WEIGHT_OF_OTHERS * arguments.also
    names = companies(documents)
    documents += [renamed(document, names, i) for i, document in enumerate(documents)]
    taught = [lesson for document in documents for lesson in lessons(document, alphabet)]
    print(f"{len(documents)} documents, {sum(len(lesson.singles) for lesson in taught)} characters")
    one_run = partial(learn, taught, alphabet, start["weights"], arguments.epochs)
    with ProcessPoolExecutor(arguments.runs, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        runs = list(pool.map(one_run, range(arguments.runs)))
    # The mean of runs that began at the same weights is better than each of them (arXiv 2203.05482).
    mean = {
        key: sum(run[key] for run in runs) / len(runs) if runs[0][key].is_floating_point() else runs[0][key]
        for key in runs[0]
    }
    np.savez_compressed(arguments.output, **packed(alphabet, mean))


if __name__ == "__main__":
    main()
