from pathlib import Path

import pytest

from hongtu.loaders.errors import InputError
from hongtu.loaders.patch import Decision, find_quotes, read_patch, with_quotes, write_patch
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Span

HEADINGS = "decision,type,name,predicate,object_type,object,verbatim,year,role,evidence,column,value,reason\n"


def refusal(tmp_path: Path, *rows: str) -> str:
    file = tmp_path / "corrections.csv"
    file.write_text(HEADINGS + "\n".join(rows), "utf-8")
    with pytest.raises(InputError) as caught:
        read_patch(file)
    return str(caught.value)


def test_a_patch_is_written_and_read(tmp_path: Path) -> None:
    patch = (
        Decision(decision="accept", type="Project", name="=冷链仓库", evidence=(Span(5, 61, 65),)),
        Decision(
            decision="merge",
            type="Enterprise",
            name="青禾果业",
            object_type="Enterprise",
            object="青禾果业集团",
            reason="同一家企业",
        ),
        Decision(decision="edit", type="Target", name="产量", year="2025", column="unit", value="%"),
    )
    file = tmp_path / "corrections.csv"
    write_patch(patch, file)
    assert read_patch(file) == patch
    written = file.read_bytes()
    write_patch(read_patch(file), file)
    assert file.read_bytes() == written


def test_headings_may_be_chinese_and_few(tmp_path: Path) -> None:
    file = tmp_path / "corrections.csv"
    file.write_text("决定,类型,名称\nreject,Project,冷链仓库\n", "utf-8")
    assert read_patch(file) == (Decision(decision="reject", type="Project", name="冷链仓库"),)


def test_words_may_be_chinese(tmp_path: Path) -> None:
    file = tmp_path / "corrections.csv"
    rows = ["edit,项目,冷链仓库,status,已完成", "edit,企业,柳河大学,type,机构"]
    file.write_text("\n".join(["决定,类型,名称,列,值", *rows]), "utf-8")
    assert [(decision.type, decision.value) for decision in read_patch(file)] == [
        ("Project", "achieved"),
        ("Enterprise", "Organization"),
    ]


def test_every_wrong_cell_is_told_by_row_and_column(tmp_path: Path) -> None:
    message = refusal(
        tmp_path,
        "drop,Project,甲" + "," * 10,
        "edit,Project,甲,,,,,,,,status,finished,",
        "edit,Project,甲,,,,,,,,gbt,C,",
        "merge,Project,甲" + "," * 10,
        "add,Project,甲" + "," * 10,
        "accept,Section,甲" + "," * 10,
        "split,Target,甲" + "," * 10,
    )
    wanted = [
        "row 2, column “decision”: found “drop”, one of accept",
        "row 3, column “value”: found “finished”, one of achieved",
        "row 4, column “column”: found “gbt”, one of name, aliases",
        "row 5, column “object”: found “”",
        "row 6, column “evidence”: found “”",
        "row 7, column “decision”: found “accept”",
        "row 8, column “type”: found “Target”, one of Strategy",
    ]
    lines = message.splitlines()
    assert len(lines) == len(wanted)
    assert all(part in line for part, line in zip(wanted, lines, strict=True))


def test_a_decision_stands_once(tmp_path: Path) -> None:
    row = "reject,Project,甲" + "," * 10
    assert "row 3" in refusal(tmp_path, row, row)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="corrections.csv"):
        read_patch(tmp_path / "corrections.csv")


# A text that was mended

OLD = PlanText("一、产业\n建设冷链仓库。青禾果业承担冷链仓库。\n", "old")
MENDED = PlanText("第一章 产业发展\n建设冷链\n仓库。青禾果业承担冷链仓库。\n", "mended")
ADDED = Decision(decision="add", type="Project", name="冷链仓库", evidence=(Span(2, 7, 11), Span(2, 18, 22)))
EDITED = Decision(decision="edit", type="Enterprise", name="青禾", column="evidence", value="2:12-16")


@pytest.mark.parametrize(("decision", "words"), [(ADDED, "冷链仓库"), (EDITED, "青禾果业")])
def test_places_are_found_anew_by_their_words(decision: Decision, words: str, tmp_path: Path) -> None:
    write_patch(with_quotes((decision,), OLD), tmp_path / "patch.csv")
    patch = read_patch(tmp_path / "patch.csv")
    assert find_quotes(patch, OLD) == (patch, ())
    (found,), lost = find_quotes(patch, MENDED)
    assert not lost and found.cited != decision.cited
    for span in found.cited:
        assert "".join(MENDED.text[span.start : span.end].split()) == words
        assert span == MENDED.span(span.start, span.end)


def test_words_that_are_gone_lose_what_would_bring_their_places_and_no_more() -> None:
    accepted = Decision(decision="accept", type="Project", name="冷链仓库", evidence=(Span(2, 7, 11),))
    patch = with_quotes((ADDED, EDITED, accepted), OLD)
    assert find_quotes(patch, PlanText("别的文字。\n", "")) == ((accepted,), (ADDED, EDITED))


def test_without_quotes_places_are_taken_as_they_are() -> None:
    assert find_quotes((ADDED, EDITED), MENDED) == ((ADDED, EDITED), ())
