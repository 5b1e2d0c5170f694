import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.loaders.documents import read_document
from hongtu.loaders.errors import InputError
from hongtu.loaders.extraction import extract
from hongtu.loaders.extraction.normal import normalise
from hongtu.loaders.packaged import packaged
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Entity, Reference
from hongtu.loaders.source import PlanTables, read_tables
from hongtu.loaders.triples import write_nquads

PARTS = (
    "云岭县2023年政府工作报告\n",
    "一、2022年工作回顾\n",
    "二、2023年重点工作\n",
    "产业升级。支持云帆集团、鼎石科技等企业建设万吨铜箔、光伏组件等3个项目,",
    "在 柳湾 镇 建设云岭新材料产业园；",
    "地区生产总值增长 7.5% 以上。",
    "与云泽农业大学共建茶叶研究院。\n",
    "实施“雪亮工程”（二期）,投资1,200万元，\r\n",
    "（一）壮大冷链物流。培育𠮷野物流等龙头企业　２家。\n",
    "收藏 打印\n",
)


@pytest.fixture(scope="module")
def sample() -> tuple[PlanText, PlanTables]:
    """The packaged sample: its text, and the tables that people made of it."""
    with packaged("sample") as folder:
        return read_document(folder / "plan.txt"), read_tables(folder)


@pytest.fixture(scope="module")
def read(sample: tuple[PlanText, PlanTables]) -> PlanTables:
    """What the program reads in the sample's text."""
    return extract(sample[0], "plan")


def names(tables: PlanTables, kind: str) -> set[str]:
    return {
        re.sub(r"[“”《》]", "", name)
        for entity in tables.entities
        if entity.kind == kind
        for name in (entity.name, *entity.aliases)
    }


def assert_evidence_is_exact(text: PlanText, tables: PlanTables) -> None:
    """Every mention cuts one of its entity's names out of the raw text; nothing points outside of it."""
    for entity in tables.entities:
        known = {normalise(name).text for name in (entity.name, *entity.aliases)}
        for span in entity.evidence:
            raw = text.text[span.start : span.end]
            assert text.span(span.start, span.end) == span
            if entity.kind != "Location" or normalise(raw).text in known:
                assert normalise(raw).text in known
    stated = [edge.evidence for edge in tables.edges]
    stated += [figure.target.evidence for figure in tables.figures]
    for evidence in stated:
        assert evidence
        assert all(0 <= span.start < span.end <= len(text.text) for span in evidence)


@pytest.mark.parametrize(
    ("kind", "share"),
    [("Enterprise", 0.8), ("Organization", 0.6), ("Location", 0.75), ("Project", 0.7), ("Industry", 0.7)],
)
def test_most_things_of_the_sample_are_found(
    sample: tuple[PlanText, PlanTables], read: PlanTables, kind: str, share: float
) -> None:
    sure = [entity for entity in sample[1].entities if entity.kind == kind and entity.confidence == 1]
    found = names(read, kind)
    hits = [
        entity
        for entity in sure
        if {re.sub(r"[“”《》]", "", name) for name in (entity.name, *entity.aliases)} & found
    ]
    assert len(hits) >= share * len(sure), sorted({entity.name for entity in sure} - found)


def test_sections_are_those_of_the_text(sample: tuple[PlanText, PlanTables], read: PlanTables) -> None:
    assert [(section.title, section.level) for section in read.sections] == [
        (section.title, section.level) for section in sample[1].sections
    ]


def test_plan_has_its_place_and_years(read: PlanTables) -> None:
    assert read.plan.id == read.plan.title == "云泽省岚江市澜溪县国民经济和社会发展第十四个五年规划纲要"
    assert (read.plan.first_year, read.plan.last_year, read.plan.home) == (2021, 2025, "澜溪县")


def test_chapter_of_a_strategy_is_implemented_by_its_projects(read: PlanTables) -> None:
    strategies = {edge.object.name for edge in read.edges if edge.predicate == "implements"}
    assert "茶业振兴战略" in strategies


def test_evidence_of_the_sample_is_exact(sample: tuple[PlanText, PlanTables], read: PlanTables) -> None:
    assert_evidence_is_exact(sample[0], read)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=12).map("".join))
def test_offsets_cut_out_the_names_whatever_the_text_looks_like(raw: str) -> None:
    text = PlanText(raw, "0" * 64)
    tables = extract(text, "text")
    assert_evidence_is_exact(text, tables)
    references = {entity.reference for entity in tables.entities}
    assert Reference("Location", tables.plan.home) in references
    for edge in tables.edges:
        assert {edge.subject, edge.object} <= references


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200).filter(re.compile(r"\w").search))
def test_any_text_is_read_without_a_crash(raw: str) -> None:
    tables = extract(PlanText(raw, "0" * 64), "text")
    assert tables.read_from == "text"


@pytest.mark.parametrize("raw", ["", "  \n", "。——"])
def test_nothing_to_read_is_told(raw: str) -> None:
    with pytest.raises(InputError, match="plan: holds no text"):
        extract(PlanText(raw, "0" * 64), "plan")


def test_file_name_in_chinese_numerals_gives_the_year() -> None:
    tables = extract(PlanText("重点工作。建设云帆大桥。", "0" * 64), "二〇二二年云岭县任务")
    assert (tables.plan.first_year, tables.plan.home) == (2022, "云岭县")


def test_same_text_gives_the_same_bytes(sample: tuple[PlanText, PlanTables]) -> None:
    def written() -> bytes:
        output = io.BytesIO()
        write_nquads(extract(sample[0], "plan"), output, text=sample[0])
        return output.getvalue()

    assert written() == written()


def test_merged_names_tell_their_reason(read: PlanTables) -> None:
    merged: list[Entity] = [entity for entity in read.entities if entity.merges]
    assert merged
    assert all("→" in merge and "（" in merge for entity in merged for merge in entity.merges)


def test_hongdong_is_read_from_its_text(hongdong_text: Path) -> None:
    text = read_document(hongdong_text)
    tables = extract(text, hongdong_text.stem)
    assert_evidence_is_exact(text, tables)
    assert (tables.plan.home, tables.plan.first_year, tables.plan.last_year) == ("洪洞县", 2021, 2025)
    assert next(e for e in tables.entities if e.name == "洪洞县").admin_code == "141024"  # type: ignore[attr-defined]
