"""The map of an answer's places: points with their names, offline, each opening its rows and their sentences.

    kg.query("SELECT ?place ?point { ?place a ht:Location ; geo:hasGeometry/geo:asWKT ?point }").map()
    kg.who(industry="茶产业").map(coordinates={"青石镇": (29.53, 106.48)})
    PlaceMap(pandas.read_csv("sites.csv"), outline="county.geojson")

Where points stand is taken from a column of WKT points, from two columns of degrees, or from what the caller knows.
An outline may be given; :mod:`~hongtu.graph.coordinates` tells what coordinates are taken for.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from hongtu.graph.coordinates import Point, read_outline, read_wkt_point, to_degrees
from hongtu.graph.terms import Resource
from hongtu.graph.views.page import Page, Passages, render
from hongtu.graph.views.table import heading, plain, row_evidence, row_text
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say

_LATITUDE = ("lat", "latitude", "纬度")
_LONGITUDE = ("lon", "long", "lng", "longitude", "经度")


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the map: its name, its thing's IRI where it has one, where it is, and its rows (0-based)."""

    name: str
    iri: str | None
    point: Point
    rows: list[int]


class PlaceMap(Page):
    """A map; in a notebook it displays itself.

    :param answer: an answer or any DataFrame. Its places are found in the first of these that there is:
        ``coordinates``, a column of WKT points, two columns named as latitude and longitude.
    :param coordinates: latitude and longitude, in degrees, by the name or IRI of a thing of the table. Several names
        in one cell are separated by ``、``. Names without coordinates are left out, and told.
    :param outline: GeoJSON as file or as read, such as the boundary of the county; its lines are drawn.
    :param size: a column of numbers, whose sum over the rows of a place is the area of its point.
    :param title: of the page.

    ``places`` are the points, in the order of the rows; ``missing`` the names without coordinates.

    :raises UsageError: when there are no coordinates, or they cannot be degrees.
    :raises InputError: when the outline is no GeoJSON.

    >>> PlaceMap(pd.DataFrame({"place": ["甲镇"], "lat": [36.2], "lon": [111.6]})).places
    [Place(name='甲镇', iri=None, point=(36.2, 111.6), rows=[0])]
    """

    def __init__(  # noqa: D107 - the class tells
        self,
        answer: pd.DataFrame,
        *,
        coordinates: Mapping[str, Point] | None = None,
        outline: str | Path | Mapping[str, Any] | None = None,
        size: str | None = None,
        title: str = "",
    ) -> None:
        self.title, self._size = title, size
        self._names = [str(name) for name in answer.columns]
        self._cells = [
            [plain(cell) for cell in answer.iloc[:, place].tolist()] for place in range(answer.shape[1])
        ]
        if size is not None and size not in self._names:
            raise UsageError(
                say(f"没有叫“{size}”的列；有：", f"no column is called “{size}”; there are: ")
                + ", ".join(self._names)
            )
        self._hidden, self._evidence = row_evidence(answer)
        places: dict[tuple[str, Point], Place] = {}
        missing: dict[str, None] = {}
        for number, name, point in self._located(coordinates):
            if point is None:
                missing[str(name)] = None
                continue
            point = to_degrees(name, point)
            iri = name.iri if isinstance(name, Resource) else None
            place = places.setdefault((iri or name, point), Place(str(name), iri, point, []))
            place.rows.append(number)
        self.places, self.missing = list(places.values()), list(missing)
        if not self.places:
            raise _no_coordinates(self._names, self.missing)
        self._lines = [] if outline is None else read_outline(outline)

    def generate_html(self) -> str:
        """Return the page."""
        passages = Passages()
        told = [number for number in range(len(self._names)) if number not in self._hidden]
        names = [self._names[number] for number in told]
        places = [
            {
                "name": place.name,
                "iri": place.iri,
                "point": [round(degrees, 6) for degrees in place.point],
                "amount": self._amount(place),
                "rows": [
                    [
                        row_text(names, [self._cells[number][row] for number in told]),
                        passages.numbers(self._evidence[row]),
                    ]
                    for row in place.rows
                ],
            }
            for place in self.places
        ]
        return render(
            "place_map",
            self.title,
            {
                "places": places,
                "missing": self.missing,
                "lines": self._lines,
                "size": None if self._size is None else heading(self._size),
                "passages": passages.kept,
            },
        )

    def _amount(self, place: Place) -> float | None:
        """Return what the size of a point shows."""
        if self._size is None:
            return None
        cells = self._cells[self._names.index(self._size)]
        return math.fsum(cells[row] for row in place.rows if isinstance(cells[row], int | float))

    def _located(self, coordinates: Mapping[str, Point] | None) -> Iterator[tuple[int, str, Point | None]]:
        """Yield row, name and point; no point where a name has no coordinates. Hides the columns of coordinates."""
        if coordinates is not None:
            yield from self._by_name(coordinates)
            return
        wkt = [
            number
            for number, cells in enumerate(self._cells)
            if any(isinstance(cell, str) and read_wkt_point(cell) for cell in cells)
        ]
        degrees = [
            next((number for number, name in enumerate(self._names) if name.casefold() in known), None)
            for known in (_LATITUDE, _LONGITUDE)
        ]
        points: list[Point | None]
        if wkt:
            used = wkt[:1]
            points = [read_wkt_point(cell) if isinstance(cell, str) else None for cell in self._cells[wkt[0]]]
        elif None not in degrees:
            used = [number for number in degrees if number is not None]
            points = [
                _degrees(*cells) for cells in zip(*(self._cells[number] for number in used), strict=True)
            ]
        else:
            return
        column = self._named_by(points, used)
        self._hidden = [*self._hidden, *used]
        for row, point in enumerate(points):
            name = self._cells[column][row] if column is not None else None
            if point is not None or name is not None:
                yield (
                    row,
                    name if isinstance(name, str) else str(row + 1) if name is None else str(name),
                    point,
                )

    def _by_name(self, coordinates: Mapping[str, Point]) -> Iterator[tuple[int, str, Point | None]]:
        def find(name: str) -> Point | None:
            return coordinates.get(getattr(name, "iri", ""), coordinates.get(str(name)))

        split = [
            [_names_of(cell, coordinates) if isinstance(cell, str) else [] for cell in cells]
            for cells in self._cells
        ]
        hits = [sum(find(name) is not None for names in column for name in names) for column in split]
        if not any(hits):
            return
        for row, names in enumerate(split[hits.index(max(hits))]):
            for name in names:
                yield row, name, find(name)

    def _named_by(self, points: list[Point | None], used: list[int]) -> int | None:
        """Return the column that names the points: of things where there are any, each of which has one point.

        Of several, the one with the fewest different names, then the one nearest to the coordinates.
        """
        free = [number for number in range(len(self._names)) if number not in (*self._hidden, *used)]
        of_things = [n for n in free if any(isinstance(cell, Resource) for cell in self._cells[n])]
        of_text = [n for n in free if any(isinstance(cell, str) for cell in self._cells[n])]

        def rank(number: int) -> tuple[bool, int, int]:
            pairs = {
                (getattr(cell, "iri", cell), point)
                for cell, point in zip(self._cells[number], points, strict=True)
            }
            names = {name for name, _ in pairs}
            return len(pairs) > len(names), len(names), abs(number - used[0])

        return min(of_things or of_text, key=rank, default=None)


def _names_of(cell: str, coordinates: Mapping[str, Point]) -> list[str]:
    """Return the names in a cell: a thing is one, and so is text that has coordinates."""
    if isinstance(cell, Resource) or cell in coordinates:
        return [cell]
    return [name for name in (part.strip() for part in cell.split("、")) if name]


def _degrees(latitude: Any, longitude: Any) -> Point | None:
    try:
        return float(latitude), float(longitude)
    except (TypeError, ValueError):
        return None


def _no_coordinates(names: list[str], missing: list[str]) -> UsageError:
    found = say(f"表里有列 {', '.join(names)}", f"the table has the columns {', '.join(names)}")
    return UsageError(
        say("没有坐标，画不了地图：", "no coordinates, so no map: ")
        + found
        + say(
            "。可以给：一列 WKT 点（POINT(经度 纬度)）；名为 lat、lon（或 纬度、经度）的两列；"
            "或 coordinates={名称: (纬度, 经度)}，名称是表中一列的",
            ". Give a column of WKT points (POINT(longitude latitude)); or two columns named lat and lon; or "
            "coordinates={name: (latitude, longitude)} with names of a column of the table",
        )
    )
