from pathlib import Path

import pytest

from hongtu.graph.coordinates import read_coordinates, read_outline
from hongtu.loaders.errors import InputError


@pytest.mark.parametrize("head", ["name,latitude,longitude", "名称,备注,纬度,经度"])
def test_coordinates_come_from_a_table(head: str, tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    note = "旧址," if "备注" in head else ""
    file.write_text(f"{head}\n青石镇,{note}29.53,106.48\n\n柳塘镇,{note}-29.4,1e2\n", "utf-8-sig")
    assert read_coordinates(file) == {"青石镇": (29.53, 106.48), "柳塘镇": (-29.4, 100.0)}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "青石镇,106.48,29.53",
            "towns.csv row 3, column “latitude”: found “106.48”, write degrees from −90 to 90",
        ),
        ("青石镇,29°,106", "column “latitude”: found “29°”, write degrees"),
        ("青石镇,29.53,", "column “longitude”: found “”, write degrees from −180 to 180"),
        ("青石镇,29.53,nan", "column “longitude”: found “nan”"),
        (",29,106", "column “name”: found “”, must not be empty"),
        ("柳塘镇,29,106", "column “name”: found “柳塘镇”, the same as in towns.csv row 2"),
    ],
)
def test_cells_that_are_wrong_are_told(row: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_text(f"name,latitude,longitude\n柳塘镇,29.4,106.5\n{row}\n", "utf-8")
    with pytest.raises(InputError, match=problem):
        read_coordinates(file)


def test_a_table_without_the_columns_is_told(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("name,lat,lon\n青石镇,29,106\n", "utf-8")
    with pytest.raises(
        InputError, match="missing column latitude, longitude; the columns are name, lat, lon"
    ):
        read_coordinates(tmp_path / "towns.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_coordinates(tmp_path / "none.csv")


def test_an_outline_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none.geojson"):
        with pytest.raises(InputError, match=f"{file}: cannot be read"):
            read_outline(file)
