"""Evidence that a person leaves to be found: words of the plan instead of offsets, or nothing at all.

A row may quote the plan, several quotations separated by ``|``, or leave the cell empty: then a thing is where its names
stand, a relation in the sentences that have both ends, a figure in those that have it and its indicator. What is not
found is told, never guessed.

>>> finder = Finder(PlanText("甲公司建设乙 大桥。", ""))
>>> finder.quoted("建设乙大桥")
(Span(line=1, start=3, end=9),)
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from hongtu.loaders.language import say
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Entity, Reference, Span
from hongtu.loaders.tables import shorten
from hongtu.loaders.values import parse_aliases, parse_spans

if TYPE_CHECKING:
    from hongtu.loaders.extraction.normal import NormalText

Spans = tuple[Span, ...]
BySentence = dict[Span, list[Span]]


@dataclass(frozen=True)
class Finder:
    """A plan's text in which words are found, however wide their signs are and whatever blanks stand between them."""

    text: PlanText
    _places: dict[str, Spans] = field(default_factory=dict)

    @cached_property
    def _view(self) -> "NormalText":
        from hongtu.loaders.extraction.normal import normalise

        return normalise(self.text.text)

    @cached_property
    def _folded(self) -> str:
        from hongtu.loaders.extraction.normal import fold

        return fold(self._view.text)

    def places(self, words: str) -> Spans:
        """Return all places of words, in the text's order; none overlaps another."""
        if words not in self._places:
            self._places[words] = tuple(self._normalised(words)) or tuple(self._verbatim(words))
        return self._places[words]

    def _normalised(self, words: str) -> Iterator[Span]:
        from hongtu.loaders.extraction.normal import surface

        wanted = surface(words)
        for start in _starts(self._folded, wanted):
            yield self.text.span(*self._view.raw_span(start, start + len(wanted)))

    def _verbatim(self, words: str) -> Iterator[Span]:
        """Yield the places of words that normalising cut apart, such as a part of ``1,778``."""
        for start in _starts(self.text.text, words.strip()):
            yield self.text.span(start, start + len(words.strip()))

    def quoted(self, cell: str, *, once: bool = False) -> Spans:
        """Return the places of the quotations of a cell, in the text's order; nothing is quoted by an empty cell.

        :param once: refuse words that stand at several places, so that it is plain which sentence is meant.
        :raises ValueError: when the text does not have one of them, with the nearest that it has.
        """
        found: set[Span] = set()
        for words in parse_aliases(cell):
            places = self.places(words)
            if not places:
                raise ValueError(
                    say("原文里没有", "the plan's text has no ")
                    + _quoted(words)
                    + self._nearest([words])
                    + say(
                        "；照抄原文里的话，几处用 | 隔开（或写 行：起-止，或空着）",
                        "; copy words from the text, several quotations separated by | (or line:start-end, or nothing)",
                    )
                )
            if once and len(places) > 1:
                lines = say("、", ", ").join(dict.fromkeys(str(place.line) for place in places))
                raise ValueError(
                    say(
                        f"{_quoted(words)}在原文里有 {len(places)} 处（第 {lines} 行）；多引几个字，只剩一处",
                        f"{_quoted(words)} stands at {len(places)} places (lines {lines}); "
                        "quote more of the one that is meant",
                    )
                )
            found.update(places)
        return tuple(sorted(found, key=_order))

    def mentions(self, names: Sequence[str], among: Iterable[str] = ()) -> Spans:
        """Return the places of a thing's names, in the text's order.

        Where a name stands inside of a longer one, the longer one is meant, unless it stands nowhere else.

        :param names: name and aliases of the thing.
        :param among: the names of all things of its kind.
        :raises ValueError: when the text has none of the names, with the nearest that it has.
        """
        own = {place for name in names for place in self.places(name)}
        if not own:
            raise ValueError(
                say("原文里没有", "the plan's text has no ")
                + say("、", " or ").join(map(_quoted, names))
                + self._nearest(names)
                + say(
                    "；原文里的写法不同，就写进别名，或在这里引一句原文",
                    "; where the plan spells it otherwise, write that into the aliases, or quote its words here",
                )
            )
        longer = {
            place
            for other in among
            if any(name in other and name != other for name in names)
            for place in self.places(other)
        }
        return _widest(own, own | longer) or _widest(own, own)

    def by_sentence(self, places: Iterable[Span]) -> BySentence:
        """Return places by the sentence in which they stand; one that runs over several stands in each."""
        found: BySentence = {}
        for place in places:
            at = place.start
            while (at := self._behind_blanks(at)) < place.end:
                sentence = self.text.sentence(at, at + 1)
                found.setdefault(sentence, []).append(place)
                at = sentence.end
        return found

    def _behind_blanks(self, at: int) -> int:
        while self.text.text[at : at + 1].isspace():
            at += 1
        return at

    def figures(self, verbatim: str) -> Spans:
        """Return the places of a figure as printed, those that are no part of a longer number; none when there are none."""
        raw = self.text.text
        return tuple(
            place
            for place in self.places(verbatim)
            if not (verbatim[0].isdigit() and _goes_on(raw[max(0, place.start - 2) : place.start][::-1]))
            and not (verbatim[-1].isdigit() and _goes_on(raw[place.end : place.end + 2]))
        )

    def _nearest(self, wanted: Sequence[str]) -> str:
        """Return a hint with the sentence that has the longest part of any of the words; empty when it is too short."""
        part = max((self._longest_part(words) for words in wanted), key=len)
        if len(part) < 2 or 2 * len(part) < min(map(len, wanted)):
            return ""
        place = self.places(part)[0]
        sentence = self.text.sentence(place.start, place.end)
        quote = " ".join(self.text.text[sentence.start : sentence.end].split())
        return say(
            f"；最接近的在第 {place.line} 行：{_quoted(quote)}",
            f"; the nearest is in line {place.line}: {_quoted(quote)}",
        )

    def _longest_part(self, words: str) -> str:
        """Return the longest run of the words' characters that the text has; empty when it has none."""
        known, low, high = "", 1, len(words) - 1
        while low <= high:
            length = (low + high) // 2
            parts = (words[start : start + length].strip() for start in range(len(words) - length + 1))
            part = next((part for part in parts if part and self.places(part)), "")
            if part:
                known, low = part, length + 1
            else:
                high = length - 1
        return known


class Sentences:
    """The sentences that relations and figures rest on where their rows leave that open."""

    def __init__(self, finder: Finder, entities: Sequence[Entity]) -> None:
        """Look in the finder's text for these things of the plan."""
        self._finder = finder
        self._things = {entity.reference: entity for entity in entities}
        self._names: dict[str, set[str]] = {}
        for entity in entities:
            self._names.setdefault(entity.kind, set()).update((entity.name, *entity.aliases))
        self._places: dict[Reference, BySentence] = {}

    def of_relation(self, subject: Reference, object_: Reference) -> Spans:
        """Return the sentences that have both things, by a name or by what their rows give as evidence.

        :raises ValueError: when there are none.
        """
        return _common(self._where(subject), self._where(object_)) or _no_sentence(subject.name, object_.name)

    def of_figure(self, verbatim: str, indicator: str) -> Spans:
        """Return the sentences that have a figure as printed and what it measures.

        :raises ValueError: when there are none.
        """
        figures, indicators = self._finder.figures(verbatim), self._finder.places(indicator)
        found = _common(self._finder.by_sentence(figures), self._finder.by_sentence(indicators))
        return found or _no_sentence(verbatim, indicator)

    def _where(self, thing: Reference) -> BySentence:
        if thing not in self._places:
            entity = self._things[thing]
            named: Spans = ()
            # Where the text has none of its names, its row gives places.
            with suppress(ValueError):
                named = self._finder.mentions((entity.name, *entity.aliases), self._names[thing.kind])
            self._places[thing] = self._finder.by_sentence((*entity.evidence, *named))
        return self._places[thing]


def _no_sentence(one: str, other: str) -> NoReturn:
    raise ValueError(
        say(
            f"原文里没有同时写着{_quoted(one)}和{_quoted(other)}的句子；"
            "在这里引一句原文，或把原文里的写法写进别名",
            f"no sentence of the plan has both {_quoted(one)} and {_quoted(other)}; "
            "quote here the words that say so, or write the plan's spelling into the aliases",
        )
    )


def evidence_parser(finder: Finder, *, once: bool) -> Callable[[str], Spans]:
    """Return the parser of an evidence cell with the text at hand: places, or words; none for an empty cell.

    :param once: refuse words that stand at several places.
    """

    def parse(cell: str) -> Spans:
        try:
            return parse_spans(cell)
        except ValueError:
            return finder.quoted(cell, once=once)

    return parse


def _starts(text: str, words: str) -> Iterator[int]:
    start = text.find(words) if words else -1
    while start >= 0:
        yield start
        start = text.find(words, start + len(words))


def _order(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _is_inside(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end


def _widest(places: set[Span], all_: set[Span]) -> Spans:
    """Return the places that lie in no other of all, in the text's order."""
    wide = (
        place for place in places if not any(other != place and _is_inside(place, other) for other in all_)
    )
    return tuple(sorted(wide, key=_order))


def _common(some: BySentence, others: BySentence) -> Spans:
    """Return the sentences that have one of some places and one of others, in the text's order.

    Sentences in which one lies inside of the other (华翔 in 华翔产业园) count only where there are none but these.
    """
    together = some.keys() & others.keys()
    apart = {
        sentence
        for sentence in together
        if any(
            one.end <= other.start or other.end <= one.start
            for one in some[sentence]
            for other in others[sentence]
        )
    }
    return tuple(sorted(apart or together, key=_order))


def _goes_on(beside: str) -> bool:
    """Tell whether characters beside a number, the next one first, belong to it."""
    return beside[:1].isdigit() or (beside[:1] in (".", "．", ",") and beside[1:2].isdigit())


def _quoted(words: str) -> str:
    return f"“{shorten(words)}”"
