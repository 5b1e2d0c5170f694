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


def test_numbers_are_columns_of_numbers_even_with_gaps(sample: KnowledgeGraph) -> None:
    answer = sample.query(
        "SELECT ?whole ?gap ?part ?truth ?text { VALUES (?whole ?gap ?part ?truth ?text)"
        " { (1 2 1.5 true 'a') (2 UNDEF 2 false UNDEF) } }"
    )
    assert [answer[name].dtype.name for name in answer] == ["int64", "Int64", "float64", "bool", "object"]
    assert answer["text"].tolist() == ["a", None]


def test_a_limit_takes_so_many_rows_and_tells_that_there_were_more(sample: KnowledgeGraph) -> None:
    whole = sample.query(WHO)
    assert not whole.cut
    first = sample.query(WHO, limit=3)
    assert first.cut
    assert first["who"].tolist() == whole["who"].tolist()[:3]
    assert not sample.query(WHO, limit=len(whole)).cut


def test_a_file_keeps_labels_and_iris(sample: KnowledgeGraph, tmp_path: Path) -> None:
    answer = sample.query(WHO)
    for name in ("who.csv", "who.xlsx", "who.parquet"):
        answer.save(tmp_path / name)
    read = {
        "csv": pd.read_csv(tmp_path / "who.csv", encoding="utf-8-sig"),
        "xlsx": pd.read_excel(tmp_path / "who.xlsx"),
        "parquet": pd.read_parquet(tmp_path / "who.parquet"),
    }
    for frame in read.values():
        assert list(frame.columns) == ["who", "who_iri", "project", "project_iri"]
        assert frame["who"].tolist() == answer["who"].tolist()
        assert frame["who_iri"].tolist() == [who.iri for who in answer["who"]]
    assert (tmp_path / "who.csv").read_bytes().startswith(b"\xef\xbb\xbf")


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
