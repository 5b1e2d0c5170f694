import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph.coordinates import read_wkt_point
from hongtu.graph.knowledge_graph import KnowledgeGraph
from hongtu.graph.terms import Resource
from hongtu.graph.views.place_map import Place, PlaceMap
from hongtu.loaders.errors import InputError, UsageError

HOSTILE = '</script><img src=x onerror=alert(1)>"><b>'
TOWNS = {"青石镇": (29.53, 106.48), "柳塘镇": (29.46, 106.55)}
SQUARE = [[[106, 29], [107, 29], [107, 30], [106, 29]]]


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


degrees = st.floats(allow_nan=False, allow_infinity=False)


@given(degrees, degrees, st.sampled_from(["POINT({} {})", " point ( {}   {} ) ", "POINT Z ({} {} 7.5)"]))
def test_a_wkt_point_has_longitude_first(latitude: float, longitude: float, form: str) -> None:
    assert read_wkt_point(form.format(longitude, latitude)) == (latitude, longitude)


@given(st.text())
def test_other_text_is_no_point(text: str) -> None:
    assert read_wkt_point(text) is None or "POINT" in text.upper()


@pytest.mark.parametrize(
    "text", ["POINT EMPTY", "POINT(1)", "POINT(1 2", "LINESTRING(1 2, 3 4)", "POINT(a b)"]
)
def test_broken_points_are_none(text: str) -> None:
    assert read_wkt_point(text) is None


def test_the_reference_system_decides_the_order() -> None:
    crs84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(111.6 36.2)"
    epsg = "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(36.2 111.6)"
    assert read_wkt_point(crs84) == read_wkt_point(epsg) == (36.2, 111.6)


def test_points_come_from_wkt_and_are_named_by_the_thing_they_belong_to() -> None:
    frame = pd.DataFrame(
        {
            "who": [Resource("甲公司", "urn:a"), Resource("甲公司", "urn:a"), Resource("乙公司", "urn:b")],
            "place": [Resource("青石镇", "urn:q"), Resource("柳塘镇", "urn:l"), Resource("青石镇", "urn:q")],
            "point": ["POINT(106.48 29.53)", "POINT(106.55 29.46)", "POINT(106.48 29.53)"],
        },
        dtype=object,
    )
    made = PlaceMap(frame)
    assert made.places == [
        Place("青石镇", "urn:q", (29.53, 106.48), [0, 2]),
        Place("柳塘镇", "urn:l", (29.46, 106.55), [1]),
    ]
    assert [heading for heading, _ in data_of(made.generate_html())["places"][0]["rows"][0][0]] == [
        "who",
        "place",
    ]


@pytest.mark.parametrize(
    "names", [("lat", "lon"), ("Latitude", "Longitude"), ("纬度", "经度"), ("lat", "lng")]
)
def test_points_come_from_two_columns(names: tuple[str, str]) -> None:
    frame = pd.DataFrame(
        {"place": ["甲", "乙", "丙"], names[1]: [111.6, "111.7", None], names[0]: [36.2, "36.3", 36.4]}
    )
    made = PlaceMap(frame)
    assert [(place.name, place.point) for place in made.places] == [
        ("甲", (36.2, 111.6)),
        ("乙", (36.3, 111.7)),
    ]
    assert made.missing == ["丙"]


def test_points_come_from_what_the_user_knows(sample: KnowledgeGraph) -> None:
    answer = sample.run("show_who_does_what_where")
    made = PlaceMap(answer, coordinates=TOWNS)
    assert {place.name for place in made.places} == set(TOWNS)
    assert "白沙镇" in made.missing
    data = data_of(made.generate_html())
    rows = [row for place in data["places"] for row in place["rows"]]
    assert rows and all(numbers and data["passages"][numbers[0]]["quote"] for _, numbers in rows)
    for place in made.places:
        assert all(place.name in answer["places"].iloc[row].split("、") for row in place.rows)


def test_an_iri_tells_places_of_one_name_apart() -> None:
    frame = pd.DataFrame({"place": [Resource("桥镇", "urn:1"), Resource("桥镇", "urn:2")]}, dtype=object)
    made = PlaceMap(frame, coordinates={"urn:1": (30, 100), "urn:2": (31, 101)})
    assert [place.point for place in made.places] == [(30, 100), (31, 101)]


def test_the_size_is_the_sum_of_a_column() -> None:
    frame = pd.DataFrame(
        {"place": ["甲", "甲", "乙"], "lat": [1, 1, 2], "lon": [1, 1, 2], "jobs": [10, 5, None]}
    )
    data = data_of(PlaceMap(frame, size="jobs").generate_html())
    assert [place["amount"] for place in data["places"]] == [15, 0]
    with pytest.raises(UsageError, match="no column is called “people”; there are: place, lat"):
        PlaceMap(frame, size="people")


def test_without_coordinates_it_says_what_to_give() -> None:
    frame = pd.DataFrame({"place": ["甲"], "n": [1]})
    for given_coordinates in (None, {"乙": (1.0, 2.0)}):
        with pytest.raises(
            UsageError, match=r"columns place, n\. Give a column of WKT points .* or coordinates="
        ):
            PlaceMap(frame, coordinates=given_coordinates)


def test_degrees_that_cannot_be_are_told() -> None:
    with pytest.raises(
        UsageError, match="甲: latitude 111.6, longitude 36.2 are no degrees .* seem to be swapped"
    ):
        PlaceMap(pd.DataFrame({"place": ["甲"], "lat": [111.6], "lon": [36.2]}))
    with pytest.raises(UsageError, match="are no degrees"):
        PlaceMap(pd.DataFrame({"place": ["甲"]}), coordinates={"甲": (float("nan"), 36.2)})


def test_an_outline_is_drawn_from_any_geojson(tmp_path: Path) -> None:
    polygon = {"type": "Polygon", "coordinates": SQUARE}
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "MultiPolygon", "coordinates": [SQUARE]},
                "properties": {},
            },
            {"type": "Feature", "geometry": None, "properties": {}},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {}},
            {
                "type": "Feature",
                "geometry": {
                    "type": "GeometryCollection",
                    "geometries": [{"type": "LineString", "coordinates": [[1, 2, 3], [4, 5, 6]]}],
                },
                "properties": {},
            },
        ],
    }
    file = tmp_path / "county.geojson"
    file.write_text(json.dumps(collection), "utf-8")
    frame = pd.DataFrame({"place": ["甲"], "lat": [29.5], "lon": [106.5]})
    assert data_of(PlaceMap(frame, outline=polygon).generate_html())["lines"] == SQUARE
    assert data_of(PlaceMap(frame, outline=file).generate_html())["lines"] == [*SQUARE, [[1, 2], [4, 5]]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        '{"type":"Polygon","coordinates":[[["x"]]]}',
        '{"type":"Circle"}',
        '{"type":"LineString","coordinates":[[1,NaN]]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_geojson_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "county.geojson"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"county\.geojson: no GeoJSON that can be read"):
        PlaceMap(pd.DataFrame({"place": ["甲"], "lat": [1], "lon": [2]}), outline=file)


def test_page_keeps_hostile_names_as_data_and_is_the_same_twice(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"place": [Resource(HOSTILE, f"urn:{HOSTILE}")], "lat": [1], "lon": [2]}, dtype=object
    )
    made = PlaceMap(frame, title=HOSTILE)
    page = made.generate_html()
    assert "<img" not in page and "<b>" not in page
    assert data_of(page)["places"][0]["name"] == HOSTILE
    assert page == made.generate_html()
    made.write_html(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text("utf-8") == page
