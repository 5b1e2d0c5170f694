"""The build of a text: where the plan begins and ends, its headings, paragraphs with their lead phrases, sentences.

The rules are data, with examples, in ``outline.toml``. All offsets count in the normalised view.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from hongtu.loaders.extraction.lexicon import read_toml

_NUMERAL = "一二三四五六七八九十百零○"
_LINE = re.compile(r"[^\n]+")
# A text without stops is cut too, so that nothing takes time that grows with the square of its length.
_SENTENCE = re.compile(r"[^。！？；\n]{1,1000}[。！？；]*[”’」』）】]*")
_LABEL = re.compile(
    r"([^。！？；：，、“（）|\n]{2,14})：(?=[^\n])|([^。！？；：|\n]{2,28})。(?=[^\n]{2})|【([^】\n]{2,14})】(?=[^\n]{4})"
)
_NO_HEADING = re.compile(r"[。；：！？|]|[，、\d]$|^(?!\d{4}年)[\d，。、）”’]|^各位|^序号|^单位")
_PAGE_NUMBER = re.compile(r"[.…·．\-—_]{2,}\d{1,4}$|\d{1,4}$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LEADERS = re.compile(r"[.…·．—_]{3,}\d{1,4}$")
_WITH_STOP = re.compile(r"[。；：|]")
_YEAR = re.compile(r"(20\d\d)年")
_MARKS = "●◆■★▲▍◎"
_LONGEST_HEADING = 46
_LONGEST_PLAIN = 40
_LONG_LINE = 60
# Ranks of headings without numbers: above all numbered ones, or below.
_TOP, _LOW, _LOWEST = -1.0, 97.0, 98.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the normalised view; ``depth`` is 1 for the outermost kind. ``past`` tells of what was reached.

    ``title`` is the heading in one line, also where it is wrapped; ``start`` and ``end`` are the whole of it.
    """

    title: str
    depth: int
    start: int
    end: int
    past: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in the normalised view, up to and with its full stop or semicolon.

    ``lead`` is the phrase that leads its paragraph (煤炭产业。…, 一是打造名城。…, 总投资：…) without number and stop,
    None in that phrase itself; ``heading`` the number of its heading, or -1; ``paragraph`` the number of its line.
    """

    start: int
    end: int
    heading: int
    paragraph: int
    lead: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Outline:
    """Headings and sentences of a text, in order, and which part of the text is the plan.

    What a web page left around the plan, and a table of contents, have neither headings nor sentences.
    """

    headings: list[Heading]
    sentences: list[Sentence]
    body: tuple[int, int] = (0, 0)


class _Number(NamedTuple):
    kind: str
    rank: int
    end: int
    first: bool
    """Whether it begins a series: 一、, （一）, 第一章."""


@dataclass(slots=True)
class _Line:
    """A line on its way to become a heading or a paragraph."""

    start: int
    end: int
    text: str
    number: _Number | None
    role: str = ""
    """"skip", "heading", "plain" (a heading without number), "more" (the rest of a wrapped one) or "" for text."""
    title_end: int = 0
    rank: float = field(default=0.0)


def read_outline(text: str) -> Outline:
    """Return the headings and sentences of a normalised text.

    >>> outline = read_outline("二、主要任务\\n煤炭产业。建设甲矿；建设乙矿。\\n")
    >>> [heading.title for heading in outline.headings]
    ['二、主要任务']
    >>> [sentence.lead is not None for sentence in outline.sentences]
    [False, False, True, True]
    """
    lines = [
        _Line(match.start(), match.end(), match.group(), _number(match.group()))
        for match in _LINE.finditer(text)
    ]
    if not lines:
        return Outline([], [])
    first, last = _body(lines)
    for i in (*range(first), *range(last + 1, len(lines)), *_contents(lines[: last + 1])):
        lines[i].role = "skip"
    kept = [line for line in lines if line.role != "skip"]
    if not kept:
        return Outline([], [])
    _find_headings(kept)
    _find_titles_with_stop(kept)
    _join_wrapped(kept)
    _rank(kept)
    return Outline(*_assembled(lines, text), body=(lines[first].start, lines[last].end))


@cache
def _rules() -> dict[str, Any]:
    return read_toml("hongtu.loaders.extraction", "outline.toml")


@cache
def _rule(name: str) -> re.Pattern[str]:
    """Return the pattern of a rule, of several as alternatives."""
    rules = _rules()[name]
    patterns = [rule["pattern"] for rule in (rules if isinstance(rules, list) else [rules])]
    return re.compile(spelled("|".join(f"(?:{pattern})" for pattern in patterns)))


@cache
def _numbers() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """Return the kinds of numbers, the outermost first, and a pattern with a group for each."""
    rules = _rules()["number"]
    return tuple(rule["kind"] for rule in rules), re.compile(
        "|".join(f"({spelled(rule['pattern'])})" for rule in rules)
    )


def spelled(pattern: str) -> str:
    """Return a pattern of ``outline.toml`` with its signs for numbers spelled out."""
    return re.sub(
        "N",
        rf"[{_NUMERAL}\\d]{{1,4}}",
        re.sub(r"(?<![A-Za-z])C(?![A-Za-z])", f"[{_NUMERAL}]{{1,4}}", pattern),
    )


def _number(line: str) -> _Number | None:
    kinds, pattern = _numbers()
    match = pattern.match(line)
    if match is None or match.lastindex is None:
        return None
    rank = match.lastindex - 1
    series = re.search(rf"[{_NUMERAL}\d]+(?=\D*$)", match.group())
    return _Number(kinds[rank], rank, match.end(), series is not None and series.group() in ("一", "1", "01"))


def _body(lines: list[_Line]) -> tuple[int, int]:
    """Return the first and the last line of the plan, without what a web page left before and behind it."""
    remain, closing, title = _rule("remain"), _rule("closing"), _rule("title")
    first, last = 0, len(lines) - 1
    title_at = None
    for i, line in enumerate(lines[:40]):
        if len(line.text) >= 80 or (len(line.text) >= 40 and line.text.endswith("。")):
            break
        if remain.fullmatch(line.text):
            line.role = "skip"
            first = i + 1
        elif title.search(line.text) and len(line.text) > 5:
            title_at = i
    if title_at is not None and first:
        first = title_at
    size = lines[-1].end
    for i in range(max(first, len(lines) - 40), len(lines)):
        if closing.fullmatch(lines[i].text) and lines[i].start > 0.6 * size:
            last = i - 1
            break
    while last > first and (remain.fullmatch(lines[last].text) or closing.fullmatch(lines[last].text)):
        last -= 1
    return min(first, last), last


def _contents(lines: list[_Line]) -> list[int]:
    """Return the lines of a table of contents: at the beginning, short, at least three of them come again."""
    keys = [_PAGE_NUMBER.sub("", line.text) if _is_short(line.text) else "" for line in lines]
    places = {key: i for i, key in enumerate(keys)}
    found: list[int] = []
    for i, (line, key) in enumerate(zip(lines, keys, strict=True)):
        if not key:
            if len(found) >= 3 or i > 100:
                break
            found = []
        elif places[key] > i or _LEADERS.search(line.text):
            found.append(i)
    return list(range(found[0], found[-1] + 1)) if len(found) >= 3 else []


def _is_short(line: str) -> bool:
    """Tell a line that may be a heading, or a part of one, from one that holds a sentence or a row of a table."""
    return len(line) <= _LONG_LINE and not _WITH_STOP.search(line)


def _find_headings(lines: list[_Line]) -> None:
    """Say which lines are headings, and where their titles end."""
    front = True
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        front = front and line.number is None and len(line.text) < 80
        if line.number is not None:
            line.title_end = _numbered_title(line, following)
            line.role = "heading" if line.title_end else ""
        elif (
            len(line.text) <= _LONGEST_PLAIN
            and (not _NO_HEADING.search(line.text) or _rule("annex").fullmatch(line.text))
            and not (front and _is_imprint(line.text))
        ):
            least = 2 if line.text[0] in _MARKS else 4 if front else 3
            line.role = "plain" if len(_CHINESE.findall(line.text)) >= least else ""
            line.title_end = len(line.text)


def _find_titles_with_stop(lines: list[_Line]) -> None:
    """Take short sentences above paragraphs with lead phrases for headings, where a text has three of them."""
    found = [
        line
        for line, following in pairwise(lines)
        if not line.role
        and line.number is None
        and 8 <= len(line.text) <= _LONGEST_PLAIN
        and line.text.endswith("。")
        and not _NO_HEADING.search(line.text[:-1])
        and not _rule("opening").search(line.text)
        and len(following.text) > _LONG_LINE
        and (label := _LABEL.match(following.text)) is not None
        and label.lastindex == 2
        and not _rule("item").match(following.text)
    ]
    if len(found) >= 3:
        for line in found:
            line.role, line.title_end = "plain", len(line.text)


def _is_imprint(line: str) -> bool:
    return bool(_rule("imprint").fullmatch(line) or _rule("title").search(line))


def _numbered_title(line: _Line, following: _Line | None) -> int:
    """Return where the title of a numbered line ends, 0 when it is no heading but an item or a sentence."""
    assert line.number is not None
    text, number = line.text, line.number
    label = _LABEL.match(text, number.end)
    if label and number.kind in ("one", "two", "three", "dotted") and label.lastindex in (1, 2):
        words = text[number.end : label.end()]
        # 1.建设学校12所。总投资… is a task, no title; neither is 1.建设内容：…
        if number.kind in ("one", "two") or not (re.search(r"\d", words) or words.endswith("：")):
            return label.end()
    if len(text) > _LONGEST_HEADING or len(text) - number.end < 2 or following is None:
        return 0
    if number.kind in ("one", "two"):
        return 0 if "。" in text[number.end : -1] or "；" in text else len(text)
    return 0 if _WITH_STOP.search(text) or text[-1] in "，、" else len(text)


def _join_wrapped(lines: list[_Line]) -> None:
    """Join headings that go on in the next line, and give up lines without number that no text follows."""
    i = 0
    while i < len(lines):
        head = lines[i]
        if head.role not in ("heading", "plain") or head.title_end < len(head.text):
            i += 1
            continue
        title = head.text
        i += 1
        while i < len(lines) and lines[i].role in ("plain", "") and _goes_on(title, lines[i]):
            lines[i].role = "more"
            title += lines[i].text
            i += 1
    end = len(lines)
    while end:
        start = end - 1
        while start and lines[start].role in ("plain", "more") and lines[start - 1].role in ("plain", "more"):
            start -= 1
        run = [line for line in lines[start:end] if line.role == "plain"]
        # A column of short cells, a list of names, or the last words of the text.
        cells = len(run) > 4 or (len(run) > 2 and sum(len(line.text) for line in run) < 6 * len(run))
        if run and (cells or end == len(lines) or not _is_text(lines[end])):
            for line in lines[start:end]:
                line.role = ""
        end = start


def _goes_on(title: str, line: _Line) -> bool:
    """Tell whether a title goes on in a line."""
    if line.number is not None or not _is_short(line.text) or len(line.text) > _LONGEST_PLAIN:
        return False
    if len(title) + len(line.text) > _LONGEST_HEADING:
        return False
    number = _number(title)
    words = title[number.end :] if number else title
    if _rule("open_end").search(words) or _rule("continuation").match(line.text):
        return True
    if words.count("“") > words.count("”") or words.count("（") > words.count("）"):
        return True
    half = _second_half(words)
    return half > 0 and 2 < len(words) - half < 6 and not _rule("second_half").match(line.text)


def _second_half(title: str) -> int:
    """Return where the second half of a title begins, 0 when it has none."""
    match = _rule("second_half").search(title, 4)
    return match.start() if match and title[match.start() - 1] not in "、和与的“" else 0


def _is_text(line: _Line) -> bool:
    """Tell what can stand below a heading: another one, a sentence, or a row of a table."""
    return line.role == "heading" or len(line.text) >= 15 or bool(re.search("[。；：|]", line.text))


def _rank(lines: list[_Line]) -> None:
    """Give each heading its rank: that of its number; without one, by what stands around it and how it is built."""
    heads = list(_titles(lines))
    numbers = [head.number for head, _ in heads]
    around = list(zip([None, *numbers], numbers, [*numbers[1:], None], strict=False))
    # 甲 一、… 二、… 乙 一、…: what a series of numbers begins below stands above it.
    opened = [behind.rank for _, here, behind in around if here is None and behind and behind.first]
    top = min(opened) - 0.5 if opened else _LOW
    # 一、… 甲 … 二、…: what stands within a series is below it.
    inside = any(
        before and not here and behind and before.rank == behind.rank and not behind.first
        for before, here, behind in around
    )
    upper = [
        here is None
        and (
            (behind is not None and behind.first)
            or (bool(opened) and not inside and before is not None)
            or _is_upper(title, head)
        )
        for (head, title), (before, here, behind) in zip(heads, around, strict=True)
    ]
    all_upper = bool(opened) and not inside and not any(_is_upper(title, head) for head, title in heads)
    marks = {head.text[0] for (head, _), is_upper in zip(heads, upper, strict=True) if is_upper} & set(_MARKS)
    for (head, title), is_upper in zip(heads, upper, strict=True):
        if head.number is not None:
            head.rank = head.number.rank
        elif _rule("annex").fullmatch(title):
            head.rank = _TOP
        else:
            head.rank = top if is_upper or all_upper or head.text[0] in marks else _LOWEST


def _is_upper(title: str, head: _Line) -> bool:
    """Tell a chapter's title by how it is built: of two halves, in several lines, or as a main part of a report."""
    half = _second_half(title)
    two = 0 < half < len(title) - 4 and "，" not in title
    return two or len(title) > head.title_end or bool(_rule("main").search(title))


def _titles(lines: list[_Line]) -> Iterator[tuple[_Line, str]]:
    """Yield each heading with its whole title."""
    for i, line in enumerate(lines):
        if line.role in ("heading", "plain"):
            end = i + 1
            while end < len(lines) and lines[end].role == "more":
                end += 1
            yield line, line.text[: line.title_end] + "".join(more.text for more in lines[i + 1 : end])


def _assembled(lines: list[_Line], text: str) -> tuple[list[Heading], list[Sentence]]:
    headings: list[Heading] = []
    sentences: list[Sentence] = []
    above: list[tuple[float, bool]] = []
    year = max(map(int, _YEAR.findall(text, 0, 200)), default=0)
    titles = {id(head): title for head, title in _titles(lines)}
    for number, line in enumerate(lines):
        if line.role == "skip":
            continue
        if line.role in ("heading", "plain"):
            title = titles[id(line)].rstrip("。；：")
            while above and above[-1][0] >= line.rank:
                above.pop()
            past = _is_past(title, above[-1][1] if above else False, year)
            above.append((line.rank, past))
            headings.append(Heading(title, len(above), line.start, line.start + line.title_end, past))
        elif line.role == "more":
            head = headings[-1]
            headings[-1] = Heading(head.title, head.depth, head.start, line.end, head.past)
        lead = _lead(line)
        for match in _SENTENCE.finditer(text, line.start, line.end):
            behind = lead if lead and match.end() > lead[1] + 1 else None
            sentences.append(Sentence(match.start(), match.end(), len(headings) - 1, number, behind))
    return headings, sentences


def _lead(line: _Line) -> tuple[int, int] | None:
    """Return the phrase that leads a paragraph, without its number and stop."""
    begin = line.number.end if line.number is not None and line.number.kind != "box" else 0
    if begin == 0 and (item := _rule("item").match(line.text)):
        begin = item.end()
    label = _LABEL.match(line.text, begin)
    if label is None or label.lastindex is None:
        return None
    start, end = label.span(label.lastindex)
    return line.start + start, line.start + end


def _is_past(title: str, inherited: bool, year: int) -> bool:
    """Tell whether a chapter tells of what was reached; ``year`` is the plan's, 0 when it names none."""
    if _rule("past").search(title):
        return not _rule("both").search(title)
    if _rule("future").search(title):
        return False
    return inherited or any(int(named) < year for named in _YEAR.findall(title))
