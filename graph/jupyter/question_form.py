"""A form of ready questions for a notebook: pick, ask, and read the table, the picture, the citations and the SPARQL.

    kg.ask()

The questions are those of :mod:`hongtu.graph.queries`; what can be picked is what the graph holds. The form needs no
server but the notebook's kernel, and no SPARQL but what one wants to learn from it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from html import escape
from typing import TYPE_CHECKING, Any

from hongtu.graph.passages import Passage, Passages, to_passage
from hongtu.graph.queries import Parameter, Query, internal_query, query_names, read_query
from hongtu.graph.sparql.rewriting import Value, bind
from hongtu.graph.terms import Resource, to_python
from hongtu.graph.views.table import heading, row_evidence, said
from hongtu.loaders.errors import HongtuError, UsageError
from hongtu.loaders.language import Language, language, say, speaking
from hongtu.ontology.namespace import EDGE_PROPERTIES, HT

if TYPE_CHECKING:
    from hongtu.graph.answer import Answer
    from hongtu.graph.knowledge_graph import KnowledgeGraph

FIRST = (
    "show_who_does_what_where",
    "list_bodies_of_industry",
    "list_bodies_of_place",
    "list_projects_of_place",
    "list_projects_of_strategy",
    "list_industries_of_strategy",
    "list_industries_of_place",
    "list_targets_by_strategy",
    "show_mentions",
    "list_neighbours",
    "find_paths",
    "list_partners",
)
"""The questions that analysts ask first; the others follow by title."""

_SECONDS = 60.0
_SHORT = 30
"""Up to so many things are a list to choose from; more are chosen by typing some characters."""
_LONG = 5000
"""More things than these are not sent to the browser: their names are typed."""
_HEAD = re.compile(r"# (?:parameter|answer|(?:title|question)@(?P<language>zh|en))\b.*\n")
_PICTURE = 1
_ROLES = ("target", "baseline")


def choices(kg: "KnowledgeGraph", parameter: Parameter) -> dict[str, object]:
    """Return what a parameter can be given: label → value, in the order of kinds and names; empty for free text.

    Things of one name are told apart by their kind, and by their plan where that does not do.
    """
    match parameter.kind:
        case "text":
            return {said("role", word): word for word in _ROLES} if parameter.name == "role" else {}
        case "year":
            years = [to_python(row["year"]) for row in kg.solutions(internal_query("list_years"))]
            return {str(year): year for year in years}
        case "predicate":
            labels = kg.labels(str(edge) for edge in EDGE_PROPERTIES)
            return {labels[str(edge)]: Resource(labels[str(edge)], str(edge)) for edge in EDGE_PROPERTIES}
        case "sector":
            sectors = {
                row["sector"].value: row["code"].value for row in kg.solutions(internal_query("list_sectors"))
            }
            labels = kg.labels(sectors)
            return {f"{code} {labels[iri]}": Resource(labels[iri], iri) for iri, code in sectors.items()}
    kinds = parameter.kind.split("|")
    rows = [
        (row["thing"], row["label"], row["type"].value) for row in kg.solutions(internal_query("list_things"))
    ]
    rows += [
        (row["plan"], row["title"], str(HT.Plan)) for row in kg.solutions(read_query("list_plans").sparql)
    ]
    things = {
        thing.value: (label.value, kind)
        for thing, label, kind in rows
        if kinds == ["thing"] or kind.removeprefix(str(HT)) in kinds
    }
    names = _distinct(kg, things)
    return {names[iri]: Resource(label, iri) for iri, (label, _) in things.items()}


def _distinct(kg: "KnowledgeGraph", things: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return what to call each of some things, given by IRI with label and kind, so that none is called like another."""
    plans = {iri: iri.rsplit("/", 2)[0] for iri in things}
    labels = kg.labels({*plans.values(), *(kind for _, kind in things.values())})
    same_name = Counter(label for label, _ in things.values())
    same_kind = Counter(things.values())
    names = {}
    for iri, (label, kind) in things.items():
        marks = [labels[kind]] if same_name[label] > same_kind[label, kind] else []
        marks += [labels[plans[iri]]] if same_kind[label, kind] > 1 else []
        names[iri] = label + (say("（{}）", " ({})").format(say("，", ", ").join(marks)) if marks else "")
    return names


def runnable(query: Query, bindings: Mapping[str, Value]) -> str:
    """Return a query with its parameters bound, as the text of a notebook cell that runs as it is.

    >>> print(runnable(read_query("list_plans"), {}).splitlines()[0])
    %%sparql
    """
    kept = _HEAD.sub(lambda line: line[0] if line["language"] == language() else "", query.sparql)
    return f"%%sparql\n{bind(kept, bindings)}"


def citations(answer: "Answer") -> Passages:
    """Return the passages of an answer's rows, each once, in the order of the rows; empty when rows tell of none."""
    if {field.name for field in fields(Passage)} <= set(answer.columns):
        found = [to_passage(row) for row in answer.to_dict("records")]
    else:
        found = [Passage(**passage) for row in row_evidence(answer)[1] for passage in row]
    return Passages(dict.fromkeys(found))


class QuestionForm:
    """The form, which a notebook displays.

    ``answer`` is the answer to what was asked last, for the cells that follow; ``None`` before, and when there was none.
    """

    def __init__(self, kg: "KnowledgeGraph") -> None:
        """Make a form for the questions to a graph.

        :raises UsageError: when ipywidgets is not installed.
        """
        self.kg = kg
        self.answer: Answer | None = None
        self._language: Language = language()
        self.picks: dict[str, Any] = {}
        self._choices: dict[str, dict[str, object]] = {}
        self._widgets = widgets = _import_widgets()
        wide = {"description_width": "6em"}
        self.language = widgets.ToggleButtons(
            options=[("中文", "zh"), ("English", "en")], value=self._language, style={"button_width": "6em"}
        )
        self.question = widgets.Dropdown(style=wide, layout={"width": "36em"})
        self.sentence = widgets.HTML()
        self.button = widgets.Button(button_style="primary", icon="search")
        self.message = widgets.HTML()
        self.table, self.picture, self.passages, self.sparql = (widgets.HTML() for _ in range(4))
        self.tabs = widgets.Tab(
            children=[self.table, self.picture, self.passages, self.sparql], layout={"display": "none"}
        )
        self.parameters = widgets.VBox()
        self.box = widgets.VBox(
            [
                self.language,
                self.question,
                self.sentence,
                self.parameters,
                self.button,
                self.message,
                self.tabs,
            ]
        )
        with speaking(self._language):
            self._word()
            self._offer()
        self.language.observe(self._on_language, "value")
        self.question.observe(self._on_question, "value")
        self.tabs.observe(self._on_tab, "selected_index")
        self.button.on_click(self._on_ask)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.box._repr_mimebundle_(**options)

    @property
    def query(self) -> Query:
        """The question that is chosen, as the query that answers it."""
        return read_query(self.question.value)

    # What happens when something is touched

    def _on_language(self, change: Mapping[str, Any]) -> None:
        self._language = change["new"]
        # New options choose the first one for a moment, which is no question that anybody asked.
        self.question.unobserve(self._on_question, "value")
        with speaking(self._language):
            self._word()
            self._offer()
        self.question.observe(self._on_question, "value")
        if self.answer is not None:
            self._on_ask()

    def _on_question(self, _: object) -> None:
        with speaking(self._language):
            self._offer()

    def _on_pick(self, _: object) -> None:
        with speaking(self._language):
            self._tell()

    def _on_tab(self, _: object) -> None:
        with speaking(self._language):
            self._draw()

    def _on_ask(self, _: object = None) -> None:
        self.button.disabled = True
        try:
            with speaking(self._language):
                self._ask()
        finally:
            self.button.disabled = False

    # What is shown

    def _word(self) -> None:
        """Put the form's own words in the language."""
        chosen = self.question.value
        others = sorted(set(query_names()) - set(FIRST), key=lambda name: read_query(name).title)
        self.question.options = [(read_query(name).title, name) for name in (*FIRST, *others)]
        self.question.value = chosen or FIRST[0]
        self.question.description = say("问题", "Question")
        self.button.description = say("问", "Ask")
        self.tabs.titles = (say("表", "Table"), say("图", "Picture"), say("出处", "Citations"), "SPARQL")

    def _offer(self) -> None:
        """Show the parameters of the question that is chosen; what was picked stays where it can still be picked."""
        before = {name: self._value(name) for name in self.picks}
        self._choices = {one.name: choices(self.kg, one) for one in self.query.parameters}
        self.picks = {one.name: self._pick_list(one, before.get(one.name)) for one in self.query.parameters}
        self.parameters.children = list(self.picks.values())
        for pick in self.picks.values():
            pick.observe(self._on_pick, "value")
        self._tell()

    def _pick_list(self, parameter: Parameter, value: object) -> Any:
        """Return a list to choose from when it is short, else a field that completes what is typed."""
        known = self._choices[parameter.name]
        wanted = getattr(value, "iri", value)
        label = next((label for label, one in known.items() if getattr(one, "iri", one) == wanted), None)
        looks: dict[str, Any] = {
            "description": heading(parameter.name),
            "style": {"description_width": "6em"},
            "layout": {"width": "36em"},
        }
        if known and len(known) <= _SHORT:
            options = [(name, name) for name in known]
            options[:0] = [(say("（不限）", "(any)"), "")] if parameter.optional else []
            return self._widgets.Dropdown(options=options, value=label or options[0][1], **looks)
        hints = [say("输入几个字来选", "type some characters to choose")] if known else []
        hints += [say("可不填", "may stay empty")] if parameter.optional else []
        looks["placeholder"] = say("，", ", ").join(hints)
        typed = label or (value if type(value) is str else "")
        if 0 < len(known) <= _LONG:
            # Not only what is listed: aliases are understood too.
            return self._widgets.Combobox(options=list(known), value=typed, ensure_option=False, **looks)
        return self._widgets.Text(value=typed, **looks)

    def _value(self, name: str) -> object:
        """Return what was picked or typed for a parameter, ``None`` when it is empty."""
        typed = self.picks[name].value.strip()
        return self._choices[name].get(typed, typed) or None

    def _given(self) -> dict[str, object]:
        return {name: value for name in self.picks if (value := self._value(name)) is not None}

    def _tell(self) -> None:
        """Show the question as a sentence, with what was picked."""
        colon = say("：", ": ")
        picked = say("；", "; ").join(
            f"{heading(name)}{colon}{value}" for name, value in self._given().items()
        )
        self.sentence.value = f"<b>{escape(self.query.question)}</b>" + (
            f"<br>{escape(picked)}" if picked else ""
        )

    def _ask(self) -> None:
        """Show the answer, or the error, to what is picked."""
        self.message.value, self.answer = "", None
        self.tabs.layout.display = "none"
        given = self._given()
        try:
            if empty := [
                heading(one.name) for one in self.query.parameters if not (one.optional or one.name in given)
            ]:
                raise UsageError(say("请先填：", "fill in first: ") + say("、", ", ").join(empty))
            bindings: dict[str, Any] = dict(self.kg.bindings(self.query, given))
            self.answer = self.kg.query(self.query.sparql, timeout=_SECONDS, **bindings)
            self.table.value = self.answer._repr_html_()
            self.passages.value = _citations_html(citations(self.answer))
        except HongtuError as error:
            self.message.value = _error_html(error)
            return
        self.sparql.value = _code_html(runnable(self.query, bindings))
        self.picture.value = ""
        self._draw()
        self.tabs.layout.display = ""

    def _draw(self) -> None:
        """Draw the picture, which is large, when its tab is open."""
        if self.tabs.selected_index != _PICTURE or self.answer is None or self.picture.value:
            return
        try:
            self.picture.value = self.answer.show()._repr_html_()
        except HongtuError as error:
            self.picture.value = _error_html(error)


def _import_widgets() -> Any:
    try:
        import ipywidgets
    except ImportError as error:
        raise UsageError(
            say(
                '表单要用 ipywidgets；先 pip install "hongtu[notebook]"，再重启内核',
                'the form needs ipywidgets; pip install "hongtu[notebook]" and restart the kernel',
            )
        ) from error
    return ipywidgets


def _error_html(error: HongtuError) -> str:
    return f'<pre style="color:#b3261e;white-space:pre-wrap">{escape(str(error))}</pre>'


def _citations_html(passages: Passages) -> str:
    if not passages:
        return escape(
            say(
                "这个问题的答案是统计或概览，没有逐行的出处；点表中的名称，或问“一个事物的出处”。",
                "The answer to this question counts or sums up; its rows cite no passages. Ask for the mentions of a thing.",
            )
        )
    return passages._repr_html_()


def _code_html(text: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers.rdf import SparqlLexer

    told = say("选中并复制到一个单元格里就能运行", "copy this into a cell and run it")
    magic, _, query = text.partition("\n")
    code = highlight(query, SparqlLexer(), HtmlFormatter(noclasses=True, nowrap=True))
    return (
        f"<small>{escape(told)}（%load_ext hongtu.graph）</small>"
        f'<pre style="background:#f8f8f8;color:#222;padding:.6em;white-space:pre-wrap">{escape(magic)}\n{code}</pre>'
    )
