"""Projects: identifiable undertakings, things built, named schemes, programmes, campaigns and pilots."""

from dataclasses import dataclass
from typing import ClassVar

from hongtu.loaders.columns import ALIASES, CONFIDENCE, EVIDENCE, MERGES, NAME, status
from hongtu.loaders.records import Entity
from hongtu.loaders.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Entity):
    """An undertaking with a concrete deliverable. ``status`` is one of :data:`~hongtu.loaders.records.STATUSES`."""

    kind: ClassVar[str] = "Project"
    status: str


PROJECTS = Table(
    "projects",
    "项目",
    (NAME, ALIASES, status(default="planned"), CONFIDENCE, EVIDENCE, MERGES),
    Project,
    key=lambda project: project.name,
)
