"""Two plans of one store side by side: what both name, how their figures differ, what only one of them names.

>>> kg = KnowledgeGraph.packaged("sample", "sample-city")  # a county and the city above it, both invented
>>> compared = compare(kg, "澜溪县", "岚江市")
>>> compared.enterprises.loc[0, ["thing", "counterpart"]].tolist()
['云岭茶业集团', '云岭茶业']

Things of two plans never share an IRI, and nothing is merged here: a row says which name made it think of the same thing,
and gives a passage of each plan, so that a person can judge. Same name is not always same thing (every county has an
人民路), and the same thing is missed where the plans call it differently.

What changed between two graphs of the same plans is another question, see :mod:`hongtu.graph.difference`.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pyoxigraph as ox

from hongtu.graph.answer import Answer
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.queries import internal_query, read_query
from hongtu.graph.terms import Resource, compact_iri, to_python
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.loaders.tables import nearest
from hongtu.ontology.namespace import HT

_BODIES = ("Enterprise", "Organization")
_NAMED_KINDS = ("Strategy", "Industry", "Enterprise", "Project")
_LEGAL_FORM = re.compile(r"(?<=..)(?:(?:集团|控股)?(?:股份|责任)?有限(?:责任)?公司|集团公司|公司|集团)$")
_AREA = re.compile(r"^(?:全[省市县区旗]|本[省市县区旗])")
_UNIT = re.compile(r"(?P<scale>万亿|[千百]?亿|[百千]?万|千|百)?(?P<base>.*)")
_SCALES = {
    "": 1,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
}
_BASES = {
    "公里": ("米", 1e3),
    "千米": ("米", 1e3),
    "公斤": ("吨", 1e-3),
    "千克": ("吨", 1e-3),
    "斤": ("吨", 5e-4),
    "公顷": ("亩", 15.0),
    "平方公里": ("亩", 1500.0),
    "平方千米": ("亩", 1500.0),
    "千瓦": ("瓦", 1e3),
    "kW": ("瓦", 1e3),
    "兆瓦": ("瓦", 1e6),
    "MW": ("瓦", 1e6),
    "吉瓦": ("瓦", 1e9),
    "GW": ("瓦", 1e9),
    "千瓦时": ("度", 1.0),
    "兆瓦时": ("度", 1e3),
    "立方": ("立方米", 1.0),
    "方": ("立方米", 1.0),
    "‰": ("%", 0.1),
    "户": ("家", 1.0),
    "个": ("家", 1.0),
    "名": ("人", 1.0),
}
"""Units as so many of another; those of counting that plans use for one another are taken as one."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """What two plans share and where they differ; each part a table whose rows open the sentences of both plans.

    ``industries``
        ``industry``, ``counterpart``, ``reason``: same name, a common alias, or for what is left the same division of
        GB/T 4754-2017 (``division``), which is broad: 水泥 and 光伏玻璃 are both C30.
    ``enterprises``, ``places``, ``projects``
        ``thing``, ``counterpart``, ``reason``: same name, a common alias, or a legal form as the only difference
        (远砺汽配, 远砺汽配有限公司). Other named bodies stand with the enterprises.
    ``targets``
        ``indicator``, ``role``, ``year``, ``value``, ``unit``, ``other_role``, ``other_year``, ``other_value``,
        ``difference``, ``ratio``, ``verbatim``, ``other_verbatim``. The indicators have the same name but for blanks, brackets and
        全县; the units the same dimension, and ``other_value`` is in ``unit``. ``difference`` is ``value`` less
        ``other_value``, ``ratio`` ``value`` over ``other_value``; both are given where role and year are the
        same. Where they are not, the nearest figure stands beside it without them. A county's 2.3 less than a city's may be ahead of it:
        the numbers say how far apart the two are, not which is better, and a ratio of two shares is no share.
    ``only_in_plan``, ``only_in_other``
        ``type``, ``thing``, ``here`` (a place of the thing that the plan which does not name the thing names, but for those
        around its own area). In ``only_in_other`` of a county and its city, this is what the city is about to do in
        the county without the county saying so.

    ``evidence`` and ``other_evidence`` are the first passages of either plan that name the thing or hold the figure.
    """

    plan: Resource
    other: Resource
    industries: Answer
    enterprises: Answer
    places: Answer
    projects: Answer
    targets: Answer
    only_in_plan: Answer
    only_in_other: Answer

    def __repr__(self) -> str:
        return "\n".join(
            [f"{self.plan} · {self.other}", *(f"{title}: {len(table)}" for title, table in self._parts())]
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(title)}</th><td>{len(table)}</td>"
            f"<td style='text-align:left'>{escape(self._first(table))}</td></tr>"
            for title, table in self._parts()
        )
        return f"<table><caption>{escape(self.plan)} · {escape(self.other)}</caption>{rows}</table>"

    def _parts(self) -> list[tuple[str, Answer]]:
        return [
            (say("共同的产业 .industries", "industries of both .industries"), self.industries),
            (say("同一企业、机构 .enterprises", "same bodies .enterprises"), self.enterprises),
            (say("同一地点 .places", "same places .places"), self.places),
            (say("同一项目 .projects", "same projects .projects"), self.projects),
            (say("可比的指标 .targets", "comparable figures .targets"), self.targets),
            (say("只有前者写到 .only_in_plan", "only in the first .only_in_plan"), self.only_in_plan),
            (say("只有后者写到 .only_in_other", "only in the second .only_in_other"), self.only_in_other),
        ]

    @staticmethod
    def _first(table: Answer) -> str:
        name = next(column for column in ("thing", "industry", "indicator") if column in table.columns)
        some = list(dict.fromkeys(map(str, table[name])))
        return "、".join(some[:5]) + ("…" if len(some) > 5 else "")


@dataclass
class _Thing:
    resource: Resource
    kind: str
    names: list[str]
    division: str | None
    evidence: Resource | None
    places: list["_Thing"] = field(default_factory=list)


def compare(kg: KnowledgeGraph, plan: object, other: object) -> Comparison:
    """Return two plans of a store side by side; see :class:`Comparison`.

    Each plan must stand in a named graph of its own, as ``load_tables`` and ``hongtu build`` put it. Takes time with
    the size of the two plans, not of the store.

    :param plan: the plan to look at, by title, by the name of its area (澜溪县), by IRI or as a ``Resource``.
    :param other: the plan to compare it with, such as that of the upper level.
    :raises UsageError: when a plan is not found, or both are the same.
    """
    mine, theirs = _plan(kg, plan), _plan(kg, other)
    if mine.iri == theirs.iri:
        raise UsageError(
            say(
                f"两个都是{mine}；要比较两份不同的规划，图里有：",
                f"both are {mine}; give two plans that differ, the graph holds: ",
            )
            + say("、", ", ").join(_titles(kg))
        )
    here, there = _things(kg, mine), _things(kg, theirs)
    pairs = {
        kind: _pairs(kg, here, there, kinds)
        for kind, kinds in (("enterprises", _BODIES), ("places", ("Location",)), ("projects", ("Project",)))
    }
    return Comparison(
        plan=mine,
        other=theirs,
        industries=_industries(kg, here, there),
        targets=_targets(kg, mine, theirs),
        only_in_plan=_only(kg, here, there, theirs),
        only_in_other=_only(kg, there, here, mine),
        **pairs,
    )


def _plan(kg: KnowledgeGraph, wanted: object) -> Resource:
    """Return the plan that is meant."""
    text = wanted.iri if isinstance(wanted, Resource) else str(wanted).strip()
    rows = list(kg.solutions(read_query("list_plans").sparql))
    homes = kg.labels(row["home"].value for row in rows)
    found = {
        row["plan"].value: row["title"].value
        for row in rows
        if text
        in (row["plan"].value, row["title"].value, homes[row["home"].value], compact_iri(row["plan"].value))
    }
    if len(found) == 1:
        ((iri, title),) = found.items()
        return Resource(title, iri)
    if found:
        raise UsageError(
            say(f"“{text}”有几个规划，写明标题：", f"there are several plans of “{text}”, give the title: ")
            + say("、", ", ").join(found.values())
        )
    titles = _titles(kg)
    raise UsageError(
        say(f"图里没有规划“{text}”", f"the graph holds no plan “{text}”")
        + (nearest(text, titles) or say("；有：", "; there are: ") + say("、", ", ").join(titles))
        + say(
            "；还没装进来的，先 kg.load_plan(文件)",
            "; one that is not loaded yet: kg.load_plan(FILE)",
        )
    )


def _titles(kg: KnowledgeGraph) -> list[str]:
    return [row["title"].value for row in kg.solutions(read_query("list_plans").sparql)]


def _rows(kg: KnowledgeGraph, query: str, plan: Resource) -> Iterable[Any]:
    rows: Iterable[Any] = kg.solutions(internal_query(query), plan=ox.NamedNode(plan.iri))
    return rows


def _evidence(kg: KnowledgeGraph, plan: Resource) -> dict[str, Resource]:
    """Return the first passage by the IRI of what it names."""
    first: dict[str, Resource] = {}
    for row in _rows(kg, "list_plan_mentions", plan):
        passage = row["passage"].value
        first.setdefault(row["thing"].value, Resource(compact_iri(passage), passage))
    return first


def _things(kg: KnowledgeGraph, plan: Resource) -> dict[str, _Thing]:
    evidence, things = _evidence(kg, plan), dict[str, _Thing]()
    for row in _rows(kg, "list_plan_names", plan):
        iri, label = row["thing"].value, row["label"].value
        kind = compact_iri(row["type"].value).removeprefix("ht:")
        # An enterprise may be listed as an organization too, from a store with inferences.
        if (thing := things.get(iri)) is None:
            division = row["division"].value if row["division"] is not None else None
            thing = things[iri] = _Thing(Resource(label, iri), kind, [label], division, evidence.get(iri))
        if row["alias"] is not None:
            thing.names.append(row["alias"].value)
    for row in _rows(kg, "list_plan_places", plan):
        thing, place = things.get(row["thing"].value), things.get(row["place"].value)
        if thing and place:
            thing.places.append(place)
    return things


def _matches(
    here: Mapping[str, _Thing], there: Mapping[str, _Thing], kinds: Sequence[str]
) -> list[tuple[_Thing, _Thing, str]]:
    """Return which things of two plans share a name, and how: names go before aliases, aliases before legal forms."""
    by_name: dict[str, list[_Thing]] = defaultdict(list)
    by_form: dict[str, list[_Thing]] = defaultdict(list)
    by_stem: dict[str, list[_Thing]] = defaultdict(list)
    for thing in there.values():
        if thing.kind in kinds:
            by_name[thing.names[0]].append(thing)
            for name in dict.fromkeys(thing.names):
                by_form[name].append(thing)
            for stem in dict.fromkeys(_LEGAL_FORM.sub("", name) for name in thing.names):
                by_stem[stem].append(thing)
    found = []
    for thing in here.values():
        if thing.kind not in kinds:
            continue
        if same := by_name.get(thing.names[0]):
            found += [(thing, other, say("同名", "same name")) for other in same]
            continue
        aliases = {other.resource.iri: (other, name) for name in thing.names for other in by_form[name]}
        found += [
            (thing, other, say(f"都叫“{name}”", f"both are called “{name}”"))
            for other, name in aliases.values()
        ]
        if not aliases and kinds == _BODIES:
            stems = {
                other.resource.iri: other
                for name in thing.names
                for other in by_stem[_LEGAL_FORM.sub("", name)]
            }
            reason = say("只差公司后缀", "only the legal form differs")
            found += [(thing, other, reason) for other in stems.values()]
    return found


def _pairs(
    kg: KnowledgeGraph, here: Mapping[str, _Thing], there: Mapping[str, _Thing], kinds: Sequence[str]
) -> Answer:
    rows = [
        (thing.resource, other.resource, reason, thing.evidence, other.evidence)
        for thing, other, reason in _matches(here, there, kinds)
    ]
    return _answer(kg, ("thing", "counterpart", "reason", "evidence", "other_evidence"), rows)


def _industries(kg: KnowledgeGraph, here: Mapping[str, _Thing], there: Mapping[str, _Thing]) -> Answer:
    named = _matches(here, there, ("Industry",))
    matched = {thing.resource.iri for pair in named for thing in pair[:2]}
    # The sections, of one letter, hold too much to be the same.
    left: dict[str, list[_Thing]] = defaultdict(list)
    for thing in there.values():
        if (
            thing.division
            and thing.resource.iri not in matched
            and len(compact_iri(thing.division).split(":")[-1]) > 1
        ):
            left[thing.division].append(thing)
    same_division = say("同一大类", "same division")
    coded = [
        (thing, other, same_division)
        for thing in here.values()
        if thing.division and thing.resource.iri not in matched
        for other in left.get(thing.division, ())
    ]
    labels = kg.labels(thing.division for thing, _, _ in named + coded if thing.division)
    rows = [
        (
            thing.resource,
            other.resource,
            reason,
            Resource(labels[thing.division], thing.division) if thing.division else None,
            thing.evidence,
            other.evidence,
        )
        for thing, other, reason in named + coded
    ]
    return _answer(kg, ("industry", "counterpart", "reason", "division", "evidence", "other_evidence"), rows)


def _only(
    kg: KnowledgeGraph, here: Mapping[str, _Thing], there: Mapping[str, _Thing], other: Resource
) -> Answer:
    """Return what one plan names and the other does not, with where the other knows it to be."""
    named = {
        thing.resource.iri
        for kinds in (("Strategy",), ("Industry",), _BODIES, ("Project",))
        for thing, _, _ in _matches(here, there, kinds)
    }
    around = {row["place"].value for row in _rows(kg, "list_plan_area", other)}
    known = {
        name
        for thing in there.values()
        if thing.kind == "Location" and thing.resource.iri not in around
        for name in thing.names
    }
    labels = kg.labels(str(HT[kind]) for kind in _NAMED_KINDS)
    types = {kind: Resource(labels[str(HT[kind])], str(HT[kind])) for kind in _NAMED_KINDS}
    rows = []
    for thing in here.values():
        if thing.kind in _NAMED_KINDS and thing.resource.iri not in named:
            place = next((place.resource for place in thing.places if known.intersection(place.names)), None)
            rows.append((types[thing.kind], thing.resource, place, thing.evidence))
    order = {types[kind].iri: place for place, kind in enumerate(_NAMED_KINDS)}
    rows.sort(key=lambda row: (order[row[0].iri], row[2] is None, row[1]))
    return _answer(kg, ("type", "thing", "here", "evidence"), rows)


def _targets(kg: KnowledgeGraph, plan: Resource, other: Resource) -> Answer:
    theirs: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for figure in _figures(kg, other):
        theirs[figure["name"], figure["dimension"]].append(figure)
    rows = []
    for figure in _figures(kg, plan):
        candidates = theirs[figure["name"], figure["dimension"]]
        same_year = [
            one for one in candidates if one["year"] == figure["year"] and one["role"] == figure["role"]
        ]
        apart = [(one["role"] != figure["role"], abs(one["year"] - figure["year"])) for one in candidates]
        near = [one for one, distance in zip(candidates, apart, strict=True) if distance == min(apart)]
        for one in same_year or near:
            value = one["value"] * one["factor"] / figure["factor"]
            alike = one in same_year
            rows.append(
                (
                    figure["indicator"],
                    figure["role"],
                    figure["year"],
                    figure["value"],
                    figure["unit"],
                    one["role"],
                    one["year"],
                    _rounded(value),
                    _rounded(figure["value"] - value) if alike else None,
                    _rounded(figure["value"] / value) if alike and value else None,
                    figure["verbatim"],
                    one["verbatim"],
                    figure["evidence"],
                    one["evidence"],
                )
            )
    columns = (
        "indicator",
        "role",
        "year",
        "value",
        "unit",
        "other_role",
        "other_year",
        "other_value",
        "difference",
        "ratio",
        "verbatim",
        "other_verbatim",
        "evidence",
        "other_evidence",
    )
    return _answer(kg, columns, rows)


def _rounded(number: float) -> float:
    """Return a number without the dust of binary fractions: to ten digits."""
    return float(f"{number:.10g}")


def _figures(kg: KnowledgeGraph, plan: Resource) -> list[dict[str, Any]]:
    """Return the figures of a plan in the order of the text, with what makes them comparable."""
    evidence, figures = _evidence(kg, plan), []
    for row in _rows(kg, "list_plan_figures", plan):
        names = ("indicator", "value", "unit", "verbatim", "year", "role")
        figure = {name: to_python(row[name]) for name in names}
        figure["dimension"], figure["factor"] = dimension(figure["unit"])
        figure["name"] = plain_indicator(figure["indicator"])
        figure["evidence"] = evidence.get(row["target"].value)
        figures.append((row["target"].value, figure))
    order = {iri: place for place, iri in enumerate(evidence)}
    figures.sort(key=lambda figure: (order.get(figure[0], len(order)), figure[0]))
    return [figure for _, figure in figures]


def plain_indicator(name: str) -> str:
    """Return an indicator's name without what differs between plans that mean the same.

    >>> plain_indicator("全县 地区生产总值（亿元）"), plain_indicator("全社会研发投入")
    ('地区生产总值', '全社会研发投入')
    """
    text = re.sub(r"\s|[（(][^（）()]*[）)]", "", unicodedata.normalize("NFKC", name))
    return _AREA.sub("", text) or name


def dimension(unit: str) -> tuple[str, float]:
    """Return what a unit measures, by its base unit, and how many of these it is.

    Units with another behind a stroke (元/亩) and unknown ones are a dimension of their own, but for a scale.

    >>> dimension("万元"), dimension("亿人次"), dimension("平方公里")
    (('元', 10000.0), ('人次', 100000000.0), ('亩', 1500.0))
    """
    if unit in _BASES:
        return _BASES[unit]
    match = _UNIT.fullmatch(unit)
    scale, base = (match["scale"] or "", match["base"]) if match else ("", unit)
    # 百分点 has no hundred in it; a scale alone counts things.
    if base.startswith("分点"):
        return unit, 1.0
    known, factor = _BASES.get(base, (base, 1.0))
    return known, factor * _SCALES[scale]


def _answer(kg: KnowledgeGraph, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Answer:
    numbers = {"value", "other_value", "difference", "ratio"}
    answer = Answer(
        {name: [row[place] for row in rows] for place, name in enumerate(columns)},
        columns=list(columns),
        dtype=object,
    )
    for name in columns:
        if name in numbers:
            answer[name] = answer[name].astype(float)
        elif name in ("year", "other_year"):
            answer[name] = answer[name].astype(int)
    answer.kg = kg
    return answer
