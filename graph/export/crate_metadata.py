"""The metadata of a package: what is in it and where it comes from, as RO-Crate wants it, in terms of schema.org.

Source: `RO-Crate 1.2 <https://w3id.org/ro/crate/1.2>`_: one flat JSON object, entities that link each other by ``@id``. A
library for crates would bring its own clock and more code than it saves.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.queries import internal_query, read_query
from hongtu.ontology.namespace import HONGTU, MIT, RO_CRATE

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a package: its path there, what it is (in both languages), and what else is to be said of it."""

    path: str
    description: str
    media_type: str
    size: int
    sha256: str
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PackedPlan:
    """A plan of a package, as people are told of it; ``iri`` and ``place`` are IRIs, ``quoted`` tells of its text."""

    iri: str
    title: str
    sha256: str
    first: str
    last: str
    place: str
    home: str
    source: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Package:
    """A package as a whole; ``ontology`` is the IRI of the ontology's version, ``day`` is ``YYYY-MM-DD``."""

    title: str
    description: str
    rights: str
    ontology: str
    day: str
    version: str
    plans: list[PackedPlan]
    parts: list[Part] = field(default_factory=list)


def packed_plans(kg: KnowledgeGraph) -> list[PackedPlan]:
    """Return the plans of a graph, by title."""
    rows = list(kg.solutions(read_query("list_plans").sparql))
    labels = kg.labels(row["home"].value for row in rows)
    return [
        PackedPlan(
            iri=row["plan"].value,
            place=row["home"].value,
            home=labels[row["home"].value],
            source=row["source"].value if row["source"] else "",
            quoted=row["quoted"].value == "true",
            **{name: row[name].value for name in ("title", "sha256", "first", "last")},
        )
        for row in rows
    ]


def to_metadata(kg: KnowledgeGraph, package: Package) -> str:
    """Return what ``ro-crate-metadata.json`` says of a package."""
    entities = {entity["@id"]: entity for entity in _entities(kg, package)}
    metadata = {"@context": f"{RO_CRATE}/context", "@graph": list(entities.values())}
    return json.dumps(metadata, ensure_ascii=False, indent=2)


def _entities(kg: KnowledgeGraph, package: Package) -> Iterator[Entity]:
    activities = list(_activities(kg))
    yield _entity(
        "ro-crate-metadata.json", "CreativeWork", about=_links(["./"]), conformsTo=_links([RO_CRATE])
    )
    yield _entity(
        "./",
        "Dataset",
        name=package.title,
        description=package.description,
        datePublished=package.day,
        license=_links(["#rights"]),
        isBasedOn=_links(plan.iri for plan in package.plans),
        mentions=_links(activity["@id"] for activity in activities),
        hasPart=_links(part.path for part in package.parts),
    )
    for part in package.parts:
        yield _entity(
            part.path,
            "File",
            name=PurePosixPath(part.path).name,
            description=part.description,
            encodingFormat=part.media_type,
            contentSize=str(part.size),
            sha256=part.sha256,
            **part.more,
        )
    for plan in package.plans:
        yield _entity(
            plan.iri,
            "CreativeWork",
            name=plan.title,
            temporalCoverage=f"{plan.first}/{plan.last}",
            spatialCoverage=_links([plan.place]),
            sha256=plan.sha256,
            creditText=plan.source,
        )
        yield _entity(plan.place, "Place", name=plan.home)
    yield from activities
    yield _entity(
        HONGTU,
        "SoftwareApplication",
        name="宏图 / Hongtu",
        description="写出本包的版本 / the version that wrote this package",
        url=HONGTU,
        version=package.version,
        license=_links([MIT]),
    )
    for iri, name, description in (
        (package.ontology, "宏图本体 / Hongtu ontology", "vocabulary/hongtu.ttl"),
        ("#rights", "权利 / rights", package.rights),
        (MIT, "MIT", "程序和词汇的许可 / licence of the program and of the vocabulary"),
    ):
        yield _entity(iri, "CreativeWork", name=name, description=description)


def _activities(kg: KnowledgeGraph) -> Iterator[Entity]:
    """Yield how the graph came to be: from which plan, read in which way."""
    labels: dict[str, dict[str, None]] = {}
    plans: dict[str, dict[str, None]] = {}
    for row in kg.solutions(internal_query("list_activities")):
        labels.setdefault(row["activity"].value, {})[row["label"].value] = None
        plans.setdefault(row["activity"].value, {})[row["plan"].value] = None
    for activity, names in labels.items():
        yield _entity(
            activity,
            "CreateAction",
            name=" / ".join(names),
            object=_links(plans[activity]),
            result=_links(["graph.nq"]),
            instrument=_links([HONGTU]),
        )


def _entity(iri: str, kind: str, **properties: Any) -> Entity:
    """Return an entity with the properties that have a value."""
    return {
        "@id": iri,
        "@type": kind,
        **{name: value for name, value in properties.items() if value},
    }


def _links(iris: Iterable[str]) -> dict[str, str] | list[dict[str, str]]:
    """Return links to entities; one alone is no list, as RO-Crate recommends."""
    links = [{"@id": iri} for iri in iris]
    return links[0] if len(links) == 1 else links
