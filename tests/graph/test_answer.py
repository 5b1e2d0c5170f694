import pickle
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from hongtu.graph import KnowledgeGraph, Resource
from hongtu.graph.answer import Answer
from hongtu.loaders.errors import UsageError

WHO = "SELECT ?who ?project { ?who ht:undertakes ?project } ORDER BY ?who ?project"


def test_what_pandas_makes_of_an_answer_knows_its_graph(sample: KnowledgeGraph) -> None:
    answer = sample.who()
    for made in (answer.head(2), answer[answer["line"] > 30], answer.sort_values("line"), answer[["who"]]):
        assert isinstance(made, Answer)
        assert made.kg is sample
        assert made.sparql == answer.sparql


def test_joined_answers_know_what_they_have_in_common(
    sample: KnowledgeGraph, hongdong: KnowledgeGraph
) -> None:
    answer, other = sample.query(WHO), sample.query("SELECT ?who ?place { ?who ht:locatedIn ?place }")
    twice = pd.concat([answer, answer])
    assert (twice.kg, twice.sparql) == (sample, answer.sparql)
    joined = answer.merge(other, on="who")
    assert (joined.kg, joined.sparql) == (sample, "")
    assert len(joined.network()) > 0
    assert answer.merge(pd.DataFrame({"who": ["恒屹精工"], "workers": [7]}), on="who").kg is sample
    assert pd.concat([answer, hongdong.query(WHO)]).kg is None


def test_a_pickled_answer_leaves_its_graph_behind(sample: KnowledgeGraph) -> None:
    answer = sample.query(WHO, who=sample.enterprise("恒屹精工"))
    read = pickle.loads(pickle.dumps(answer))
    pd.testing.assert_frame_equal(read, answer)
    assert read["who"][0].iri == answer["who"][0].iri
    assert (read.kg, read.sparql, read.bindings) == (None, answer.sparql, answer.bindings)


def test_a_table_that_no_graph_was_asked_for_says_what_it_lacks() -> None:
    table = Answer({"what": ["甲"]})
    for ask in (table.why, table.network, table.show):
        with pytest.raises(UsageError, match=r"no answer of a graph.*set TABLE\.kg = kg"):
            ask()


def test_numbers_are_columns_of_numbers_even_with_gaps(sample: KnowledgeGraph) -> None:
    answer = sample.query(
        "SELECT ?whole ?gap ?part ?truth ?text { VALUES (?whole ?gap ?part ?truth ?text)"
        " { (1 2 1.5 true 'a') (2 UNDEF 2 false UNDEF) } }"
    )
    assert [answer[name].dtype.name for name in answer] == ["int64", "Int64", "float64", "bool", "object"]
    assert answer["text"].tolist() == ["a", None]


def test_numbers_beyond_the_machine_stay_whole(sample: KnowledgeGraph) -> None:
    huge = 10**400
    for other in ("1", "1.5", "UNDEF"):
        cells = sample.query(f"SELECT ?x {{ VALUES ?x {{ {huge} {other} }} }}")["x"]
        assert cells[0] == huge


@pytest.mark.parametrize(
    "name", ["kg", "cut", "sparql", "bindings", "index", "columns", "T", "empty", "show", "attrs"]
)
def test_a_variable_may_be_called_like_what_a_table_has(sample: KnowledgeGraph, name: str) -> None:
    answer = sample.query(f"SELECT ?{name} {{ ?{name} a ht:Enterprise }} LIMIT 2").head(1)
    assert (answer.kg, answer.cut, list(answer.columns)) == (sample, False, [name])
    assert len(answer.network()) == 1
    assert answer.with_iris()[f"{name}_iri"][0] == answer[name][0].iri


def test_a_limit_takes_so_many_rows_and_tells_that_there_were_more(sample: KnowledgeGraph) -> None:
    whole = sample.query(WHO)
    assert not whole.cut
    first = sample.query(WHO, limit=3)
    assert first.cut
    assert first["who"].tolist() == whole["who"].tolist()[:3]
    assert not sample.query(WHO, limit=len(whole)).cut


def test_a_file_keeps_labels_and_iris(sample: KnowledgeGraph, tmp_path: Path) -> None:
    answer = sample.query(WHO)
    for name in ("who.csv", "who.parquet"):
        answer.save(tmp_path / name)
    for frame in (
        pd.read_csv(tmp_path / "who.csv", encoding="utf-8-sig"),
        pd.read_parquet(tmp_path / "who.parquet"),
    ):
        assert list(frame.columns) == ["who", "who_iri", "project", "project_iri"]
        assert frame["who"].tolist() == answer["who"].tolist()
        assert frame["who_iri"].tolist() == [who.iri for who in answer["who"]]
    assert (tmp_path / "who.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_workbook_is_laid_out_for_readers(
    sample: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    answer = sample.who()
    answer.save(tmp_path / "who.xlsx")
    frame = pd.read_excel(tmp_path / "who.xlsx")
    headings = list(frame.columns)
    assert headings[:3] == ["谁", "项目", "进展"]
    assert headings.index("依据原句") == headings.index("依据") + 1
    # What programs need stands behind what people read.
    assert headings[-3:] == ["谁 IRI", "项目 IRI", "依据 IRI"]
    assert set(frame["进展"]) <= {"已完成", "在建", "规划", "支持", "探索"}
    assert frame["谁 IRI"].tolist() == [who.iri for who in answer["who"]]
    sheet = openpyxl.load_workbook(tmp_path / "who.xlsx")["Hongtu"]
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width > 10


def test_a_file_cites_the_passages_with_their_sentences(sample: KnowledgeGraph) -> None:
    answer = sample.who()
    frame = answer.with_iris()
    for row, passage in zip(frame.to_dict("records"), answer["evidence"], strict=True):
        assert row["evidence_iri"] == passage.iri
        assert f"line {row['line']}, characters" in row["evidence"]
        assert len(row["evidence_sentence"]) > 10


def test_a_spreadsheet_computes_nothing_of_an_answer(sample: KnowledgeGraph, tmp_path: Path) -> None:
    answer = sample.query("SELECT ('=1+1' AS ?text) (7 AS ?number) {}")
    answer.save(tmp_path / "a.xlsx")
    row = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(min_row=2))[0]  # type: ignore[union-attr]
    assert [(cell.value, cell.data_type) for cell in row] == [("=1+1", "s"), (7, "n")]
    answer.save(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig") == "text,number\n'=1+1,7\n"


def test_an_unknown_kind_of_file_is_refused_and_nothing_is_written(
    sample: KnowledgeGraph, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"cannot write \.docx; there are \.csv \.xlsx \.parquet \.html"):
        sample.query(WHO).save(tmp_path / "who.docx")
    assert not list(tmp_path.iterdir())


def test_a_thing_of_an_answer_is_a_parameter_of_the_next_query(sample: KnowledgeGraph) -> None:
    who = sample.query(WHO)["who"][0]
    assert isinstance(who, Resource)
    assert set(sample.query(WHO, who=who)["who"]) == {who}


def test_a_table_that_no_graph_was_asked_for_displays_too(sample: KnowledgeGraph) -> None:
    table = Answer({"what": ["甲", "乙"], "number": [1, 2]})
    for made in (table, table.head(1), table[table["number"] > 1]):
        assert "甲" in made._repr_html_() or "乙" in made._repr_html_()
    assert "<table" in table[table["number"] > 5]._repr_html_()
    assert list(table.with_iris().columns) == ["what", "number"]


def test_an_index_with_a_name_is_written_too(sample: KnowledgeGraph, tmp_path: Path) -> None:
    answer = sample.query(WHO).set_index("who")
    answer.save(tmp_path / "who.csv")
    read = pd.read_csv(tmp_path / "who.csv", encoding="utf-8-sig")
    assert list(read.columns) == ["who", "who_iri", "project", "project_iri"]
    assert read["who"].tolist() == answer.index.tolist()


def test_a_column_of_the_query_is_not_replaced_by_iris(sample: KnowledgeGraph) -> None:
    answer = sample.query("SELECT ?who_iri ?who { ?who a ht:Enterprise BIND(7 AS ?who_iri) }")
    assert set(answer.with_iris()["who_iri"]) == {7}


def test_mixed_and_huge_cells_are_text_in_parquet(sample: KnowledgeGraph, tmp_path: Path) -> None:
    answer = sample.query(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ (1 {2**70}) ('a' UNDEF) (true 3) }} }}")
    answer.save(tmp_path / "a.parquet")
    read = pd.read_parquet(tmp_path / "a.parquet")
    assert read["x"].tolist() == ["1", "a", "True"]
    assert read["y"].dropna().tolist() == [str(2**70), "3"]


def test_a_workbook_takes_control_characters(sample: KnowledgeGraph, tmp_path: Path) -> None:
    sample.query(r"SELECT ('a\u0001b' AS ?x) {}").save(tmp_path / "a.xlsx")
    assert pd.read_excel(tmp_path / "a.xlsx")["x"].tolist() == ["a\N{REPLACEMENT CHARACTER}b"]
