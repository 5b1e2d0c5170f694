import csv
import io
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from hongtu.graph import KnowledgeGraph, cli
from hongtu.loaders.packaged import packaged


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the sample."""
    folder = tmp_path_factory.mktemp("built") / "sample"
    subprocess.run(
        [sys.executable, "-m", "hongtu.graph.cli", "build", "--sample", "--out", folder], check=True
    )
    return folder


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    with packaged("sample") as source:
        shutil.copytree(source, folder)
    return folder


Hongtu = Callable[..., tuple[int, str, str]]


def test_build_without_source_is_hongdong_and_tells_the_next_step(hongtu: Hongtu, tmp_path: Path) -> None:
    code, out, err = hongtu("build", "--out", tmp_path / "o")
    assert (code, err) == (0, "")
    assert "洪洞县国民经济和社会发展第十四个五年规划" in out
    assert "Most connected enterprises: 华翔集团" in out
    assert "conforms" in out
    assert "hongtu notebook" in out
    assert sorted(entry.name for entry in (tmp_path / "o").iterdir()) == [
        "explorer.html",
        "graph.nq",
        "store",
    ]


def test_query_prints_tables_csv_and_json(hongtu: Hongtu, built: Path) -> None:
    code, table, err = hongtu("query", "show_who_does_what_where", built)
    assert code == 0
    assert err.strip().endswith("rows")
    _, text, _ = hongtu("query", "show_who_does_what_where", built, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["who"] in table
    _, text, _ = hongtu("query", "show_who_does_what_where", built, "--format", "json")
    assert [row["who"] for row in json.loads(text)] == [row["who"] for row in rows]
    _, text, _ = hongtu(
        "query", "show_who_does_what_where", built, "--format", "csv", "-p", f"who={rows[0]['who']}"
    )
    assert {row["who"] for row in csv.DictReader(io.StringIO(text))} == {rows[0]["who"]}


def test_query_takes_sparql_and_files(hongtu: Hongtu, built: Path, tmp_path: Path) -> None:
    assert hongtu("query", "-e", "ASK { ?p a ht:Plan }", built)[:2] == (0, "true\n")
    (tmp_path / "a.rq").write_text("CONSTRUCT { ?p a ht:Plan } WHERE { ?p a ht:Plan }", "utf-8")
    code, out, _ = hongtu("query", tmp_path / "a.rq", built, "--format", "ttl")
    assert code == 0
    assert "a ht:Plan" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "list_partner", "BUILT"], "nearest are: list_partners"),
        (["query", "list_neighbours", "BUILT"], "list_neighbours needs thing"),
        (["query", "list_neighbours", "BUILT", "-p", "thing"], "write NAME=VALUE"),
        (["query", "list_neighbours", "BUILT", "-p", "thing=没有"], "nothing is called “没有”"),
        (["query", "-e", "SELECT", "BUILT"], "the query is broken"),
        (["query", "list_plans"], "write hongtu query NAME GRAPH"),
        (["query", "list_plans", "nowhere"], "run hongtu build --out nowhere first"),
        (["query", "none.rq", "BUILT"], "none.rq: cannot be read"),
        (["query", "-e", "ASK {}", "BUILT", "--format", "xml"], "Invalid value for '--format'"),
        (["query", "-e", "SELECT * {}", "BUILT", "--format", "ttl"], "use CONSTRUCT"),
        (["build", "--sample", "x"], "give --sample or SOURCE, not both"),
        (["build", "nowhere"], "nowhere: no such file"),
        (["validate", "nowhere"], "no such folder"),
        (["export", "BUILT", "a.docx"], "cannot write .docx"),
        (["nonsense"], "No such command"),
    ],
)
def test_what_cannot_be_done_is_one_message_and_exit_code_2(
    hongtu: Hongtu,
    built: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = hongtu(*(built if argument == "BUILT" else argument for argument in arguments))
    assert code == 2
    assert message in err.replace("\n", " ").replace("  ", " ")
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


BROKEN: dict[str, Callable[[str], str | bytes]] = {
    "missing column": lambda text: text.replace("evidence", "place", 1),
    "wrong encoding": lambda text: b"\xff" + text.encode(),
    "empty file": lambda text: "",
    "10 MB single line": lambda text: "长" * 3_500_000,
    "no CSV": lambda text: text + '"open',
}
BAD_ROWS: dict[str, Callable[[list[str]], list[str]]] = {
    "unknown reference": lambda lines: [*lines, lines[1].replace(lines[1].split(",")[0], "没有的", 1)],
    "duplicate": lambda lines: [*lines, lines[1]],
    "wrong number": lambda lines: [lines[0], lines[1].rsplit(",", 1)[0] + ",12:x-9", *lines[2:]],
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_table_changes_nothing(hongtu: Hongtu, tables: Path, tmp_path: Path, kind: str) -> None:
    store = tmp_path / "store"
    assert hongtu("load", tables, "--store", store)[0] == 0
    before = len(KnowledgeGraph.open(store, read_only=True).store)
    file = tables / "relations.csv"
    broken = BROKEN[kind](file.read_text("utf-8-sig"))
    file.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    for command in (["load", tables, "--store", store], ["build", tables, "--out", tmp_path / "o"]):
        code, _, err = hongtu(*command)
        assert code == 2
        assert "relations.csv" in err
        assert "Traceback" not in err
        assert len(err) < 1000
    assert len(KnowledgeGraph.open(store, read_only=True).store) == before
    assert not (tmp_path / "o" / "graph.nq").exists()


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_bad_rows_are_set_aside_or_refused(hongtu: Hongtu, tables: Path, tmp_path: Path, kind: str) -> None:
    store = tmp_path / "store"
    file = tables / "relations.csv"
    lines = BAD_ROWS[kind](file.read_text("utf-8-sig").splitlines())
    file.write_text("\n".join(lines) + "\n", "utf-8-sig")
    code, _, err = hongtu("load", tables, "--store", store, "--strict")
    assert (code, store.exists()) == (2, False)
    assert "relations.csv row" in err
    code, out, err = hongtu("load", tables, "--store", store, "--dry-run")
    assert (code, store.exists()) == (1, False)
    assert "nothing was written" in out
    code, _, err = hongtu("load", tables, "--store", store)
    assert code == 1
    (quarantined,) = (tmp_path / "store-quarantine").rglob("relations.csv")
    with quarantined.open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 1
    assert KnowledgeGraph.open(store, read_only=True).query("ASK { ?s ht:undertakes ?o }") is True


def test_a_code_that_no_division_has_is_to_be_checked(hongtu: Hongtu, tmp_path: Path) -> None:
    with packaged("hongdong") as packed:
        tables = Path(shutil.copytree(packed, tmp_path / "tables"))
    file = tables / "locations.csv"
    file.write_text(file.read_text("utf-8-sig").replace("141024", "141099"), "utf-8-sig")
    code, _, err = hongtu("load", tables, "--store", tmp_path / "store", "--dry-run")
    assert code == 0
    assert "Please check: locations.csv row" in err
    assert "the code of 洪洞县 is 141024" in err


def test_load_takes_rdf_and_refuses_it_broken(hongtu: Hongtu, built: Path, tmp_path: Path) -> None:
    code, out, _ = hongtu("load", built / "graph.nq", "--store", tmp_path / "store")
    assert code == 0
    (tmp_path / "a.ttl").write_text("<urn:a> nonsense", "utf-8")
    code, _, err = hongtu("load", tmp_path / "a.ttl", "--store", tmp_path / "store")
    assert code == 2
    assert "a.ttl line 1 column" in err


def test_view_takes_coordinates_an_outline_and_places_of_before(
    hongtu: Hongtu, built: Path, tmp_path: Path
) -> None:
    points, outline, made = tmp_path / "towns.csv", tmp_path / "county.geojson", tmp_path / "a.html"
    points.write_text("名称,纬度,经度\n澜溪县,29.5,106.25\n", "utf-8")
    outline.write_text('{"type": "LineString", "coordinates": [[106, 29], [107, 30]]}', "utf-8")
    options = ("--coordinates", points, "--outline", outline, "--like", built / "explorer.html")
    code, out, err = hongtu("view", built, "--out", made, *options)
    assert (code, out, err) == (0, f"{made}\n", "")
    page = made.read_text("utf-8")
    assert '":[29.5,106.25]}' in page
    assert '"outline":[[[106.0,29.0],[107.0,30.0]]]' in page
    points.write_text("名称,纬度,经度\n澜溪县,29.5,106.25\n无名乡,29.6,106.3\n", "utf-8")
    code, _, err = hongtu("view", built, "--out", made, "--coordinates", points)
    assert (code, err) == (0, "1 of 2 coordinates are used; nothing in the graph is called: 无名乡\n")
    points.write_text("name,latitude,longitude\n澜溪县,106.25,29.5\n", "utf-8")
    code, _, err = hongtu("view", built, "--out", tmp_path / "b.html", "--coordinates", points)
    assert code == 2
    assert "towns.csv row 2, column “latitude”: found “106.25”" in err
    code, _, err = hongtu("view", built, "--out", tmp_path / "b.html", "--like", points)
    assert (code, "towns.csv" in err) == (2, True)
    assert not (tmp_path / "b.html").exists()


def test_the_whole_text_is_not_printed(hongtu: Hongtu, built: Path) -> None:
    ask = ("query", "-e", "SELECT ?text { ?plan prov:value ?text }", built)
    code, table, _ = hongtu(*ask)
    whole = json.loads(hongtu(*ask, "--format", "json")[1])
    assert code == 0
    assert len("".join(table.split())) <= len("text") + 500 < len(json.dumps(whole, ensure_ascii=False))


def test_view_info_validate_and_export_work_on_a_build(hongtu: Hongtu, built: Path, tmp_path: Path) -> None:
    assert hongtu("view", built, "--out", tmp_path / "a.html")[0] == 0
    assert (tmp_path / "a.html").read_bytes() == (built / "explorer.html").read_bytes()
    assert "project" in hongtu("info", built)[1]
    assert hongtu("validate", built)[:2] == (0, "conforms\n")
    assert hongtu("export", built, tmp_path / "a.nq")[0] == 0


def test_validate_ends_with_1_when_the_graph_does_not_conform(hongtu: Hongtu, tmp_path: Path) -> None:
    kg = KnowledgeGraph.open(tmp_path / "store")
    (tmp_path / "a.trig").write_text(
        "@prefix ht: <https://w3id.org/hongtu/ontology#> . <urn:plan> { <urn:x> a ht:Project }", "utf-8"
    )
    kg.load_rdf(tmp_path / "a.trig")
    del kg
    code, out, err = hongtu("validate", tmp_path / "store")
    assert code == 1
    assert "urn:x" in out
    assert "violations" in err


def test_every_command_has_help_with_an_example_in_both_languages() -> None:
    for language, word in (("zh", "例："), ("en", "Example")):
        for command in ("build", "load", "query", "view", "validate", "export", "info", "notebook", "serve"):
            result = subprocess.run(
                [sys.executable, "-m", "hongtu.graph.cli", command, "--help"],
                env={"HONGTU_LANG": language, "PYTHONUTF8": "1"},
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=True,
            )
            assert word in result.stdout, command


def test_ctrl_c_ends_with_130(hongtu: Hongtu, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "print_summary", interrupt)
    code, _, err = hongtu("info", built)
    assert code == 130
    assert "interrupted" in err


def test_notebook_needs_jupyter_and_leaves_a_copy(
    hongtu: Hongtu, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *args, **kwargs: None)
    code, _, err = hongtu("notebook", built)
    assert code == 2
    assert "hongtu[notebook]" in err
    assert (built / "01-who-does-what-where.ipynb").is_file()


def test_serve_answers_sparql(built: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "hongtu.graph.cli", "serve", built, "--port", "17878"], stderr=subprocess.PIPE
    )
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen("http://localhost:17878/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        remote = KnowledgeGraph.open("http://localhost:17878/query")
        local = KnowledgeGraph.open(built, read_only=True)
        assert remote.run("count_things").equals(local.run("count_things"))
        assert remote.evidence(local.run("list_partners")["who"][0])
    finally:
        server.terminate()
        server.communicate()
