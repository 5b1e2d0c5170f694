"""The columns that the tables of all kinds of things have in common."""

from hongtu.loaders.records import STATUSES
from hongtu.loaders.tables import Column
from hongtu.loaders.values import one_of, parse_aliases, parse_confidence, parse_spans, parse_text

NAME = Column("name", "名称", parse_text)
ALIASES = Column("aliases", "别名", parse_aliases, required=False)
CONFIDENCE = Column("confidence", "置信度", parse_confidence, required=False)
EVIDENCE = Column("evidence", "依据", parse_spans)
MERGES = Column("merges", "合并理由", parse_aliases, required=False)


def status(default: str) -> Column:
    """Return the column for how far something has come; ``default`` is what an empty cell stands for."""
    return Column("status", "状态", one_of(STATUSES, default=default), required=False)
