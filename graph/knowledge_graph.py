"""The knowledge graph as people ask it: by SPARQL, by ready questions, by names.

>>> kg = KnowledgeGraph.packaged("hongdong")
>>> kg.query("ASK { ht:Project a owl:Class }")
True
>>> kg.who("华翔", place="甘亭工业园区")["project"].tolist()
['高端铸造专业化众创空间']
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib

from hongtu.graph.endpoint import Endpoint
from hongtu.graph.passages import Passages, to_passage
from hongtu.graph.queries import Query, internal_query, read_query
from hongtu.graph.sparql.rewriting import Value
from hongtu.graph.sparql.tokens import tokens, variables
from hongtu.graph.store import PlanStore
from hongtu.graph.terms import Resource, to_iri, to_literal, to_rdflib, to_term, to_value
from hongtu.loaders.errors import StoreError, UsageError
from hongtu.loaders.language import say
from hongtu.loaders.relations import PREDICATES
from hongtu.loaders.tables import nearest
from hongtu.loaders.vocabulary import names
from hongtu.ontology.namespace import EDGE_PROPERTIES, HT, PREFIXES

if TYPE_CHECKING:
    # pandas takes 0.3 s to import; building a graph does not need it.
    from hongtu.graph.answer import Answer
    from hongtu.graph.compare import Comparison
    from hongtu.graph.coordinates import Point
    from hongtu.graph.jupyter.question_form import QuestionForm
    from hongtu.graph.thing import Thing
    from hongtu.graph.views.explorer import Explorer
    from hongtu.graph.views.matrix import Matrix

_YEAR = re.compile(r"-?\d{4,}", re.ASCII)


class KnowledgeGraph(PlanStore):
    """A graph of who does what where; see :meth:`open`.

    Wherever a thing is asked for, its name, an alias, its IRI or a :class:`~hongtu.graph.terms.Resource` will do.
    """

    def __repr__(self) -> str:
        if isinstance(self.backend, Endpoint):
            return f"KnowledgeGraph({self.backend.url})"
        titles = [row["title"].value for row in self.solutions(read_query("list_plans").sparql)]
        more = say(f"等 {len(titles)} 份规划", f" … {len(titles)} plans") if len(titles) > 3 else ""
        return f"KnowledgeGraph({'、'.join(titles[:3])}{more})"

    # By SPARQL

    # A union as return type would have callers check for what the text of their query says.
    def query(
        self,
        sparql: str,
        /,
        *,
        timeout: float | None = None,
        limit: int | None = None,
        inferred: bool = False,
        **parameters: object,
    ) -> Any:
        """Return the answer to a SPARQL query; the known prefixes need no declaration.

        :param timeout: seconds after which the query is stopped; ``None`` waits for its end.
        :param limit: how many rows to take at most; :attr:`Answer.cut` tells when there were more.
        :param inferred: see what was inferred too, see :func:`hongtu.graph.inference.infer`.
        :param parameters: values for variables of the query, bound and never pasted into its text: a
            :class:`~hongtu.graph.terms.Resource` or rdflib term, a number, or a string, which becomes a literal; a
            list of such stands for any of them.
        :return: for SELECT an :class:`~hongtu.graph.answer.Answer`, a DataFrame with one column per variable, things
            as :class:`~hongtu.graph.terms.Resource` (label, with ``.iri``), figures as numbers, unbound as ``None``;
            for CONSTRUCT and DESCRIBE an :class:`rdflib.Graph`; for ASK a boolean.
        :raises UsageError: when the query is broken, has not the variable that a value is given for, does not end in
            time, or ``limit`` is below zero.
        :raises StoreError: when it cannot be evaluated.
        """
        from hongtu.graph.answer import to_answer

        if limit is not None and limit < 0:
            raise UsageError(say(f"limit={limit}：要 0 或更大的数", f"limit={limit}: give 0 or more"))
        _check_variables(sparql, parameters)
        bindings = {name: to_value(value) for name, value in parameters.items()}
        with _evaluating():
            answer = self.evaluate(sparql, bindings, timeout=timeout, limit=limit, inferred=inferred)
            if isinstance(answer, ox.QueryBoolean):
                return bool(answer)
            if isinstance(answer, ox.QuerySolutions):
                return to_answer(self, answer, sparql, bindings, limit)
            return _to_rdflib(islice(answer, limit))

    def run(self, name: str, /, **parameters: object) -> "Answer":
        """Return the answer to a query of the library; see :mod:`hongtu.graph.queries`.

        :param parameters: the query's parameters; things are given by name, alias or IRI, several as a list.
        :raises UsageError: when there is no such query, a parameter is missing or unknown, or a name is not found.
        """
        from hongtu.graph.answer import to_answer

        query = read_query(name)
        bindings = self.bindings(query, parameters)
        return to_answer(self, self.evaluate(query.sparql, bindings), query.sparql, bindings, None)

    def bindings(self, query: Query, given: Mapping[str, object]) -> dict[str, Value]:
        """Return the terms that a query's variables are bound to when these parameters are given.

        :raises UsageError: when a parameter is missing or unknown, a name is not found, or a year is none.
        """
        known = {parameter.name: parameter for parameter in query.parameters}
        if unknown := [name for name in given if name not in known]:
            raise UsageError(
                say(
                    f"{query.name} 没有参数 {unknown[0]}；有：",
                    f"{query.name} has no parameter {unknown[0]}; it has: ",
                )
                + (", ".join(known) or say("没有", "none"))
            )
        if missing := [
            name for name, parameter in known.items() if not parameter.optional and name not in given
        ]:
            raise UsageError(
                say(f"{query.name} 缺参数 {', '.join(missing)}", f"{query.name} needs {', '.join(missing)}")
            )
        bindings: dict[str, Value] = {}
        for name, value in given.items():
            match known[name].kind:
                case "text":
                    bindings[name] = to_literal(str(value).strip())
                case "year":
                    bindings[name] = _year(value)
                case "predicate":
                    bindings[name] = to_iri(_predicate_iri(value))
                case "sector":
                    bindings[name] = to_iri(self._sector_iri(value))
                case "thing":
                    bindings[name] = to_value([ox.NamedNode(iri) for iri in self.resolve_all(value)])
                case kinds:
                    found = self.resolve_all(value, kinds=kinds.split("|"))
                    bindings[name] = to_value([ox.NamedNode(iri) for iri in found])
        return bindings

    def _sector_iri(self, sector: object) -> str:
        """Return the IRI of a section, division or group of GB/T 4754, by name or code; the widest of one name."""
        if isinstance(sector, (Resource, ox.NamedNode, rdflib.URIRef)) or "://" in str(sector):
            return self.resolve(sector)
        text = str(sector).strip()
        for row in self.solutions(internal_query("find_sector"), name=to_literal(text)):
            return str(row["sector"].value)
        labels = {row["label"].value for row in self.solutions(internal_query("list_sectors"))}
        raise UsageError(
            say(
                f"GB/T 4754 里没有“{text}”；写名称或代码，如 制造业、C、C25",
                f"nothing of GB/T 4754 is called “{text}”; give a name or code, such as 制造业, C or C25",
            )
            + nearest(text, sorted(labels))
        )

    # By name

    def find(self, text: str) -> "Answer":
        """Return what is called so: things with a name or alias that holds these characters, best matches first."""
        return self.run("find_things", text=text)

    def thing(self, name: object, *, kinds: Collection[str] = ()) -> "Thing":
        """Return a thing by name, alias, IRI or :class:`~hongtu.graph.terms.Resource`; a notebook shows it as a card.

        :param kinds: local names of classes, one of which it must have; empty allows all.
        :raises UsageError: when nothing, or more than one thing, has that name; the nearest names are told.
        """
        from hongtu.graph.thing import Thing

        iri = self.resolve(name, kinds=kinds)
        return Thing(self.labels([iri])[iri], iri, self)

    def strategy(self, name: object) -> "Thing":
        """Return a strategy; see :meth:`thing`."""
        return self.thing(name, kinds=["Strategy"])

    def project(self, name: object) -> "Thing":
        """Return a project; see :meth:`thing`."""
        return self.thing(name, kinds=["Project"])

    def enterprise(self, name: object) -> "Thing":
        """Return an enterprise; see :meth:`thing`."""
        return self.thing(name, kinds=["Enterprise"])

    def organization(self, name: object) -> "Thing":
        """Return an enterprise or another body; see :meth:`thing`."""
        return self.thing(name, kinds=["Enterprise", "Organization"])

    def industry(self, name: object) -> "Thing":
        """Return an industry; see :meth:`thing`."""
        return self.thing(name, kinds=["Industry"])

    def location(self, name: object) -> "Thing":
        """Return a place; see :meth:`thing`."""
        return self.thing(name, kinds=["Location"])

    def who(
        self,
        who: object | None = None,
        *,
        industry: object | None = None,
        place: object | None = None,
        strategy: object | None = None,
    ) -> "Answer":
        """Return who does what where, each row with the passage that says so.

        :param who: an enterprise or organization by name, alias or IRI; ``None``, as for the others, allows all.
        :param place: a location; what lies within it counts too.
        :raises UsageError: when a name is not found.
        """
        given = {"who": who, "industry": industry, "place": place, "strategy": strategy}
        return self.run(
            "show_who_does_what_where",
            **{name: value for name, value in given.items() if value is not None},
        )

    def neighbours(self, thing: object) -> "Answer":
        """Return what a thing is directly linked with, one row an edge and passage.

        :raises UsageError: when the name is not found.
        """
        return self.run("list_neighbours", thing=thing)

    def paths(self, start: object, end: object) -> "Answer":
        """Return how two things are connected, with at most two things between them, shortest first.

        :raises UsageError: when a name is not found.
        """
        answer = self.run("find_paths", start=start, end=end)
        labels = self.labels(str(relation) for relation in EDGE_PROPERTIES)
        names = {str(relation).removeprefix(str(HT)): labels[str(relation)] for relation in EDGE_PROPERTIES}
        answer["relations"] = [
            " / ".join(
                f"{'←' * part.startswith('←')}{names.get(part.lstrip('←'), part)}"
                for part in relations.split(" / ")
            )
            for relations in answer["relations"]
        ]
        return answer

    def targets(self, *, year: int | None = None) -> "Answer":
        """Return the targets and baselines of the plans, of one year or of all, in the order of the text.

        :raises UsageError: when ``year`` is no year.
        """
        return self.run("list_targets", **({} if year is None else {"year": year}))

    def show(
        self,
        what: Any = None,
        *,
        steps: int = 1,
        height: str = "640px",
        styles: Mapping[str, Mapping[str, str]] | None = None,
        coordinates: "Mapping[str, Point] | None" = None,
        outline: str | Path | Mapping[str, Any] | None = None,
        like: str | Path | None = None,
    ) -> "Explorer":
        """Return a picture that a notebook displays.

        A double click on a thing shows what lies around it; the page carries what is one step further than ``steps``.

        :param what: a thing (by name, alias, IRI or Resource) or a list of things, drawn with what is near; an answer
            to a query, or the rdflib graph of a CONSTRUCT or DESCRIBE; ``None`` draws the whole graph.
        :param steps: how many edges away from the things.
        :param height: of the picture, in CSS units.
        :param styles: colours and shapes by kind, ``{"Enterprise": {"color": "#c0392b", "shape": "star"}}``; see
            :class:`~hongtu.graph.views.explorer.Explorer`.
        :param coordinates: latitude and longitude by name, for a map: ``{"青石镇": (29.53, 106.48)}``.
        :param outline: GeoJSON as file or as read, for the map.
        :param like: an explorer.html that was written earlier: what stands in it keeps its place.
        :raises UsageError: when a name is not found, there is no such kind or shape, or coordinates are no degrees.
        :raises InputError: when the outline is no GeoJSON, or ``like`` no explorer.
        """
        from hongtu.graph.answer import Answer
        from hongtu.graph.network import neighbourhood, to_networkx, with_more
        from hongtu.graph.views.drawing import graph_network
        from hongtu.graph.views.explorer import MOST_HIDDEN, Explorer

        if isinstance(what, Answer):
            network = what.network()
        elif isinstance(what, rdflib.Graph):
            network = graph_network(self, what)
        else:
            network = to_networkx(self)
            if what is not None:
                things = self.resolve_all(what)
                network = with_more(network, neighbourhood(network, things, steps), MOST_HIDDEN)
                if len(things) == 1 and steps in (1, 2):
                    network.graph["around"] = (*things, steps)
        return Explorer(network, height, styles, coordinates=coordinates, outline=outline, like=like)

    def matrix(self, rows: str = "Enterprise", columns: str = "Industry") -> "Matrix":
        """Return a heat map of how often the things of two kinds meet; its cells open their edges and sentences.

        :param rows: the local name of a class, such as ``"Enterprise"`` or ``"Location"``; ``columns`` likewise.
        :raises UsageError: when there is no such kind, or no two things of these kinds meet.
        """
        from hongtu.graph.views.matrix import matrix

        return matrix(self, rows, columns)

    def compare(self, plan: object, other: object) -> "Comparison":
        """Return what two plans of the graph share, where their targets differ, and what only one of them names.

        :param plan: by the name of its area, title, id or IRI; ``other`` likewise, such as the plan of the level above.
        :raises UsageError: when the graph has no such plan.
        """
        from hongtu.graph.compare import compare

        return compare(self, plan, other)

    def ask(self) -> "QuestionForm":
        """Return a form for a notebook: ready questions with pick-lists, answered by table, picture and citations.

        :raises UsageError: when ipywidgets is not installed.
        """
        from hongtu.graph.jupyter.question_form import QuestionForm

        return QuestionForm(self)

    # Evidence

    def evidence(
        self, subject: object, predicate: object | None = None, object: object | None = None
    ) -> Passages:
        """Return the passages that state an edge, or those that name a thing when only ``subject`` is given.

        Things are given by name, alias, IRI or :class:`~hongtu.graph.terms.Resource`; the predicate by its name in
        the ontology (``"undertakes"``), its label (``"承担"``), by IRI or as an rdflib term.

        :return: in the order of the text; empty when the graph states no such edge.
        :raises UsageError: when a name is not found, or only one of predicate and object is given.
        """
        if predicate is None and object is None:
            frame = self.run("show_mentions", thing=subject)
        elif object is None:
            raise UsageError(
                say("要依据一条关系，还要给出客体", "the evidence of an edge needs its object too")
            )
        elif predicate is None:
            raise UsageError(
                say(
                    "要依据一条关系，还要给出关系的名称，如 undertakes",
                    "the evidence of an edge needs its predicate too, such as undertakes",
                )
            )
        else:
            relation = _predicate_iri(predicate)
            subjects, objects = PREDICATES.get(relation.removeprefix(str(HT)), ((), ()))
            frame = self.run(
                "show_evidence",
                subject=self.resolve_all(subject, kinds=subjects),
                predicate=relation,
                object=self.resolve_all(object, kinds=objects),
            )
        return Passages(to_passage(row) for row in frame.to_dict("records"))


@contextmanager
def _evaluating() -> Iterator[None]:
    """Say in a sentence what the engine finds while it evaluates: a service that does not answer, an unknown function."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise StoreError(say(f"查询执行失败：{error}", f"the query failed: {error}")) from error


def _predicate_iri(predicate: object) -> str:
    if isinstance(predicate, (Resource, ox.NamedNode, rdflib.URIRef)):
        return str(to_term(predicate).value)
    text = str(predicate)
    if "://" in text:
        return text
    for relation in EDGE_PROPERTIES:
        if text in names(str(relation).removeprefix(str(HT))):
            return str(relation)
    try:
        return str(HT[text.removeprefix("ht:")])
    except (AttributeError, KeyError) as error:
        raise UsageError(say(f"没有叫“{text}”的关系", f"no relation is called “{text}”")) from error


def _year(value: object) -> ox.Literal:
    # A column of years with gaps has them as 2025.0.
    text = f"{value:g}" if isinstance(value, float) else str(value).strip()
    if not _YEAR.fullmatch(text):
        raise UsageError(
            say(f"“{value}”不是年份，要写成 2025 这样", f"“{value}” is no year; give it as in 2025")
        )
    return ox.Literal(text, datatype=ox.NamedNode(str(rdflib.XSD.gYear)))


def refuse_reserved(option: str, names: Iterable[str]) -> None:
    """Refuse variables that are called like the options of :meth:`KnowledgeGraph.query`.

    :param option: by which the user gave them, such as ``"-p"``.
    :raises UsageError: when one is.
    """
    for name in names:
        if name in ("timeout", "limit", "inferred"):
            raise UsageError(
                say(f"{option} {name}：请给变量换个名字", f"{option} {name}: give the variable another name")
            )


def _check_variables(sparql: str, values: Collection[str]) -> None:
    """Refuse values for variables that a query has not: they would say nothing, and a slip would go unseen."""
    known = variables(tokens(sparql)) if values else []
    for name in values:
        if name not in known:
            raise UsageError(
                say(f"查询里没有变量 ?{name}", f"the query has no variable ?{name}")
                + (
                    nearest(name, known)
                    or say("；有：", "; there are: ") + " ".join(f"?{one}" for one in known)
                )
            )


def _to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Return triples as an rdflib graph in memory, with the known prefixes."""
    graph = rdflib.Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples:
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph
