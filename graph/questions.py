"""Questions of every day that need no SPARQL: the methods by which people ask a graph.

:class:`Questions` is the part of :class:`~hongtu.graph.store.KnowledgeGraph` that only asks. Names, aliases, IRIs and
:class:`~hongtu.graph.terms.Resource` will do wherever a thing is asked for.

>>> from hongtu.graph import KnowledgeGraph
>>> KnowledgeGraph.packaged("hongdong").who("华翔", place="甘亭工业园区")["project"].tolist()
['高端铸造专业化众创空间']
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import rdflib

from hongtu.ontology.namespace import EDGE_PROPERTIES, HT

if TYPE_CHECKING:
    from hongtu.graph.answer import Answer
    from hongtu.graph.compare import Comparison
    from hongtu.graph.explorer import Explorer
    from hongtu.graph.question_form import QuestionForm
    from hongtu.graph.store import KnowledgeGraph
    from hongtu.graph.thing import Thing


class Questions:
    """The questions that a graph answers without SPARQL."""

    def find(self: "KnowledgeGraph", text: str) -> "Answer":
        """Return what is called so: things with a name or alias that holds these characters, best matches first."""
        return self.run("find_things", text=text)

    def thing(self: "KnowledgeGraph", name: object, *, kinds: Collection[str] = ()) -> "Thing":
        """Return a thing by name, alias, IRI or :class:`~hongtu.graph.terms.Resource`; a notebook shows it as a card.

        :param kinds: local names of classes, one of which it must have; empty allows all.
        :raises UsageError: when nothing, or more than one thing, has that name; the nearest names are told.
        """
        from hongtu.graph.thing import Thing

        iri = self.resolve(name, kinds=kinds)
        return Thing(self.labels([iri])[iri], iri, self)

    def strategy(self: "KnowledgeGraph", name: object) -> "Thing":
        """Return a strategy; see :meth:`thing`."""
        return self.thing(name, kinds=["Strategy"])

    def project(self: "KnowledgeGraph", name: object) -> "Thing":
        """Return a project; see :meth:`thing`."""
        return self.thing(name, kinds=["Project"])

    def enterprise(self: "KnowledgeGraph", name: object) -> "Thing":
        """Return an enterprise; see :meth:`thing`."""
        return self.thing(name, kinds=["Enterprise"])

    def organization(self: "KnowledgeGraph", name: object) -> "Thing":
        """Return an enterprise or another body; see :meth:`thing`."""
        return self.thing(name, kinds=["Enterprise", "Organization"])

    def industry(self: "KnowledgeGraph", name: object) -> "Thing":
        """Return an industry; see :meth:`thing`."""
        return self.thing(name, kinds=["Industry"])

    def location(self: "KnowledgeGraph", name: object) -> "Thing":
        """Return a place; see :meth:`thing`."""
        return self.thing(name, kinds=["Location"])

    def who(
        self: "KnowledgeGraph",
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

    def neighbours(self: "KnowledgeGraph", thing: object) -> "Answer":
        """Return what a thing is directly linked with, one row an edge and passage.

        :raises UsageError: when the name is not found.
        """
        return self.run("list_neighbours", thing=thing)

    def paths(self: "KnowledgeGraph", start: object, end: object) -> "Answer":
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

    def targets(self: "KnowledgeGraph", *, year: int | None = None) -> "Answer":
        """Return the targets and baselines of the plans, of one year or of all, in the order of the text."""
        return self.run("list_targets", **({} if year is None else {"year": year}))

    def show(
        self: "KnowledgeGraph", what: Any = None, *, steps: int = 1, height: str = "640px"
    ) -> "Explorer":
        """Return a picture that a notebook displays.

        :param what: a thing (by name, alias, IRI or Resource) or a list of things, drawn with what is near; an answer
            to a query, or the rdflib graph of a CONSTRUCT or DESCRIBE; ``None`` draws the whole graph.
        :param steps: how many edges away from the things.
        :param height: of the picture, in CSS units.
        :raises UsageError: when a name is not found.
        """
        from hongtu.graph.answer import Answer
        from hongtu.graph.drawing import graph_network
        from hongtu.graph.explorer import Explorer
        from hongtu.graph.network import neighbourhood, to_networkx

        if isinstance(what, Answer):
            return what.show(height=height)
        if isinstance(what, rdflib.Graph):
            return Explorer(graph_network(self, what), height)
        network = to_networkx(self)
        if what is None:
            return Explorer(network, height)
        return Explorer(neighbourhood(network, self.resolve_all(what), steps), height)

    def compare(self: "KnowledgeGraph", plan: object, other: object) -> "Comparison":
        """Return what two plans of the graph share, where their targets differ, and what only one of them names.

        :param plan: by the name of its area, title, id or IRI; ``other`` likewise, such as the plan of the level above.
        :raises UsageError: when the graph has no such plan.
        """
        from hongtu.graph.compare import compare

        return compare(self, plan, other)

    def ask(self: "KnowledgeGraph") -> "QuestionForm":
        """Return a form for a notebook: ready questions with pick-lists, answered by table, picture and citations.

        :raises UsageError: when ipywidgets is not installed.
        """
        from hongtu.graph.question_form import QuestionForm

        return QuestionForm(self)
