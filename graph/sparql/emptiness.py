"""Why a query finds nothing: the pattern that emptied its answer, and what was likely meant.

The outermost pattern of the query is cut into pieces as they stand in the text (one triple pattern, FILTER, MINUS …),
which are asked again: each triple pattern alone, then all of them one after the other, filters last, as SPARQL applies
them (https://www.w3.org/TR/sparql11-query/#convertGroupPattern). The first piece that leaves no solution is named.
"""

import difflib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from rdflib import RDF, XSD

from hongtu.graph.queries import internal_query
from hongtu.graph.sparql.pieces import Piece, split_group
from hongtu.graph.sparql.rewriting import Outline, Value
from hongtu.graph.sparql.tokens import Token, tokens, variables
from hongtu.graph.terms import compact_iri
from hongtu.loaders.errors import HongtuError
from hongtu.loaders.language import say
from hongtu.loaders.relations import PREDICATES
from hongtu.ontology.namespace import PREFIXES

if TYPE_CHECKING:
    from hongtu.graph.knowledge_graph import KnowledgeGraph

_COUNTED = 1000
_COMPARED = 5000
_SHOWN = 3
_TYPE = ("a", "rdf:type", f"<{RDF.type}>")
_REQUIRED = ("triple", "group", "graph", "values")
_NUMBERS = (XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.int, XSD.long, XSD.nonNegativeInteger)


class _Late(Exception):
    """The time that was given is over."""


def explain_empty(
    kg: "KnowledgeGraph", sparql: str, bindings: Mapping[str, Value], *, seconds: float = 2.0
) -> str:
    """Return why a query finds nothing: the pattern, filter or parameter that emptied it, and what may be meant.

    :param bindings: the terms that were bound to variables of the query.
    :param seconds: for looking, after which the query that is running is stopped; what was found until then is told.
    :return: some sentences in the user's language; nothing is ever raised.

    >>> from hongtu.graph import KnowledgeGraph
    >>> query = "SELECT ?who { ?project a ht:Project . ?project ht:undertakes ?who }"
    >>> print(explain_empty(KnowledgeGraph.packaged("sample"), query, {}).splitlines()[0])
    the answer is empty: ?project ht:undertakes ?who (line 1) leaves none of the 125 solutions before it
    """
    try:
        # Starting a process and handing it the data is no part of looking.
        kg.evaluate("ASK {}", {}, timeout=seconds)
        search = _Search(kg, sparql, bindings, time.monotonic() + seconds)
        # A ready question was not written by who asks it: of its text, only the parameters mean something to them.
        return search.explain_parameters() if sparql.startswith("# title@") else search.explain()
    except Exception:  # noqa: BLE001 - an explanation must not fail where the query did not
        return _cannot_tell()


def _cannot_tell() -> str:
    return say(
        "结果为空；看不出是哪个模式造成的",
        "the answer is empty; which pattern emptied it cannot be told",
    )


class _Search:
    """One search for what emptied an answer."""

    def __init__(
        self, kg: "KnowledgeGraph", sparql: str, bindings: Mapping[str, Value], deadline: float
    ) -> None:
        self.kg, self.sparql, self.bindings, self.deadline = kg, sparql, bindings, deadline
        self.outline = Outline.of(sparql)
        self.pieces = split_group(self.outline.pattern[1:-1], self.outline.start + 1)
        if values := self.outline.values:
            self.pieces.append(Piece(values, "values", len(sparql) - len(values)))

    # What is asked

    def ask(self, pattern: str, *, limit: int = 1, asked: str = "*", bound: bool = True) -> list[Any]:
        """Return solutions of a pattern under the query's prefixes, dataset and bindings."""
        names = variables(tokens(pattern))
        used = {name: term for name, term in self.bindings.items() if bound and name in names}
        query = f"{self.outline.prologue} SELECT {asked} {self.outline.dataset} WHERE {{ {pattern} }} LIMIT {limit}"
        return self._rows(query, used)

    def _rows(self, query: str, bindings: Mapping[str, Value]) -> list[Any]:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _Late
        answer: Any = self.kg.evaluate(query, bindings, timeout=left, renew=False)
        return list(answer)

    def holds(self, pieces: list[Piece], *, bound: bool = True) -> bool:
        """Whether pieces together have a solution."""
        return bool(self.ask(_joined(pieces), bound=bound))

    # What is told

    def explain_parameters(self) -> str:
        """Return how many rows there would be without each parameter, and which names are near a text."""
        given = {name: f"{name}={self._shown(value)}" for name, value in self.bindings.items()}
        fits = "、".join(given.values())
        lines = [
            say(f"没有符合 {fits} 的结果", f"nothing fits {fits.replace('、', ', ')}")
            if given
            else say("图里没有这样的内容", "the graph holds nothing of this kind")
        ]
        with suppress(HongtuError, _Late):
            for name, value in self.bindings.items():
                if isinstance(value, ox.Literal) and value.datatype.value == str(XSD.string):
                    near = _similar(value.value, self._names())
                    lines += [say("相近的名称：", "near names: ") + "、".join(near)] if near else []
                    continue
                others = {other: one for other, one in self.bindings.items() if other != name}
                if found := self._rows(self.sparql, others):
                    lines.append(
                        say(
                            f"不给 {name} 时有 {len(found)} 行", f"without {name} there are {len(found)} rows"
                        )
                    )
        return "\n".join(lines)

    def _names(self) -> Iterator[tuple[str, str]]:
        for row in self._rows(internal_query("list_names"), {}):
            for name in ("label", "alias"):
                if row[name] is not None:
                    yield row[name].value, row["label"].value

    def explain(self) -> str:
        """Return the explanation."""
        lines = []
        try:
            culprit, before = self._culprit(_connected(self.pieces))
            if culprit is None:
                return self._not_the_pattern()
            lines.append(self._named(culprit, before))
            lines.extend(islice(self._advice(culprit, before), _SHOWN))
        except (_Late, HongtuError):
            # What was found in time is told.
            return "\n".join(lines) or _cannot_tell()
        return "\n".join(lines)

    def _culprit(self, ordered: list[Piece]) -> tuple[Piece | None, list[Piece]]:
        """Return the piece that leaves no solution, and those before it, which leave some."""
        alone = [piece for piece in ordered if piece.kind == "triple" and not self.holds([piece])]
        if alone:
            first = ordered.index(alone[0])
            return alone[0], [piece for piece in ordered[:first] if piece not in alone]
        for number in range(1, len(ordered) + 1):
            if not self.holds(ordered[:number]):
                return ordered[number - 1], ordered[: number - 1]
        return None, ordered

    def _not_the_pattern(self) -> str:
        if self.outline.most == 0 or self.outline.skip:
            return say(
                "模式有解，但 LIMIT 或 OFFSET 一个也没留下",
                "the pattern has solutions, but LIMIT or OFFSET leaves none of them",
            )
        if any(token.is_word("HAVING") for token in tokens(self.outline.modifiers)):
            return say(
                "模式有解，但没有一组满足 HAVING", "the pattern has solutions, but no group fulfils HAVING"
            )
        return _cannot_tell()

    def _named(self, culprit: Piece, before: list[Piece]) -> str:
        line = self.sparql.count("\n", 0, culprit.start) + 1
        text = " ".join(culprit.text.split())
        text = text if len(text) <= 120 else f"{text[:117]}…"
        values = ", ".join(
            f"?{name} = {self._shown(self.bindings[name])}"
            for name in sorted(culprit.variables & set(self.bindings))
        )
        values = say(f"，其中 {values}", f", with {values}") if values else ""
        if not before or (culprit.kind == "triple" and not self.holds([culprit])):
            return say(
                f"结果为空：图里没有符合第 {line} 行 {text} 的内容{values}",
                f"the answer is empty: nothing fits {text} (line {line}{values})",
            )
        count = len(self.ask(_joined(before), limit=_COUNTED + 1))
        many = say(f"{_COUNTED} 多", f"more than {_COUNTED}") if count > _COUNTED else str(count)
        return say(
            f"结果为空：加上第 {line} 行的 {text}{values} 就没有解了，之前有 {many} 个",
            f"the answer is empty: {text} (line {line}{values}) leaves none of the {many} solutions before it",
        )

    def _shown(self, term: Any) -> str:
        if isinstance(term, tuple):
            return " | ".join(map(self._shown, term))
        if isinstance(term, ox.NamedNode):
            short = compact_iri(term.value)
            return short if short.partition(":")[0] in PREFIXES else self.kg.labels([term.value])[term.value]
        return _written(term)

    # Advice

    def _advice(self, culprit: Piece, before: list[Piece]) -> Iterator[str]:
        from hongtu.graph.sparql.diagnosis import unknown_terms

        if not self.ask("?s ?p ?o", bound=False):
            yield say(
                "图里什么也没有；远程端点若把数据放在命名图里，地址后要加 ?union-default-graph",
                "the graph holds nothing at all; an endpoint whose data stand in named graphs needs "
                "?union-default-graph behind its address",
            )
            return
        for unknown in unknown_terms(f"{self.outline.prologue}{culprit.text}"):
            near = say("，最接近的有 ", ", the nearest are ") + " ".join(unknown.nearest)
            yield say(f"没有 {unknown.term} 这个词", f"there is no term {unknown.term}") + (
                near if unknown.nearest else ""
            )
        advisers: dict[str, Callable[[Piece, list[Piece]], Iterator[str]]] = {
            "triple": self._on_triple,
            "filter": self._on_filter,
        }
        if culprit.kind in advisers:
            yield from advisers[culprit.kind](culprit, before)
        if self.bindings and culprit.variables & set(self.bindings):
            without = [*before, culprit]
            if self.holds(without, bound=False):
                yield say(
                    "不绑定参数时这里有解：换一个值，或不给这个参数",
                    "without the bound value it has solutions: give another value, or leave the parameter out",
                )

    def _on_triple(self, culprit: Piece, before: list[Piece]) -> Iterator[str]:
        if culprit.parts is None:
            return
        subject, predicate, object_ = (self._settled(part) for part in culprit.parts)
        if _literal(object_):
            yield from self._on_literal(subject, predicate, object_)
        for part in (subject, object_):
            yield from self._on_iri(part)
        known = {name for piece in before for name in piece.variables}
        linked = [part for part in (subject, object_) if part.startswith("?") and part[1:] in known]
        if linked and self.holds([culprit]):
            yield from self._on_rivals(culprit, before)
        if not _literal(object_):
            yield from self._on_direction(subject, predicate, object_, before)
        if linked or not before:
            yield from self._on_classes(subject, predicate, object_, before)

    def _settled(self, part: str) -> str:
        """Return a term of a pattern with a bound variable replaced by its value."""
        term = self.bindings.get(part[1:]) if part.startswith("?") else None
        return part if term is None or isinstance(term, tuple) else str(term)

    def _on_literal(self, subject: str, predicate: str, literal: str) -> Iterator[str]:
        """Look for the same text with another tag or datatype, and for names that are near."""
        text = tokens(literal)[0].text
        text = _unquoted(text)
        anyone = subject if not subject.startswith("?") else "?anyone"
        rows = self.ask(f"{anyone} {predicate} ?found", asked="DISTINCT ?found", limit=_COMPARED, bound=False)
        values = sorted((row["found"] for row in rows if isinstance(row["found"], ox.Literal)), key=str)
        same = [_written(value) for value in values if value.value == text]
        if same:
            yield say(f"图里写作 {same[0]}，不是 {literal}", f"the graph has it as {same[0]}, not {literal}")
            return
        near = _near(text, [value.value for value in values])
        if near:
            shown = [_written(value) for word in near for value in values if value.value == word]
            yield say(
                f'相近的有 {"、".join(shown[:_SHOWN])}；只记得一部分时用 FILTER(CONTAINS(STR(?name), "{text}"))',
                f"near are {', '.join(shown[:_SHOWN])}; a part of a name is found by "
                f'FILTER(CONTAINS(STR(?name), "{text}"))',
            )
        elif values:
            shown = [_written(value) for value in values[:_SHOWN]]
            yield say(f"那里的值例如 {'、'.join(shown)}", f"values there are such as {', '.join(shown)}")

    def _on_iri(self, part: str) -> Iterator[str]:
        """Tell of a thing that the graph does not have, and which names are near."""
        token = (tokens(part) or [Token("", 0, "")])[0]
        if token.kind not in ("iri", "name") or part.partition(":")[0] in PREFIXES:
            return
        if self.ask(f"{{ {part} ?p ?o }} UNION {{ ?s ?p {part} }} UNION {{ ?s {part} ?o }}", bound=False):
            return
        local = part.strip("<>").rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].rsplit("#", 1)[-1]
        named: dict[str, str] = {}
        for row in self._rows(internal_query("list_names"), {}):
            named.setdefault(row["label"].value, row["thing"].value)
            if row["alias"] is not None:
                named.setdefault(row["alias"].value, row["thing"].value)
        things = dict.fromkeys(named[name] for name in _near(local, list(named)))
        near = "、".join(f"<{thing}>" for thing in things)
        yield say(f"图里没有 {part}", f"the graph has nothing that is {part}") + (
            say(f"，名称相近的有 {near}", f"; of near names are {near}") if near else ""
        )

    def _on_rivals(self, culprit: Piece, before: list[Piece]) -> Iterator[str]:
        """Tell of a pattern that excludes this one, and whether it is the one that points the wrong way."""
        for piece in before:
            if piece.kind != "triple" or not piece.variables & culprit.variables:
                continue
            if self.holds([piece, culprit]):
                continue
            yield say(f"它和 {piece.text} 不能同时成立", f"it does not go together with {piece.text}")
            if piece.parts is not None and piece.parts[1] not in _TYPE:
                others = [other for other in before if other != piece]
                yield from self._on_reversed(*piece.parts, [*others, culprit])
            return

    def _on_direction(self, subject: str, predicate: str, object_: str, before: list[Piece]) -> Iterator[str]:
        """Try the other direction, and other relations between the two."""
        if predicate in _TYPE or predicate.startswith("?"):
            return
        if told := list(self._on_reversed(subject, predicate, object_, before)):
            yield from told
            return
        others = _joined(before)
        known = {name for piece in before for name in piece.variables}
        if not all(not part.startswith("?") or part[1:] in known for part in (subject, object_)):
            return
        for one, other in ((subject, object_), (object_, subject)):
            rows = self.ask(f"{others} {one} ?relation {other}", asked="DISTINCT ?relation", limit=_SHOWN + 1)
            relations = [compact_iri(row["relation"].value) for row in rows]
            if relations and len(relations) <= _SHOWN:
                shown = "、".join(f"{one} {relation} {other}" for relation in relations)
                yield say(f"两者之间有的是 {shown}", f"what stands between the two is {shown}")

    def _on_reversed(self, subject: str, predicate: str, object_: str, others: list[Piece]) -> Iterator[str]:
        if not _literal(object_) and self.ask(f"{_joined(others)} {object_} {predicate} {subject}"):
            yield say(
                f"方向反了：{object_} {predicate} {subject} 有解",
                f"the other way round there are solutions: {object_} {predicate} {subject}",
            )

    def _on_classes(self, subject: str, predicate: str, object_: str, before: list[Piece]) -> Iterator[str]:
        """Tell which classes things have, where a pattern asks for another one."""
        name = predicate.removeprefix("ht:")
        if predicate in _TYPE:
            if classes := self._classes(subject, before):
                yield say(f"{subject} 的类是 {classes}", f"{subject} is of class {classes}")
        elif name in PREDICATES and predicate.startswith("ht:"):
            subjects, objects = PREDICATES[name]
            yield say(
                f"{predicate} 从 {'/'.join(subjects)} 指向 {'/'.join(objects)}",
                f"{predicate} leads from {'/'.join(subjects)} to {'/'.join(objects)}",
            ) + "".join(
                say(f"；{part} 的类是 {classes}", f"; {part} is of class {classes}")
                for part, allowed in ((subject, subjects), (object_, objects))
                if before and (classes := self._classes(part, before))
                if not any(f"ht:{kind}" in classes.split(", ") for kind in allowed)
            )

    def _classes(self, part: str, before: list[Piece]) -> str:
        if not part.startswith("?"):
            before = []
        elif not any(part[1:] in piece.variables for piece in before):
            return ""
        rows = self.ask(f"{_joined(before)} {part} a ?class", asked="DISTINCT ?class", limit=_SHOWN + 1)
        return ", ".join(sorted(compact_iri(row["class"].value) for row in rows))

    def _on_filter(self, culprit: Piece, before: list[Piece]) -> Iterator[str]:
        """Compare the literals of a filter with the values that its variables have."""
        pattern = _joined(before)
        found = culprit.tokens
        literals = [
            _literal_of(found, index)
            for index, token in enumerate(found)
            if token.kind in ("string", "number") and found[index - 1].text != "^^"
        ]
        bound = {name for piece in before if piece.kind != "minus" for name in piece.variables}
        for name in sorted((culprit.variables & bound) - set(self.bindings)):
            rows = self.ask(f"{pattern} FILTER(BOUND(?{name}))", asked=f"DISTINCT ?{name}", limit=_COMPARED)
            values = sorted((row[name] for row in rows if row[name] is not None), key=str)
            if not values:
                yield say(f"?{name} 在这里没有值", f"?{name} has no value there")
                continue
            for literal in literals:
                yield from self._on_compared(name, literal, values, culprit, pattern)
            if any(token.is_word("EXISTS") for token in found):
                continue
            shown = [self._shown(value) for value in values[:_SHOWN]]
            yield say(
                f"?{name} 的值例如 {'、'.join(shown)}", f"values of ?{name} are such as {', '.join(shown)}"
            )

    def _on_compared(
        self, name: str, literal: str, values: list[Any], culprit: Piece, pattern: str
    ) -> Iterator[str]:
        text = _unquoted(tokens(literal)[0].text)
        texts = [value for value in values if isinstance(value, ox.Literal)]
        same = [value for value in texts if value.value == text and _written(value) != literal]
        if same and "CONTAINS" not in culprit.text.upper():
            yield say(
                f"?{name} 的这个值写作 {_written(same[0])}，不是 {literal}",
                f"?{name} has that value as {_written(same[0])}, not {literal}",
            )
        elif tokens(literal)[0].kind == "number" and texts:
            if all(str(value.datatype.value) not in map(str, _NUMBERS) for value in texts):
                mended = culprit.text.replace(f"?{name}", f"xsd:decimal(STR(?{name}))")
                yield say(
                    f"?{name} 不是数，例如 {_written(texts[0])}",
                    f"?{name} is no number, it is such as {_written(texts[0])}",
                ) + (
                    say(f"；可以换成数：{mended}", f"; make it one: {mended}")
                    if self.ask(f"{pattern} {mended}")
                    else ""
                )
        elif near := _near(text, [value.value for value in texts]):
            shown = [_written(value) for word in near for value in texts if value.value == word][:_SHOWN]
            yield say(
                f"?{name} 相近的值有 {'、'.join(shown)}", f"near values of ?{name} are {', '.join(shown)}"
            )


def _connected(pieces: list[Piece]) -> list[Piece]:
    """Return pieces so that each pattern shares a variable with those before it, filters at the end.

    In the order of the text, two that are only joined later would have every solution of the one beside every one of
    the other.
    """
    required = [piece for piece in pieces if piece.kind in _REQUIRED]
    ordered: list[Piece] = []
    known: set[str] = set()
    while required:
        piece = next((piece for piece in required if piece.variables & known), required[0])
        required.remove(piece)
        ordered.append(piece)
        known |= piece.variables
    ordered += [piece for piece in pieces if piece.kind not in _REQUIRED and piece.kind != "filter"]
    return ordered + [piece for piece in pieces if piece.kind == "filter"]


def _joined(pieces: list[Piece]) -> str:
    return " ".join(f"{piece.text} ." if piece.kind == "triple" else piece.text for piece in pieces)


def _literal(part: str) -> bool:
    found = tokens(part)
    return bool(found) and found[0].kind in ("string", "number")


def _literal_of(found: list[Token], index: int) -> str:
    """Return a literal with its datatype, as SPARQL writes it."""
    typed = found[index + 1 : index + 3]
    return found[index].text + ("".join(t.text for t in typed) if typed and typed[0].text == "^^" else "")


def _unquoted(token: str) -> str:
    """Return the text of a literal without quotation marks and tag."""
    if token[:1] not in "\"'":
        return token
    quote = token[:3] if token[:3] in ('"' * 3, "'" * 3) else token[0]
    return token[len(quote) : token.rfind(quote)]


def _written(term: Any) -> str:
    """Return a literal as SPARQL writes it, its datatype with a known prefix."""
    if isinstance(term, ox.Literal) and not term.language and term.datatype.value != str(XSD.string):
        return f"{ox.Literal(term.value)}^^{compact_iri(term.datatype.value)}"
    return str(term)


def _similar(text: str, names: Iterable[tuple[str, str]]) -> list[str]:
    """Return the labels of which a name has a part that is most like a text.

    :param names: each with the label of its thing.

    >>> _similar("华祥", [("华翔股份", "华翔集团"), ("先进制造业", "先进制造业")])
    ['华翔集团']
    """
    likeness: dict[str, tuple[float, float]] = {}
    for name, label in names:
        parts = [name, *(name[at : at + len(text)] for at in range(len(name) - len(text) + 1))]
        whole, *inner = (difflib.SequenceMatcher(None, text, part).ratio() for part in parts)
        likeness[label] = max(likeness.get(label, (0, 0)), (max([whole, *inner]), whole))
    like = sorted(
        (label for label in likeness if likeness[label][0] >= 0.5),
        key=lambda label: (-likeness[label][0], -likeness[label][1], label),
    )
    return like[: 2 * _SHOWN]


def _near(word: str, words: list[str]) -> list[str]:
    """Return the words that hold a word, shortest first, else those that are most like it."""
    distinct = list(dict.fromkeys(words))
    holding = sorted(
        (other for other in distinct if word and word in other), key=lambda other: (len(other), other)
    )
    return holding[:_SHOWN] or difflib.get_close_matches(word, distinct, n=_SHOWN, cutoff=0.5)
