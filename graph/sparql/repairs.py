"""What people type wrong in SPARQL, and how it was likely meant: one function for each kind of slip.

Each looks at the place where a text breaks and yields what may have been meant there, perhaps nothing, perhaps several;
:mod:`hongtu.graph.sparql.mending` believes the one that the parser accepts.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile

import rdflib

from hongtu.graph.sparql.breaks import GLUED, Break
from hongtu.graph.sparql.tokens import FORMS, Token, closing, variables
from hongtu.loaders.language import say
from hongtu.ontology.namespace import HT, PREFIXES

_KEYWORDS = tuple(
    re.findall(
        r"\w+",
        """SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE ORDER GROUP HAVING BY ASC DESC LIMIT OFFSET
    OPTIONAL UNION MINUS FILTER BIND AS VALUES GRAPH SERVICE SILENT EXISTS NOT IN PREFIX BASE UNDEF SEPARATOR
    COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR
    ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS
    MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM
    ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE TRUE FALSE""",
    )
)
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_BRACKETED = (
    "FILTER",
    "HAVING",
    "BIND",
    "ASC",
    "DESC",
    *_AGGREGATES,
    "STR",
    "LANG",
    "BOUND",
    "LCASE",
    "UCASE",
)
_MODIFIERS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")

# An input method for Chinese types these; U+FF01–U+FF5E are ASCII, moved.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(wide): ord(narrow)
    for wide, narrow in zip(
        "。、“”„‘’「」『』《》〈〉【】〔〕　\xa0—·", '.,"""\'\'""""<><>[][]  -.', strict=True
    )
}

_OPERATORS = {
    ("=", "="): "=",
    ("<>",): "!=",
    ("=", ">"): ">=",
    ("=", "<"): "<=",
    ("&",): "&&",
    ("|",): "||",
    ("AND",): "&&",
    ("OR",): "||",
    ("≥",): ">=",
    ("≤",): "<=",
    ("≠",): "!=",
}
"""What other languages write, and what SPARQL does."""

Edit = tuple[int, int, str]
"""Start, end and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A change of a text, with the reason in the user's language; ``place`` is where to look, if elsewhere."""

    reason: str
    edits: tuple[Edit, ...]
    place: int | None = None

    def on(self, sparql: str) -> str:
        """Return the changed text."""
        for start, end, new in sorted(self.edits, reverse=True):
            sparql = sparql[:start] + new + sparql[end:]
        return sparql


def candidates(broken: Break) -> Iterator[Mend]:
    """Return what may have been meant at the place of a break, most telling first."""
    seen = set()
    for repair in _REPAIRS:
        for mend in repair(broken):
            if mend.edits not in seen:
                seen.add(mend.edits)
                yield mend


def _mend(zh: str, en: str, *edits: Edit, place: int | None = None) -> Mend:
    return Mend(say(zh, en), edits, place)


def _before(token: Token, new: str) -> Edit:
    return token.start, token.start, new


def _behind(token: Token, new: str) -> Edit:
    return token.end, token.end, new


def _instead(token: Token, new: str) -> Edit:
    return token.start, token.end, new


def _visible(signs: str) -> str:
    """Return signs, those that cannot be seen by their numbers."""
    return "".join(
        sign if sign.isprintable() and not sign.isspace() else f"U+{ord(sign):04X}" for sign in signs
    )


# Signs and names


def _full_width(broken: Break) -> Iterator[Mend]:
    edits = [
        _instead(token, token.text.translate(_FULL_WIDTH))
        for token in broken.tokens
        if token.kind in ("mark", "word", "variable", "name", "number")
        and token.text.translate(_FULL_WIDTH) != token.text
    ]
    if edits:
        signs = " ".join(dict.fromkeys(_visible(broken.text[start:end]) for start, end, _ in edits))
        zh, en = f"SPARQL 的标点要用半角，这里是全角的 {signs}", f"full-width punctuation: {signs}"
        yield _mend(zh, en, *edits, place=edits[0][0])


def _open_string(broken: Break) -> Iterator[Mend]:
    token = broken.token
    if token.kind != "open":
        return
    quote = token.text[0]
    for match in re.finditer(r"[”’“‘＂」]", token.text):
        edit = token.start + match.start(), token.start + match.end(), quote
        yield _mend("引号一半是中文的", "one of the two quotation marks is Chinese", edit)
    for match in re.finditer(r"(?=\s*[.;,})\]]|\s|$)", token.text[1:]):
        at = token.start + 1 + match.start()
        yield _mend("引号没有配对", "the closing quotation mark is missing", (at, at, quote))
    end = broken.text.find(quote, token.end)
    if end >= 0:
        yield _mend(
            "跨行的文字要用三个引号",
            "text over several lines stands in three quotation marks",
            (token.start, token.start + 1, quote * 3),
            (end, end + 1, quote * 3),
        )


def _prefix(broken: Break) -> Iterator[Mend]:
    if broken.token.kind != "name" or "Prefix not found" not in broken.message:
        return
    prefix, _, local = broken.token.text.partition(":")
    unknown = f"前缀 {prefix}: 没有声明", f"the prefix {prefix}: is not declared"
    others = {name: str(iri) for name, iri in rdflib.Graph(bind_namespaces="rdflib").namespaces()}
    if prefix in others:
        yield _mend(*unknown, (0, 0, f"PREFIX {prefix}: <{others[prefix]}>\n"))
    declared = [
        broken.at(index + 1).text.rstrip(":")
        for index, token in enumerate(broken.tokens)
        if token.is_word("PREFIX")
    ]
    near = difflib.get_close_matches(prefix.lower(), [*PREFIXES, *declared], n=3, cutoff=0.5)
    for one in dict.fromkeys([*(["ht"] if local in HT else []), *near]):
        yield _mend(*unknown, _instead(broken.token, f"{one}:{local}"))


def _colon(broken: Break) -> Iterator[Mend]:
    for index in (broken.index, broken.index - 1):
        word, dot, local = (broken.at(index + place) for place in range(3))
        if word.kind == "word" and dot.text == "." and local.kind == "word" and word.text in PREFIXES:
            yield _mend("前缀后面是冒号", "a prefix is followed by a colon", _instead(dot, ":"))


def _name_with_blank(broken: Break) -> Iterator[Mend]:
    if broken.token.kind == "word" and broken.before.kind == "name":
        gap = broken.before.end, broken.start, ""
        yield _mend("名称里不能有空格", "a name cannot have a blank in it", gap)


def _iri_with_blank(broken: Break) -> Iterator[Mend]:
    if match := re.search(r"<([^<>\"{}|^`\\\n]*[ \u3000][^<>\"{}|^`\\\n]*)>", broken.text):
        whole = re.sub(r"[ \u3000]", "%20", match[1].strip())
        yield _mend("IRI 里不能有空格", "an IRI cannot have a blank in it", (*match.span(1), whole))


def _variable_mark(broken: Break) -> Iterator[Mend]:
    if broken.token.text in variables(broken.tokens):
        yield from _any_variable_mark(broken)


def _any_variable_mark(broken: Break) -> Iterator[Mend]:
    word = broken.token.text
    if broken.token.kind == "word":
        zh, en = f"变量前面要有问号：?{word}", f"a variable begins with a question mark: ?{word}"
        yield _mend(zh, en, _before(broken.token, "?"))


# Words


def _keyword(broken: Break) -> Iterator[Mend]:
    word = broken.token.text
    if broken.token.kind != "word":
        return
    if word == "A":
        yield _mend("a（属于某类）要小写", "a, for “is a”, is written small", _instead(broken.token, "a"))
    if word.upper() not in _KEYWORDS:
        for near in difflib.get_close_matches(word.upper(), _KEYWORDS, n=3, cutoff=0.6):
            zh, en = f"{word} 不是 SPARQL 的词", f"{word} is no word of SPARQL"
            yield _mend(zh, en, _instead(broken.token, near))


def _by(broken: Break) -> Iterator[Mend]:
    if broken.before.is_word("ORDER", "GROUP"):
        word = broken.before.text.upper()
        yield _mend(f"{word} 后面要有 BY", f"{word} is followed by BY", _behind(broken.before, " BY"))


def _operator(broken: Break) -> Iterator[Mend]:
    for index in (broken.index, broken.index - 1):
        for signs, right in _OPERATORS.items():
            found = [broken.at(index + place) for place in range(len(signs))]
            if tuple(token.text.upper() for token in found) == signs:
                start, end = found[0].start, found[-1].end
                wrong = broken.text[start:end]
                zh, en = f"SPARQL 不写 {wrong}，写 {right}", f"SPARQL writes {right}, not {wrong}"
                yield _mend(zh, en, (start, end, right))
    text = broken.at(broken.index + 1)
    if broken.token.is_word("LIKE") and text.kind == "string":
        right = f"CONTAINS({broken.before.text}, {text.text.replace('%', '')})"
        edit = broken.before.start, text.end, right
        yield _mend("SPARQL 没有 LIKE，用 CONTAINS", "SPARQL has no LIKE, but CONTAINS", edit)


def _equals(broken: Break) -> Iterator[Mend]:
    if broken.token.text == "=":
        zh, en = (
            "模式里不写等号；相等写成 FILTER(?a = ?b)",
            "a pattern has no equals sign; compare by FILTER(?a = ?b)",
        )
        before, after = broken.before, broken.at(broken.index + 1)
        compared = f"FILTER({before.text} = {after.text})"
        yield _mend(zh, en, (before.end, broken.token.end, ""), place=broken.start)
        yield _mend(zh, en, (before.start, after.end, compared), place=broken.start)


# SELECT, and what follows the pattern


def _select_clause(broken: Break) -> tuple[int, int]:
    """Return the indices between SELECT and its pattern."""
    found = broken.tokens
    first = next((index for index, token in enumerate(found) if token.is_word("SELECT")), 0)
    ends = (i for i, token in enumerate(found) if token.text == "{" or token.is_word("WHERE", "FROM"))
    return first, next((index for index in ends if index > first), len(found))


def _star(broken: Break) -> Iterator[Mend]:
    opens = broken.token.text == "{" or broken.token.is_word("WHERE")
    if opens and broken.before.is_word("SELECT", "DISTINCT"):
        zh, en = "SELECT 后面要写变量，或者 *", "SELECT is followed by variables, or *"
        yield _mend(zh, en, _behind(broken.before, " *"))


def _select_commas(broken: Break) -> Iterator[Mend]:
    first, last = _select_clause(broken)
    if first < broken.index < last and broken.token.text == ",":
        outer = [t for t in broken.tokens[first:last] if t.depth == broken.tokens[first].depth]
        yield _mend(
            "SELECT 的变量之间用空格，不用逗号",
            "variables of SELECT are separated by blanks, not commas",
            *(_instead(token, "") for token in outer if token.text == ","),
        )


def _aggregate(broken: Break) -> Iterator[Mend]:
    first, last = _select_clause(broken)
    if not first < broken.index <= last:
        return
    name = next(name for name in ("number", "result", "value", "answer") if f"?{name}" not in broken.text)
    zh, en = (
        "SELECT 里的计算要加括号并取名：(COUNT(?x) AS ?number)",
        "a computed column needs brackets and a name: (COUNT(?x) AS ?number)",
    )
    if broken.token.is_word(*_AGGREGATES) and broken.at(broken.index + 1).text == "(":
        end = closing(broken.tokens, broken.index + 1)
        if broken.at(end + 1).is_word("AS"):
            yield _mend(zh, en, _before(broken.token, "("), _behind(broken.at(end + 2), ")"))
        yield _mend(zh, en, _before(broken.token, "("), _behind(broken.at(end), f" AS ?{name})"))
    if broken.token.text == ")":
        yield _mend(zh, en, _before(broken.token, f" AS ?{name}"))


def _group_by(broken: Break) -> Iterator[Mend]:
    if "unbound" not in broken.message and "GROUP BY" not in broken.message:
        return
    first, last = _select_clause(broken)
    if broken.at(last).is_word("WHERE", "FROM"):
        last = next((i for i in range(last, len(broken.tokens)) if broken.tokens[i].text == "{"), last)
    if broken.at(last).text != "{":
        return
    end = closing(broken.tokens, last)
    clause = (i for i in range(end, len(broken.tokens)) if broken.tokens[i].is_word("GROUP"))
    rest = broken.tokens[next(clause, len(broken.tokens)) + 2 :]
    grouped = list(takewhile(lambda token: token.kind == "variable", rest))
    star = broken.at(first + 1)
    if star.text == "*" and grouped:
        columns = " ".join(token.text for token in grouped)
        zh, en = "有 GROUP BY 时不能 SELECT *", "SELECT * cannot stand with GROUP BY"
        yield _mend(zh, en, _instead(star, columns), place=star.start)
        return
    known = [token.text for token in grouped]
    plain = [
        token
        for token in broken.tokens[first + 1 : _select_clause(broken)[1]]
        if token.kind == "variable" and token.depth == star.depth and token.text not in known
    ]
    if plain:
        names = " ".join(dict.fromkeys(token.text for token in plain))
        edit = _behind(grouped[-1], f" {names}") if grouped else _behind(broken.at(end), f" GROUP BY {names}")
        yield _mend(
            f"和 COUNT 之类并列的变量要写进 GROUP BY：{names}",
            f"next to an aggregate, a variable must stand in GROUP BY: {names}",
            edit,
            place=plain[0].start,
        )


def _used_name(broken: Break) -> Iterator[Mend]:
    texts = [token.text for token in broken.tokens]
    for index, token in enumerate(broken.tokens):
        name = broken.at(index + 1)
        if token.is_word("AS") and name.kind == "variable" and texts.count(name.text) > 1:
            zh, en = f"{name.text} 已经有了，AS 后面要用新名字", f"{name.text} is taken, AS needs a new name"
            yield _mend(zh, en, _instead(name, f"{name.text}2"), place=name.start)


def _modifier_order(broken: Break) -> Iterator[Mend]:
    if not broken.token.is_word(*_MODIFIERS):
        return
    found = broken.tokens
    behind = next((index for index, token in enumerate(found) if token.text == "}"), len(found))
    starts = [found[i] for i in range(behind, len(found)) if found[i].is_word(*_MODIFIERS)]
    ends = [*(token.start for token in starts[1:]), len(broken.text)]
    pieces = [broken.text[token.start : end].strip() for token, end in zip(starts, ends, strict=False)]
    order = sorted(pieces, key=lambda piece: _MODIFIERS.index(piece.split()[0].upper()))
    if order != pieces:
        zh, en = (
            "顺序应是 GROUP BY、HAVING、ORDER BY、LIMIT",
            "the order is GROUP BY, HAVING, ORDER BY, LIMIT",
        )
        yield _mend(zh, en, (starts[0].start, len(broken.text), " ".join(order)))


# Brackets, and what stands between patterns


def _blank_before_bracket(broken: Break) -> Iterator[Mend]:
    if broken.token.text == "(" and broken.before.is_word(*GLUED):
        word = broken.before.text.upper()
        zh, en = f"{word} 和括号之间不能有空格", f"no blank may stand between {word} and its bracket"
        yield _mend(zh, en, (broken.before.end, broken.start, ""))


def _brackets_around(broken: Break) -> Iterator[Mend]:
    if not broken.before.is_word(*_BRACKETED) or broken.token.text == "(":
        return
    word = broken.before.text.upper()
    for last in broken.tokens[broken.index : broken.index + 40]:
        edits = _before(broken.token, "("), _behind(last, ")")
        yield _mend(f"{word} 后面要加括号", f"{word} needs brackets", *edits)


def _separator(broken: Break) -> Iterator[Mend]:
    if broken.before.text in ("", "{", "(", ".", ";", ","):
        return
    for sign, zh, en in (
        (" .", "两个模式之间少了句点", "a dot is missing between two patterns"),
        (
            " ;",
            "同一主语的两个模式之间少了分号",
            "a semicolon is missing between two patterns of one subject",
        ),
        (",", "少了逗号", "a comma is missing"),
    ):
        yield _mend(zh, en, _behind(broken.before, sign), place=broken.before.end)


def _closing(broken: Break) -> Iterator[Mend]:
    pairs = {"(": ")", "[": "]", "{": "}"}
    missing = ""
    for token in broken.tokens[: broken.index]:
        if token.kind == "mark":
            missing = pairs.get(token.text, "") + missing[token.text in ")]}" :]
    for marks in dict.fromkeys((missing, missing[:1])) if missing else ():
        blank = " " if marks[0] == "}" else ""
        zh, en = f"少了右括号 {' '.join(marks)}", f"closing bracket missing: {' '.join(marks)}"
        yield _mend(zh, en, _behind(broken.before, blank + marks), place=broken.before.end)


def _opening(broken: Break) -> Iterator[Mend]:
    stops = [token for token in broken.tokens[broken.index :] if token.is_word(*_MODIFIERS)]
    end = stops[0].start if stops else len(broken.text)
    texts = [token.text for token in broken.tokens]
    if "{" not in texts[: broken.index]:
        zh, en = "模式要放在花括号里", "the pattern stands in braces"
        if "}" in texts:
            yield _mend(zh, en, _before(broken.token, "{ "))
        yield _mend(zh, en, _before(broken.token, "{ "), (end, end, " } "))
    if not any(token.is_word(*FORMS) for token in broken.tokens):
        zh, en = "开头要有 SELECT", "a query begins with SELECT"
        yield _mend(zh, en, _before(broken.at(0), "SELECT * WHERE "))
        yield _mend(zh, en, _before(broken.at(0), "SELECT * WHERE { "), (end, end, " } "))
        yield _mend(zh, en, _before(broken.at(0), "SELECT "))


def _surplus(broken: Break) -> Iterator[Mend]:
    for token in (broken.token, broken.before):
        if token.kind == "mark":
            sign = _visible(token.text)
            zh, en = f"多了 {sign}", f"there is one {sign} too many"
            yield _mend(zh, en, _instead(token, ""), place=token.start)


_REPAIRS: tuple[Callable[[Break], Iterator[Mend]], ...] = (
    _full_width,
    _open_string,
    _prefix,
    _name_with_blank,
    _blank_before_bracket,
    _operator,
    _select_commas,
    _aggregate,
    _group_by,
    _modifier_order,
    _brackets_around,
    _variable_mark,
    _keyword,
    _by,
    _equals,
    _colon,
    _star,
    _separator,
    _closing,
    _opening,
    _any_variable_mark,
    _iri_with_blank,
    _used_name,
    _surplus,
)
"""The kinds of slips, most telling first."""
