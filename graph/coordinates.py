"""Coordinates and outlines as they are given: degrees, points of WKT, tables of places, GeoJSON.

No map tiles and no boundaries come with Hongtu. Coordinates are drawn as they are: maps of Chinese services (GCJ-02,
BD-09) lie some 500 m off WGS 84, and one map should not mix them.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from hongtu.loaders.columns import NAME
from hongtu.loaders.errors import InputError, UsageError
from hongtu.loaders.language import say
from hongtu.loaders.tables import Column, Table, read_csv, read_table

Point: TypeAlias = tuple[float, float]
"""Latitude and longitude, in degrees, north and east positive."""

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_WKT = re.compile(
    rf"\s*(?:<(?P<system>[^>]*)>)?\s*POINT\s*(?:ZM|Z|M)?\s*\(\s*(?P<x>{_NUMBER})\s+(?P<y>{_NUMBER})(?:\s+{_NUMBER}){{0,2}}\s*\)\s*",
    re.IGNORECASE,
)


def read_wkt_point(text: str) -> Point | None:
    """Return latitude and longitude of a WKT point, ``None`` when the text is none.

    WKT has longitude first; only where EPSG:4326 is named before it, latitude goes first (GeoSPARQL 1.1, 8.5.1).

    >>> read_wkt_point("POINT(111.67 36.25)")
    (36.25, 111.67)
    >>> read_wkt_point("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(36.25 111.67)")
    (36.25, 111.67)
    """
    found = _WKT.fullmatch(text)
    if not found:
        return None
    x, y = float(found["x"]), float(found["y"])
    return (x, y) if (found["system"] or "").endswith("/4326") else (y, x)


def are_degrees(point: Point) -> bool:
    """Tell whether a point can be latitude and longitude.

    >>> are_degrees((36.25, 111.67)), are_degrees((111.67, 36.25))
    (True, False)
    """
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


def to_degrees(name: str, point: Any) -> Point:
    """Return what a user gives as latitude and longitude of a place.

    :raises UsageError: when it is no pair of numbers or these cannot be degrees; tells when the two seem to be swapped.

    >>> to_degrees("甲镇", [36, "111.67"])
    (36.0, 111.67)
    """
    try:
        latitude, longitude = map(float, point)
    except (TypeError, ValueError):
        raise UsageError(
            say(
                f"{name}：坐标写作两个数（纬度, 经度），如 (36.25, 111.67)，而不是 {point!r}",
                f"{name}: coordinates are two numbers (latitude, longitude), such as (36.25, 111.67), not {point!r}",
            )
        ) from None
    if are_degrees((latitude, longitude)):
        return latitude, longitude
    raise UsageError(
        say(
            f"{name}：纬度 {latitude}、经度 {longitude} 不是度数（纬度 −90 到 90，经度 −180 到 180）",
            f"{name}: latitude {latitude}, longitude {longitude} are no degrees (latitude −90 to 90, longitude "
            "−180 to 180)",
        )
        + (
            say("；经纬度看来写反了", "; the two seem to be swapped")
            if are_degrees((longitude, latitude))
            else ""
        )
    )


def read_coordinates(file: Path) -> dict[str, Point]:
    """Return latitude and longitude by the name or IRI of a thing, from a CSV file.

    Its columns are ``name``, ``latitude`` and ``longitude``, or 名称, 纬度 and 经度; others are left alone.

    :raises InputError: when the file cannot be read, with every cell that is wrong, by row and column.
    """
    reading = read_table(_COORDINATES, read_csv(file, "utf-8"))
    if reading.problems:
        raise InputError("\n".join(map(str, reading.problems)))
    return dict(record for _, record in reading.records)


def _degrees(most: int) -> Callable[[str], float]:
    def parse(cell: str) -> float:
        if re.fullmatch(_NUMBER, cell, re.ASCII) and abs(float(cell)) <= most:
            return float(cell)
        raise ValueError(
            say(
                f"写 −{most} 到 {most} 之间的度数，如 36.25",
                f"write degrees from −{most} to {most}, such as 36.25",
            )
        )

    return parse


def _place(name: str, latitude: float, longitude: float) -> tuple[str, Point]:
    return name, (latitude, longitude)


_COORDINATES = Table(
    "coordinates",
    "坐标",
    (NAME, Column("latitude", "纬度", _degrees(90)), Column("longitude", "经度", _degrees(180))),
    _place,
    key=lambda place: place[0],
)


def read_outline(outline: str | Path | Mapping[str, Any]) -> list[list[Point]]:
    """Return the lines of GeoJSON, a file or as read: each a list of longitude and latitude, in degrees.

    :raises InputError: when it cannot be read, or is no GeoJSON.
    """
    try:
        read = outline if isinstance(outline, Mapping) else json.loads(Path(outline).read_text("utf-8-sig"))
        return list(_lines(read))
    except OSError as error:
        cause = error.strerror or error
        raise InputError(
            say(f"{outline}：读不了（{cause}）", f"{outline}: cannot be read ({cause})")
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        name = "outline" if isinstance(outline, Mapping) else str(outline)
        raise InputError(
            say(
                f"{name}：不是能读的 GeoJSON（{error}）；要 FeatureCollection、Feature 或几何对象，坐标为经度、纬度",
                f"{name}: no GeoJSON that can be read ({error}); expected a FeatureCollection, a Feature or a "
                "geometry, with coordinates as longitude, latitude",
            )
        ) from error


def _lines(shape: Mapping[str, Any]) -> Iterator[list[Point]]:
    """Yield the lines of a GeoJSON object (RFC 7946, 3); points and features without a place have none."""
    match shape["type"]:
        case "FeatureCollection":
            for feature in shape["features"]:
                yield from _lines(feature)
        case "Feature":
            if shape["geometry"] is not None:
                yield from _lines(shape["geometry"])
        case "GeometryCollection":
            for geometry in shape["geometries"]:
                yield from _lines(geometry)
        case "LineString":
            yield _line(shape["coordinates"])
        case "Polygon" | "MultiLineString":
            yield from map(_line, shape["coordinates"])
        case "MultiPolygon":
            yield from (_line(ring) for polygon in shape["coordinates"] for ring in polygon)
        case "Point" | "MultiPoint":
            pass
        case other:
            raise ValueError(f"type {other!r}")


def _line(positions: Any) -> list[Point]:
    line = [(round(float(position[0]), 5), round(float(position[1]), 5)) for position in positions]
    if wrong := [position for position in line if not (abs(position[0]) <= 360 and abs(position[1]) <= 90)]:
        raise ValueError(say(f"{wrong[0]} 不是经度、纬度", f"{wrong[0]} is no longitude, latitude"))
    return line
