"""The library of queries: one documented ``.rq`` file per question, run by name.

The head of each file is a block of comments with fixed keys, one a line::

    # title@zh / title@en        what it is called
    # question@zh / question@en  the question in a planner's words
    # parameter NAME KIND        KIND is text, year, predicate, thing (by name or alias), classes of things
                                 (Enterprise|Organization), or sector (of GB/T 4754, by name or code); a trailing ? at
                                 NAME makes it optional
    # answer                     the columns, in order, and how rows are sorted

A parameter is a variable of the query that is bound before it runs; an optional one that is left out stays open.
The queries by which the package itself reads a graph stand in ``internal/``.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import language, say
from hongtu.loaders.tables import nearest

_LINE = re.compile(r"# (?P<key>title|question|answer|parameter)(?:@(?P<language>zh|en))? (?P<text>.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: the variable's name, its kind as in the head, and whether it may be left out."""

    name: str
    kind: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the library with its head. ``titles`` and ``questions`` are by language, ``zh`` and ``en``."""

    name: str
    titles: dict[str, str]
    questions: dict[str, str]
    answer: str
    parameters: tuple[Parameter, ...]
    sparql: str

    @property
    def title(self) -> str:
        """The title in the user's language."""
        return self.titles[language()]

    @property
    def question(self) -> str:
        """The question in the user's language."""
        return self.questions[language()]


@cache
def query_names() -> tuple[str, ...]:
    """Return the names of all queries, in alphabetical order.

    >>> "show_who_does_what_where" in query_names()
    True
    """
    entries = files("hongtu.graph.queries").iterdir()
    return tuple(sorted(entry.name.removesuffix(".rq") for entry in entries if entry.name.endswith(".rq")))


@cache
def read_query(name: str) -> Query:
    """Return a query by its name or title.

    :raises UsageError: when there is none of that name.

    >>> read_query("谁在哪里做什么").name
    'show_who_does_what_where'
    """
    if name not in query_names():
        for other in query_names():
            if name in read_query(other).titles.values():
                return read_query(other)
        raise UsageError(
            say(f"没有叫“{name}”的查询", f"no query is called “{name}”")
            + (
                nearest(name, list(query_names()))
                or say("；全部：", "; there are: ") + ", ".join(query_names())
            )
        )
    sparql = (files("hongtu.graph.queries") / f"{name}.rq").read_text("utf-8")
    head: dict[tuple[str, str | None], str] = {}
    parameters = []
    for match in _LINE.finditer(sparql):
        if match["key"] == "parameter":
            variable, kind = match["text"].split()[:2]
            parameters.append(Parameter(variable.rstrip("?"), kind, variable.endswith("?")))
        else:
            head[match["key"], match["language"]] = match["text"]
    return Query(
        name=name,
        titles={tag: head["title", tag] for tag in ("zh", "en")},
        questions={tag: head["question", tag] for tag in ("zh", "en")},
        answer=head["answer", None],
        parameters=tuple(parameters),
        sparql=sparql,
    )


@cache
def internal_query(name: str) -> str:
    """Return the text of a query of the package itself, by its name."""
    return (files("hongtu.graph.queries") / "internal" / f"{name}.rq").read_text("utf-8")
