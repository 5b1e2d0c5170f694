"""Indicators: the words around a quantity that say what it counts.

They stand before it (高新技术企业达到10家), behind it (建成54处实验室), or in the clause before (收入达39466元、增长8.2％).
All word lists are in ``figures.toml``.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from hongtu.loaders.extraction.figure_words import any_of, either, figure_words
from hongtu.loaders.extraction.horizon import YEAR
from hongtu.loaders.extraction.quantities import Quantity

BEFORE, BEHIND, INHERITED = 0.9, 0.8, 0.7
"""How sure an indicator is that stands before its figure, behind it, or in the clause before."""

_CONJUNCTION = re.compile(r"[、和与及]|以及")
_STOP = re.compile(r"[，、：；。（）！？\n|]")
_FIVE = r"“十.五”(?:期?末|时期|期间)?"
_TIME_AT_END = re.compile(
    rf"[从由到至在比较]?(?:截至)?(?:(?:{YEAR})年?(?:同期)?(?:年?底|末|初)?|{_FIVE})的?$"
)
_TIME_AT_START = re.compile(
    rf"\d{{1,2}}[.、]|[从由到至在]?(?:截至)?(?:{YEAR})年?(?:(?:\d+[—-])?\d+月份?)?[底末]?[，、]?|[到至]?{_FIVE}[，、]?"
)
_LONGEST_WORD = 6
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a quantity counts: ``words``, which stand at ``start`` to ``end``, and a word of ``change`` behind them.

    ``bound`` is the comparator that stands before the figure (不低于), or empty.
    """

    words: str
    start: int
    end: int
    change: str = ""
    bound: str = ""
    confidence: float = BEFORE


def find_indicator(
    text: str, run: list[Quantity], left: int, right: int, earlier: list[Indicator]
) -> Indicator | None:
    """Return what a quantity, or a run of them (15.7％和18.4％), counts; ``None`` when the text does not tell.

    :param left: where the words before the run may begin: the sentence or the figure before.
    :param right: where the words behind it must end.
    :param earlier: the indicators of the sentence so far.
    """
    before = _indicator_before(text, left, run[0].start)
    behind = _indicator_behind(text, run[-1].end, right, before.bound)
    if before.words and not (behind and _hands_over(before.words)):
        linked = before.change or before.end < run[0].start
        if not behind or linked or run[0].kind == "shares" or run[0].unit.endswith("元"):
            return _last_of_list(before) if len(run) == 1 else before
        if run[0].kind == "measures":
            # 某公司10万吨丙烯项目: the size of a project.
            return None
    if behind:
        return behind
    if earlier:
        return _inherited(earlier[-1], before, run[0])
    if before.change in figure_words("between", "events"):
        return replace(before, words=before.change, change="", confidence=INHERITED)
    return None


def split_indicator(indicator: Indicator, count: int, earlier: list[Indicator]) -> list[str]:
    """Return what each figure of a run counts: 粮食、油料产量分别达到A、B → 粮食产量, 油料产量."""
    if indicator.confidence == INHERITED and 1 < count <= len(earlier):
        return [one.words + indicator.change for one in earlier[-count:]]
    items = [item for item in _CONJUNCTION.split(indicator.words) if item]
    if count == 1 or len(items) != count:
        items = [indicator.words] * count
    elif len(items[-1]) > 3 and all(len(item) == 2 for item in items[:-1]):
        items = [*(item + items[-1][2:] for item in items[:-1]), items[-1]]
    return [item + indicator.change for item in items]


def _indicator_before(text: str, left: int, right: int) -> Indicator:
    """Return the indicator that ends where a figure begins; its words are empty if there is none."""
    start = _clause_start(text, left, right)
    end, change, bound = _strip_links(text, start, right)
    begin = _skip(text, start, end, figure_words("before", "loose"))
    if text[begin:end] in figure_words("between", "events"):
        return Indicator("", begin, end, text[begin:end], bound)
    begin = _skip(text, start, end, _leading())
    for found in _cuts().finditer(text, begin + 1, end):
        if end - found.end() >= 2:
            begin = found.start() if found.group() in figure_words("before", "kept") else found.end()
    begin = max(_skip(text, begin, end, _leading()), end - _LONGEST)
    return Indicator(text[begin:end], begin, end, change, bound)


def _clause_start(text: str, left: int, right: int) -> int:
    """Return where the clause of a figure begins: behind a comma or colon, or inside the bracket it stands in."""
    start, depth = right, 0
    while start > left:
        letter = text[start - 1]
        if letter == "）":
            depth += 1
        elif letter == "（":
            if not depth:
                break
            depth -= 1
        elif not depth and (letter in "，|；】◆●·" or (letter == "：" and start < right)):
            break
        start -= 1
    return start


def _strip_links(text: str, start: int, end: int) -> tuple[int, str, str]:
    """Return where the indicator ends before the words that lead to its figure, the word of change, and the bound."""
    links, changes, bounds = _links(), figure_words("between", "change"), _bounds()
    bound, change_end = "", 0
    while end > start:
        for length in range(min(_LONGEST_WORD, end - start), 0, -1):
            word = text[end - length : end]
            if word not in links and word not in changes:
                continue
            if word in changes and not change_end and text[end] not in "到至为":
                change_end = end
            bound = bound or bounds.get(word, "")
            end -= length
            break
        else:
            found = _TIME_AT_END.search(text, max(start, end - 12), end)
            if not found:
                break
            end = found.start()
    change = text[end:change_end].lstrip("，：、的").replace("分别", "") if change_end else ""
    return end, change, bound


def _skip(text: str, start: int, end: int, words: frozenset[str]) -> int:
    """Return where the indicator begins behind words (adverbs, verbs) and times that do not belong to it."""
    while start < end:
        for length in range(min(_LONGEST_WORD, end - start), 0, -1):
            if text[start : start + length] in words:
                if any_of("before", "bound").match(text, start + length):
                    continue
                start += length
                break
        else:
            found = _TIME_AT_START.match(text, start, end)
            if not found or not found.group():
                break
            start = found.end()
    return start


def _indicator_behind(text: str, start: int, right: int, bound: str) -> Indicator | None:
    """Return the name of what is counted that begins where a figure ends."""
    stop = _STOP.search(text, start, right)
    end = stop.start() if stop else right
    start += text.startswith("的", start, end)
    if found := any_of("after", "ends").search(text, min(start + 2, end), end):
        end = found.start()
    if not 2 <= end - start <= _LONGEST or _skip(text, start, end, _verbs()) > start:
        return None
    return Indicator(text[start:end], start, end, "", bound, BEHIND)


def _hands_over(words: str) -> bool:
    """Tell words that only lead to what follows the figure: 甲、乙等4家企业, 依托园区新建2家实验室."""
    return (
        len(words) == 1 or words[-1] in "等中内市县区镇乡和、与及" or _verb_at_end().search(words) is not None
    )


def _inherited(earlier: Indicator, before: Indicator, quantity: Quantity) -> Indicator:
    """Return the indicator of the figure before, with the word of change that stands here: …、增长8.2％."""
    change = before.change or (earlier.change if quantity.kind == "shares" else "")
    words, events = earlier.words, figure_words("between", "events")
    if change in events:
        # 新开工住房1053套，建成270套 → 住房建成
        begin = _skip(words, 0, len(words), figure_words("before", "kept") | events | {"、"})
        words = words[begin:] or words
    return replace(earlier, words=words, change=change, bound=before.bound, confidence=INHERITED)


def _last_of_list(indicator: Indicator) -> Indicator:
    """Return what a single figure behind a list counts: 甲、乙、丙等小区 → 小区."""
    words = indicator.words
    if words.count("、") > 1 or words.find("等") > words.find("、") >= 0:
        begin = max(words.rfind("、", 0, len(words) - 1), words.rfind("等", 0, len(words) - 1)) + 1
        return replace(indicator, words=words[begin:], start=indicator.start + begin)
    return indicator


@cache
def _leading() -> frozenset[str]:
    return figure_words("before", "loose") | figure_words("before", "verbs")


@cache
def _links() -> frozenset[str]:
    return figure_words("between", "links") | figure_words("between", "base")


@cache
def _verbs() -> frozenset[str]:
    return (
        figure_words("before", "verbs")
        | figure_words("between", "change")
        | figure_words("between", "events")
    )


@cache
def _bounds() -> dict[str, str]:
    lists = (("above", ">="), ("below", "<="), ("about", "~"))
    return {word: sign for name, sign in lists for word in figure_words("bounds", name)}


@cache
def _cuts() -> re.Pattern[str]:
    # 覆盖率 and 储备额 are no verbs.
    return re.compile(either(figure_words("before", "cuts")) + "(?![率面度量额数者])")


@cache
def _verb_at_end() -> re.Pattern[str]:
    verbs = frozenset().union(*(figure_words("before", name) for name in ("verbs", "kept", "cuts", "lead")))
    return re.compile(either(verbs) + "(?:全省|全市|首批|首个|第.批|了)?$")
