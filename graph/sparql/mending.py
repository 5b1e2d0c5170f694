"""Mends for broken SPARQL: what people type wrong, and how it was likely meant.

A mend is only believed when the parser accepts the mended text.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import rdflib

from hongtu.graph.sparql.breaks import GLUED, Break, find_break
from hongtu.graph.sparql.tokens import Token, closing
from hongtu.loaders.language import say
from hongtu.ontology.namespace import HT, PREFIXES

_MOST_STEPS = 6
_MOST_PARSES = 600
_LONGEST = 20_000

KEYWORDS = tuple(
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
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
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
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
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


def find_mends(broken: Break) -> list[Mend] | None:
    """Return mends that together, one after the other, make a query of a text; ``None`` when none is found.

    >>> [mend.reason for mend in find_mends(find_break("ASK { ?a ht:within ?b ?b ht:within ?c }"))]
    ['a dot is missing between two patterns']
    """
    if any(token.is_word(*_UPDATES) for token in broken.tokens[:1]):
        return None
    mends: list[Mend] = []
    parses = 0
    while len(mends) < _MOST_STEPS and len(broken.text) < _LONGEST:
        best: tuple[int, Mend, Break] | None = None
        for mend in _candidates(broken):
            parses += 1
            after = find_break(mend.on(broken.text))
            if after is None:
                return [*mends, mend]
            left = len(after.tokens) - after.index
            if left < (best[0] if best else len(broken.tokens) - broken.index):
                best = left, mend, after
            if parses > _MOST_PARSES:
                return None
        if best is None:
            return None
        mends.append(best[1])
        broken = best[2]
    return None


def _candidates(broken: Break) -> Iterator[Mend]:
    seen = set()
    for repair in _REPAIRS:
        for mend in repair(broken):
            if mend.edits not in seen:
                seen.add(mend.edits)
                yield mend


def _before(token: Token, new: str) -> Edit:
    return token.start, token.start, new


def _behind(token: Token, new: str) -> Edit:
    return token.end, token.end, new


def _instead(token: Token, new: str) -> Edit:
    return token.start, token.end, new


# The repairs, most telling first. Each yields what may have been meant at the place of the break.


def _full_width(broken: Break) -> Iterator[Mend]:
    edits = [
        _instead(token, token.text.translate(_FULL_WIDTH))
        for token in broken.tokens
        if token.kind in ("mark", "word", "variable", "name", "number")
        and token.text.translate(_FULL_WIDTH) != token.text
    ]
    if edits:
        signs = " ".join(dict.fromkeys(broken.text[start:end] for start, end, _ in edits)).strip()
        yield Mend(
            say(f"SPARQL 的标点要用半角，这里是全角的 {signs}", f"full-width punctuation: {signs}"),
            tuple(edits),
            edits[0][0],
        )


def _open_string(broken: Break) -> Iterator[Mend]:
    token = broken.token
    if token.kind != "open":
        return
    reason = say("引号没有配对", "the closing quotation mark is missing")
    quote = token.text[0]
    for match in re.finditer(r"[”’“‘＂」]", token.text):
        yield Mend(
            say("引号一半是中文的", "one of the two quotation marks is Chinese"),
            ((token.start + match.start(), token.start + match.end(), quote),),
        )
    for match in re.finditer(r"(?=\s*[.;,})\]]|\s|$)", token.text[1:]):
        at = token.start + 1 + match.start()
        yield Mend(reason, ((at, at, quote),))
    end = broken.text.find(quote, token.end)
    if end >= 0:
        yield Mend(
            say("跨行的文字要用三个引号", "text over several lines stands in three quotation marks"),
            ((token.start, token.start + 1, quote * 3), (end, end + 1, quote * 3)),
        )


def _prefix(broken: Break) -> Iterator[Mend]:
    name = broken.token.text
    if broken.token.kind != "name" or "Prefix not found" not in broken.message:
        return
    prefix, _, local = name.partition(":")
    declared = [
        broken.at(index + 1).text.rstrip(":")
        for index, token in enumerate(broken.tokens)
        if token.is_word("PREFIX")
    ]
    near = difflib.get_close_matches(prefix.lower(), [*PREFIXES, *declared], n=3, cutoff=0.5)
    fitting = ["ht"] if local in HT else []
    others = {name: str(iri) for name, iri in rdflib.Graph(bind_namespaces="rdflib").namespaces()}
    unknown = say(f"前缀 {prefix}: 没有声明", f"the prefix {prefix}: is not declared")
    if prefix in others:
        yield Mend(unknown, ((0, 0, f"PREFIX {prefix}: <{others[prefix]}>\n"),))
    for one in dict.fromkeys([*fitting, *near]):
        yield Mend(unknown, (_instead(broken.token, f"{one}:{local}"),))


def _name_with_blank(broken: Break) -> Iterator[Mend]:
    if broken.token.kind == "word" and broken.before.kind == "name":
        yield Mend(
            say("名称里不能有空格", "a name cannot have a blank in it"),
            ((broken.before.end, broken.start, ""),),
        )


def _blank_before_bracket(broken: Break) -> Iterator[Mend]:
    if broken.token.text == "(" and broken.before.is_word(*GLUED):
        word = broken.before.text.upper()
        yield Mend(
            say(f"{word} 和括号之间不能有空格", f"no blank may stand between {word} and its bracket"),
            ((broken.before.end, broken.start, ""),),
        )


def _operator(broken: Break) -> Iterator[Mend]:
    for index in (broken.index, broken.index - 1):
        for signs, right in _OPERATORS.items():
            found = [broken.at(index + place) for place in range(len(signs))]
            if tuple(token.text.upper() for token in found) == signs:
                wrong = broken.text[found[0].start : found[-1].end]
                yield Mend(
                    say(f"SPARQL 不写 {wrong}，写 {right}", f"SPARQL writes {right}, not {wrong}"),
                    ((found[0].start, found[-1].end, right),),
                )
    if broken.token.is_word("LIKE") and broken.at(broken.index + 1).kind == "string":
        text = broken.at(broken.index + 1)
        yield Mend(
            say("SPARQL 没有 LIKE，用 CONTAINS", "SPARQL has no LIKE, but CONTAINS"),
            (
                (
                    broken.before.start,
                    text.end,
                    f"CONTAINS({broken.before.text}, {text.text.replace('%', '')})",
                ),
            ),
        )


def _select_clause(broken: Break) -> tuple[int, int]:
    """Return the indices between SELECT and its pattern."""
    first = next((index for index, token in enumerate(broken.tokens) if token.is_word("SELECT")), 0)
    last = next(
        (
            index
            for index, token in enumerate(broken.tokens)
            if index > first and (token.text == "{" or token.is_word("WHERE", "FROM"))
        ),
        len(broken.tokens),
    )
    return first, last


def _select_commas(broken: Break) -> Iterator[Mend]:
    first, last = _select_clause(broken)
    if first < broken.index < last and broken.token.text == ",":
        depth, edits = 0, []
        for token in broken.tokens[first:last]:
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "," and depth == 0:
                edits.append(_instead(token, ""))
        yield Mend(
            say(
                "SELECT 的变量之间用空格，不用逗号", "variables of SELECT are separated by blanks, not commas"
            ),
            tuple(edits),
        )


def _aggregate(broken: Break) -> Iterator[Mend]:
    first, last = _select_clause(broken)
    if not first < broken.index <= last:
        return
    name = next(
        f"?{name}" for name in ("number", "result", "value", "answer") if f"?{name}" not in broken.text
    )
    reason = say(
        "SELECT 里的计算要加括号并取名：(COUNT(?x) AS ?number)",
        "a computed column needs brackets and a name: (COUNT(?x) AS ?number)",
    )
    if broken.token.is_word(*_AGGREGATES):
        end = (
            broken.at(closing(broken.tokens, broken.index + 1))
            if broken.at(broken.index + 1).text == "("
            else None
        )
        if end and end.text:
            following = broken.tokens.index(end) + 1
            if broken.at(following).is_word("AS"):
                yield Mend(reason, (_before(broken.token, "("), _behind(broken.at(following + 1), ")")))
            yield Mend(reason, (_before(broken.token, "("), _behind(end, f" AS {name})")))
    if broken.token.text == ")":
        yield Mend(reason, (_before(broken.token, f" AS {name}"),))


def _group_by(broken: Break) -> Iterator[Mend]:
    if "unbound" not in broken.message and "GROUP BY" not in broken.message:
        return
    first, last = _select_clause(broken)
    opened = next((i for i in range(last, len(broken.tokens)) if broken.tokens[i].text == "{"), None)
    if opened is None:
        return
    end = broken.at(closing(broken.tokens, opened))
    clause = [
        i for i, token in enumerate(broken.tokens) if token.is_word("GROUP") and token.start > end.start
    ]
    grouped = _variables_from(broken, clause[0] + 2) if clause else []
    if broken.at(first + 1).text == "*" and grouped:
        yield Mend(
            say("有 GROUP BY 时不能 SELECT *", "SELECT * cannot stand with GROUP BY"),
            (_instead(broken.at(first + 1), " ".join(token.text for token in grouped)),),
            broken.at(first + 1).start,
        )
        return
    depth, plain = 0, []
    for token in broken.tokens[first + 1 : last]:
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "variable" and depth == 0 and token.text not in [t.text for t in grouped]:
            plain.append(token)
    if plain:
        names = " ".join(dict.fromkeys(token.text for token in plain))
        edit = _behind(grouped[-1], f" {names}") if grouped else _behind(end, f" GROUP BY {names}")
        yield Mend(
            say(
                f"和 COUNT 之类并列的变量要写进 GROUP BY：{names}",
                f"next to an aggregate, a variable must stand in GROUP BY: {names}",
            ),
            (edit,),
            plain[0].start,
        )


def _variables_from(broken: Break, index: int) -> list[Token]:
    found = []
    while broken.at(index).kind == "variable":
        found.append(broken.at(index))
        index += 1
    return found


def _modifier_order(broken: Break) -> Iterator[Mend]:
    starts = [
        index
        for index, token in enumerate(broken.tokens)
        if token.is_word(*_MODIFIERS) and "}" in (t.text for t in broken.tokens[:index])
    ]
    if len(starts) < 2 or broken.index not in starts:
        return
    pieces = [
        broken.text[
            broken.tokens[start].start : broken.at(end).start if end < len(broken.tokens) else None
        ].strip()
        for start, end in zip(starts, [*starts[1:], len(broken.tokens)], strict=True)
    ]
    ranks = [_MODIFIERS.index(broken.tokens[start].text.upper()) for start in starts]
    order = [piece for _, piece in sorted(zip(ranks, pieces, strict=True), key=lambda pair: pair[0])]
    if order != pieces:
        yield Mend(
            say(
                "顺序应是 GROUP BY、HAVING、ORDER BY、LIMIT",
                "the order is GROUP BY, HAVING, ORDER BY, LIMIT",
            ),
            ((broken.tokens[starts[0]].start, len(broken.text), " ".join(order)),),
        )


def _brackets_around(broken: Break) -> Iterator[Mend]:
    if not broken.before.is_word(*_BRACKETED) or broken.token.text == "(":
        return
    word = broken.before.text.upper()
    for index in range(broken.index, min(broken.index + 40, len(broken.tokens))):
        yield Mend(
            say(f"{word} 后面要加括号", f"{word} needs brackets"),
            (_before(broken.token, "("), _behind(broken.at(index), ")")),
        )


def _variable_mark(broken: Break) -> Iterator[Mend]:
    used = {token.text[1:] for token in broken.tokens if token.kind == "variable"}
    if broken.token.kind == "word" and broken.token.text in used:
        yield _with_question_mark(broken)


def _any_variable_mark(broken: Break) -> Iterator[Mend]:
    if broken.token.kind == "word":
        yield _with_question_mark(broken)


def _with_question_mark(broken: Break) -> Mend:
    word = broken.token.text
    return Mend(
        say(f"变量前面要有问号：?{word}", f"a variable begins with a question mark: ?{word}"),
        (_before(broken.token, "?"),),
    )


def _keyword(broken: Break) -> Iterator[Mend]:
    word = broken.token.text
    if broken.token.kind != "word":
        return
    if word == "A":
        yield Mend(
            say("a（属于某类）要小写", "a, for “is a”, is written small"), (_instead(broken.token, "a"),)
        )
    if word.upper() not in KEYWORDS:
        for near in difflib.get_close_matches(word.upper(), KEYWORDS, n=3, cutoff=0.6):
            yield Mend(
                say(f"{word} 不是 SPARQL 的词", f"{word} is no word of SPARQL"),
                (_instead(broken.token, near),),
            )


def _by(broken: Break) -> Iterator[Mend]:
    if broken.before.is_word("ORDER", "GROUP"):
        word = broken.before.text.upper()
        yield Mend(say(f"{word} 后面要有 BY", f"{word} is followed by BY"), (_behind(broken.before, " BY"),))


def _equals(broken: Break) -> Iterator[Mend]:
    if broken.token.text == "=":
        reason = say(
            "模式里不写等号；相等写成 FILTER(?a = ?b)",
            "a pattern has no equals sign; compare by FILTER(?a = ?b)",
        )
        yield Mend(reason, ((broken.before.end, broken.token.end, ""),), broken.start)
        after = broken.at(broken.index + 1)
        yield Mend(
            reason,
            (
                (
                    broken.before.start,
                    after.end,
                    f"FILTER({broken.before.text} = {after.text})",
                ),
            ),
            broken.start,
        )


def _colon(broken: Break) -> Iterator[Mend]:
    for index in (broken.index, broken.index - 1):
        word, dot, local = (broken.at(index + place) for place in range(3))
        if word.kind == "word" and dot.text == "." and local.kind == "word" and word.text in PREFIXES:
            yield Mend(say("前缀后面是冒号", "a prefix is followed by a colon"), (_instead(dot, ":"),))


def _separator(broken: Break) -> Iterator[Mend]:
    if broken.before.text in ("", "{", "(", ".", ";", ","):
        return
    for sign, reason in (
        (" .", say("两个模式之间少了句点", "a dot is missing between two patterns")),
        (
            " ;",
            say(
                "同一主语的两个模式之间少了分号", "a semicolon is missing between two patterns of one subject"
            ),
        ),
        (",", say("少了逗号", "a comma is missing")),
    ):
        yield Mend(reason, (_behind(broken.before, sign),), broken.before.end)


def _closing(broken: Break) -> Iterator[Mend]:
    opened = []
    for token in broken.tokens[: broken.index]:
        if token.kind == "mark" and token.text in "([{":
            opened.append(token.text)
        elif token.kind == "mark" and token.text in ")]}" and opened:
            opened.pop()
    if not opened:
        return
    pairs = {"(": ")", "[": "]", "{": "}"}
    missing = "".join(pairs[mark] for mark in reversed(opened))
    for marks in dict.fromkeys((missing, missing[:1])):
        blank = " " if marks[0] == "}" else ""
        yield Mend(
            say(f"少了右括号 {' '.join(marks)}", f"closing bracket missing: {' '.join(marks)}"),
            (_behind(broken.before, blank + marks),),
            broken.before.end,
        )


def _opening(broken: Break) -> Iterator[Mend]:
    reason = say("模式要放在花括号里", "the pattern stands in braces")
    stops = [token for token in broken.tokens[broken.index :] if token.is_word(*_MODIFIERS)]
    end = stops[0].start if stops else len(broken.text)
    if "{" not in (token.text for token in broken.tokens[: broken.index]):
        if "}" in (token.text for token in broken.tokens):
            yield Mend(reason, (_before(broken.token, "{ "),))
        yield Mend(reason, (_before(broken.token, "{ "), (end, end, " } ")))
    if not any(token.is_word(*_FORMS) for token in broken.tokens):
        reason = say("开头要有 SELECT", "a query begins with SELECT")
        first = broken.at(0)
        yield Mend(reason, (_before(first, "SELECT * WHERE "),))
        yield Mend(reason, (_before(first, "SELECT * WHERE { "), (end, end, " } ")))
        yield Mend(reason, (_before(first, "SELECT "),))


def _star(broken: Break) -> Iterator[Mend]:
    if broken.before.is_word("SELECT", "DISTINCT") and (
        broken.token.text == "{" or broken.token.is_word("WHERE")
    ):
        yield Mend(
            say("SELECT 后面要写变量，或者 *", "SELECT is followed by variables, or *"),
            (_behind(broken.before, " *"),),
        )


def _iri_with_blank(broken: Break) -> Iterator[Mend]:
    match = re.compile(r"<([^<>\"{}|^`\\\n]*[ \u3000][^<>\"{}|^`\\\n]*)>").search(broken.text)
    if match:
        yield Mend(
            say("IRI 里不能有空格", "an IRI cannot have a blank in it"),
            ((match.start(1), match.end(1), re.sub(r"[ \u3000]", "%20", match[1].strip())),),
        )


def _used_name(broken: Break) -> Iterator[Mend]:
    for index, token in enumerate(broken.tokens):
        name = broken.at(index + 1)
        others = sum(other.text == name.text for other in broken.tokens)
        if token.is_word("AS") and name.kind == "variable" and others > 1:
            yield Mend(
                say(f"{name.text} 已经有了，AS 后面要用新名字", f"{name.text} is taken, AS needs a new name"),
                (_instead(name, f"{name.text}2"),),
                name.start,
            )


def _surplus(broken: Break) -> Iterator[Mend]:
    for token in (broken.token, broken.before):
        if token.kind == "mark":
            yield Mend(
                say(f"多了 {token.text}", f"there is one {token.text} too many"),
                (_instead(token, ""),),
                token.start,
            )


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
