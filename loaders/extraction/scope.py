"""What a plan is about: its title, and the place that it is for."""

import re

from hongtu.loaders.extraction.lexicon import words
from hongtu.loaders.gazetteer import Home, find_home, scope, scope_of_unknown

_TITLE = re.compile(r"规划|纲要|报告|指南|要点|任务|计划|方案|意见|手册|简介|概况|清单|项目册")

_OPENING = 300
_YEAR = re.compile(r"[\d○零一二三四五六七八九十]+(?:年度?)?")
_NAMED = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,12}?(?:省|市|州|盟|县|区|旗)(?=\W|国民|人民|政府|投资|招商|重点|经济|工作|任务|规划|计划|年度|十|项目|概况|简介|$)"
)


def find_title(text: str) -> str:
    """Return the title of a normalised text: the first of its first lines that names a plan or a report, or nothing.

    >>> find_title("收藏\\n云岭县政府工作报告（2022年）\\n各位代表：")
    '云岭县政府工作报告（2022年）'
    """
    for line in text.split("\n")[:40]:
        if 6 <= len(line) <= 60 and _TITLE.search(line) and not line.endswith(("。", "；", "：")):
            return line
    return ""


def find_scope(title: str, name: str, text: str) -> Home:
    """Return the place that a plan is for, by its title, the name of its file, or its text, with what names mean in it."""
    common = frozenset(words("places", "common_words"))
    division = find_home(title, "") or find_home(name, "")
    # A place that no list has, such as an invented one; of 甲省乙市丙县 the last is meant.
    if named := _NAMED.search(_YEAR.sub(" ", f"{title} {name}")):
        last = re.split("[省市州](?=.{2})", named.group())[-1]
        if division is None or (division.name != last and named.group().startswith(division.name)):
            return scope_of_unknown(last)
    if division is not None:
        return scope(division, common)
    if (division := find_home(text[:_OPENING], "") or find_home("", text)) is not None:
        return scope(division, common)
    return scope_of_unknown(name)
