"""The columns that the tables of all kinds of things have in common."""

from hongtu.loaders.language import say
from hongtu.loaders.records import STATUSES, Span
from hongtu.loaders.tables import Column
from hongtu.loaders.values import one_of, parse_aliases, parse_confidence, parse_spans, parse_text


def _parse_places(cell: str) -> tuple[Span, ...]:
    """Return the places of a cell that is read without the plan's text."""
    try:
        return parse_spans(cell)
    except ValueError as error:
        raise ValueError(
            str(error)
            + say(
                "；手头有原文时（给出，或放在表格旁，叫 plan.txt；SHA-256 要相符，或 plan 表里空着），也可以写原文里的话，或空着",
                "; with the plan's text at hand (given, or as plan.txt beside the tables; its SHA-256 as in the table "
                "plan, or none there) also words of it, or nothing",
            )
        ) from error


NAME = Column("name", "名称", parse_text)
ALIASES = Column("aliases", "别名", parse_aliases, required=False)
CONFIDENCE = Column("confidence", "置信度", parse_confidence, required=False)
EVIDENCE = Column("evidence", "依据", _parse_places)
MERGES = Column("merges", "合并理由", parse_aliases, required=False)


def status(default: str) -> Column:
    """Return the column for how far something has come; ``default`` is what an empty cell stands for."""
    return Column("status", "状态", one_of(STATUSES, default=default), required=False)
