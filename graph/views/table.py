"""The table of an answer: searched, sorted, filtered and paged in one offline page, each row opening its sentences.

A column whose cells are passages (``ht:Passage``) is not shown as such: it becomes the control ▸ of its rows, which
opens what the plan says. Things read as their labels; their IRIs stand in the page and are shown, copied and saved
on request.

>>> import pandas as pd
>>> page = table_page(pd.DataFrame({"who": ["甲公司", "乙公司"], "projects": [2, 10]}))
>>> page[:15], "甲公司" in page
('<!doctype html>', True)
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from hongtu.graph.network import given_passages
from hongtu.graph.terms import Resource
from hongtu.graph.views.page import Passages, frame, render
from hongtu.loaders.language import language, say
from hongtu.loaders.tables import shorten
from hongtu.loaders.vocabulary import WORDS

_OPEN_ROWS = 2
"""Up to so many rows show their passages at once."""

_MOST_SHOWN = 2000
"""Characters of a cell that are shown at most: a plan's whole text is one literal."""

_HEADINGS = {
    "at": "所在地点",
    "betweenness": "中介度",
    "bodies": "企业和机构",
    "category": "类别",
    "column": "列",
    "community": "群",
    "comparator": "比较",
    "confidence": "把握",
    "connections": "联系数",
    "counterpart": "对应的",
    "cut_off": "断开数",
    "difference": "差",
    "direction": "方向",
    "division": "国标大类",
    "end": "止",
    "enterprise": "企业",
    "enterprises": "企业",
    "evidence": "依据",
    "first": "起",
    "here": "所在",
    "home": "所在地",
    "indicator": "指标",
    "industries": "产业",
    "industry": "产业",
    "jaccard": "重合度",
    "kind": "类别",
    "last": "止",
    "length": "步数",
    "level": "级",
    "line": "行",
    "measures": "举措数",
    "mentions": "提及次数",
    "name": "名称",
    "neighbour": "相连的",
    "number": "数量",
    "object": "客体",
    "other": "另一方",
    "other_role": "对方性质",
    "other_value": "对方数值",
    "other_verbatim": "对方原文写法",
    "other_year": "对方年份",
    "parameters": "参数",
    "partner": "合作方",
    "parts": "部分数",
    "place": "地点",
    "places": "地点",
    "plan": "规划",
    "predicate": "关系",
    "project": "项目",
    "projects": "项目",
    "question": "问题",
    "quote": "原文",
    "ratio": "比",
    "reach": "可达度",
    "reason": "理由",
    "relation": "关系",
    "relations": "关系",
    "role": "性质",
    "section": "章节",
    "source": "来源",
    "start": "起",
    "status": "进展",
    "strategies": "战略",
    "strategy": "战略",
    "subject": "主体",
    "target": "目标",
    "text": "文字",
    "then": "再经过",
    "thing": "对象",
    "through": "通过",
    "ties": "联系数",
    "title": "标题",
    "type": "类别",
    "unit": "单位",
    "value": "数值",
    "verbatim": "原文写法",
    "via": "经过",
    "where": "在哪里",
    "who": "谁",
    "year": "年份",
}
"""How a Chinese reader finds the columns of the library's queries headed; other columns keep their names."""


def answer_table(answer: pd.DataFrame) -> str:
    """Return the table of an answer as an element of a notebook's output, as high as its rows and a passage need.

    Where there are but one or two rows, their passages are open.
    """
    data = _data(answer)
    height = 112 + 38 * len(answer) + (_height_of_passages(data) if data["open"] else 0)
    if data["evidence"]:
        height = max(height + 22, 280 if len(answer) > _OPEN_ROWS else 0)
    return frame(render("table", _title(answer), data), f"{min(600, height)}px")


def _height_of_passages(data: dict[str, Any]) -> int:
    """Return about how many pixels all passages take in a notebook, where a line has some fifty characters."""
    found = [data["passages"][number] for numbers in data["evidence"] for number in numbers]
    texts = [sum(len(passage.get(name) or "") for name in ("before", "quote", "after")) for passage in found]
    hint = 70 * sum(
        any(data["passages"][n]["quote"] is None for n in numbers) for numbers in data["evidence"]
    )
    return hint + sum(64 + 26 * math.ceil(length / 50) for length in texts)


def table_page(answer: pd.DataFrame) -> str:
    """Return the table of an answer, or of any DataFrame, as one page that asks nothing of anyone.

    The title is that of the query, where its head has one (``# title@zh``). Passages are looked up in the answer's
    graph (``.kg``); a plain DataFrame has none.
    """
    return render("table", _title(answer), _data(answer))


def _data(answer: pd.DataFrame) -> dict[str, Any]:
    """Return what the page shows."""
    evidence_columns, evidence = row_evidence(answer)
    shown = [place for place in range(answer.shape[1]) if place not in evidence_columns]
    names = [str(answer.columns[place]) for place in shown]
    cells = [
        [said(name, plain(cell)) for cell in answer.iloc[:, place].tolist()]
        for name, place in zip(names, shown, strict=True)
    ]
    things: dict[tuple[str, str], int] = {}

    def compact(cell: Any) -> Any:
        """Return a thing as a list of its number, other cells as they are: names and IRIs are kept once."""
        if isinstance(cell, Resource):
            return [things.setdefault((str(cell), cell.iri), len(things))]
        return shorten(cell, _MOST_SHOWN) if isinstance(cell, str) else cell

    rows = [[compact(cell) for cell in row] for row in zip(*cells, strict=True)] if cells else []
    passages = Passages()
    return {
        "columns": [{"name": name, "heading": heading(name)} for name in names],
        "rows": rows,
        "things": list(things),
        "evidence": [passages.numbers(found) for found in evidence] if evidence_columns else None,
        "passages": passages.kept,
        "open": bool(evidence_columns) and len(answer) <= _OPEN_ROWS,
        "cut": bool(getattr(answer, "cut", False)),
    }


def row_evidence(answer: pd.DataFrame) -> tuple[list[int], list[list[dict[str, Any]]]]:
    """Return which columns of an answer hold passages, and the passages of each row.

    A column counts when every thing in it is a passage of the answer's graph.

    :return: the places of the columns; for each row its passages, dicts as in
        :func:`~hongtu.graph.network.to_networkx`, without repetition, in the order of the columns.
    """
    kg = getattr(answer, "kg", None)
    cells_of = {place: answer.iloc[:, place].tolist() for place in range(answer.shape[1])}
    columns = {
        place: cells for place, cells in cells_of.items() if any(isinstance(cell, Resource) for cell in cells)
    }
    if kg is None or not columns:
        return [], [[] for _ in range(len(answer))]
    # One thing of each column tells which columns are worth a closer look.
    first = {place: next(c.iri for c in cells if isinstance(c, Resource)) for place, cells in columns.items()}
    known = given_passages(kg, first.values())
    likely = {place: cells for place, cells in columns.items() if first[place] in known}
    known = given_passages(kg, (c.iri for cells in likely.values() for c in cells if isinstance(c, Resource)))
    places = [
        place
        for place, cells in likely.items()
        if all(cell.iri in known if isinstance(cell, Resource) else plain(cell) is None for cell in cells)
    ]
    rows = zip(*(columns[place] for place in places), strict=True) if places else ([] for _ in answer.index)
    return places, [
        [known[iri] for iri in dict.fromkeys(cell.iri for cell in row if isinstance(cell, Resource))]
        for row in rows
    ]


def plain(cell: Any) -> Any:
    """Return a cell as JSON can hold it: a thing, text, number or boolean, or ``None`` where there is nothing.

    Numbers that a browser cannot hold exactly become text.

    >>> plain(float("nan")), plain(2**60), plain(7.5), plain(("甲",))
    (None, '1152921504606846976', 7.5, "('甲',)")
    """
    match cell:
        case bool() | str() | None:
            return cell
        case int():
            return cell if abs(cell) < 2**53 else str(cell)
        case float():
            return None if math.isnan(cell) else cell if math.isfinite(cell) else str(cell)
    return None if pd.api.types.is_scalar(cell) and pd.isna(cell) else str(cell)


def heading(name: str) -> str:
    """Return how a column is headed in the user's language.

    >>> heading("甲")
    '甲'
    """
    return say(_HEADINGS.get(name, name), name)


def _title(answer: pd.DataFrame) -> str:
    found = re.search(rf"^# title@{language()} (.+)$", getattr(answer, "sparql", None) or "", re.MULTILINE)
    return found[1].strip() if found else ""


def said(name: str, cell: Any) -> Any:
    """Return a cell of :func:`plain` as the user's language has it: the fixed words of ``status`` and ``role``."""
    if name not in ("role", "status") or not isinstance(cell, str):
        return cell
    return say(WORDS.get(cell, (cell,))[0], cell)


def row_text(names: Sequence[str], cells: Sequence[Any]) -> list[tuple[str, str]]:
    """Return the headings and texts of the cells of a row that are not empty."""
    return [
        (heading(name), str(said(name, cell)))
        for name, cell in zip(names, cells, strict=True)
        if cell is not None
    ]
