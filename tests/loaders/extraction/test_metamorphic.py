"""Changes of a text that must not change what is read in it (``benchmarks/metamorphic.py`` has them)."""

import doctest
import importlib
import sys
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))
metamorphic: Any = importlib.import_module("metamorphic")

REPORT = """澄河县政府工作报告（2023年）
各位代表：
现在，我代表县人民政府，向大会报告工作，请予审议。
一、2022年工作回顾
过去一年，全县地区生产总值达到142.6亿元，增长6.2%；规模以上工业增加值增长8.5%，固定资产投资增长11%，一般公共预算收入完成9.8亿元，城乡居民人均可支配收入分别达到33260元、17840元。
工业经济提质增效。澄河重工高端水泵生产线建成投产，远川新材料碳纤维项目落户城东工业园，水泵产业产值突破30亿元。新增规上企业7家、高新技术企业5家，澄河重工与江岚理工大学共建水泵技术研究院。
城乡面貌持续改善。滨河大道、文昌路改造、县体育公园等项目建成投用，改造老旧小区18个；柳湾镇、石桥乡、杏林镇、双塔镇、河口镇完成污水管网建设，创建省级美丽乡村6个。
民生保障更加有力。新增城镇就业3200人，城东小学、县妇幼保健院新院投入使用，城乡低保标准提高6%，养老机构护理型床位占比达到55%。
二、2023年重点工作
今年发展的主要预期目标是：地区生产总值增长6.5%左右，规模以上工业增加值增长9%以上，固定资产投资增长10%，社会消费品零售总额达到52亿元，城镇调查失业率控制在5.5%以内，粮食产量稳定在21万吨以上。
（一）聚力产业升级，建设工业强县
做强装备制造。支持澄河重工在城东工业园建设智能水泵产业园，推进瑞峰机电精密铸造、恒川阀门扩能、永固紧固件搬迁、汇力轴承技改等四个项目，力争装备制造业产值达到50亿元。
壮大新兴产业。围绕新材料、新能源、生物医药、电子信息、节能环保五大产业，引进百亿级企业1家；支持远川新材料建设碳纤维二期，加快推进华晟光伏电站、龙头山风电场、杏林生物质发电、河口抽水蓄能等新能源项目建设。
提升园区能级。完善城东工业园道路、管网、标准厂房、物流仓储等配套，启动河口化工园扩区，由澄河城投集团负责建设科创孵化中心，新入园企业12家以上。
（二）聚力乡村振兴，建设特色农业大县
做优特色农业。在柳湾镇、石桥乡、杏林镇发展苹果、核桃、花椒、黄芩、食用菌等特色种植，新建高标准农田3.5万亩。支持澄河果业集团在柳湾镇建设冷链物流中心，支持杏林药业公司与江岚中医药大学合作建设黄芩种质资源圃。
建设和美乡村。实施农村饮水安全提升、乡村道路畅通、农村电网升级、数字乡村等工程，改造卫生厕所2600座，农村自来水普及率达到92%。
（三）聚力文旅融合，建设旅游名县
加快双塔古城保护修复、龙头山森林康养基地、柳湾温泉度假村、河口湿地公园等项目建设，由澄河文旅公司统一运营；推动龙头山景区创建国家4A级旅游景区，办好澄河苹果节，全年接待游客280万人次，旅游综合收入达到14亿元。
（四）聚力城乡融合，建设宜居县城
推进澄河大桥、城北新区路网、第二污水处理厂、县城集中供热管网等项目，实施城西棚户区改造，新增停车位1500个。加快澄江高速澄河段建设，推动国道、省道提质改造，建成四好农村路86公里。
（五）聚力改善民生，建设幸福澄河
新建城北学校、柳湾镇中心幼儿园，增加学位2400个；推进县人民医院迁建，支持县医院与江岚市中心医院组建医疗联合体；新增养老床位300张，城镇新增就业3500人，居民人均可支配收入增长7%以上。
"""
"""A report of an invented county, written for this test."""

TEXTS = {
    "澄河县政府工作报告-2023": REPORT,
    "澜溪县规划": files("hongtu.loaders").joinpath("data", "sample", "plan.txt").read_text("utf-8"),
}

INVENTED = {"澄河": "汐阳", "江岚": "泠江", "柳湾": "岑水", "石桥": "梨坪", "杏林": "栗园", "双塔": "双井"}
INVENTED |= {
    "云泽": "楠川",
    "岚江": "汐江",
    "澜溪": "桐浦",
    "青石": "赤岩",
    "白沙": "金滩",
    "沙湾": "月湾",
    "石坪": "枫坪",
}
REAL = {"澄河": "桂东", "江岚": "郴州", "柳湾": "沤江", "石桥": "青山", "杏林": "沙田", "双塔": "四都"}
REAL |= {
    "云泽": "湖南",
    "岚江": "郴州",
    "澜溪": "桂东",
    "青石": "沙田",
    "白沙": "大塘",
    "沙湾": "新坊",
    "石坪": "东洛",
}

LEAST = {"things": 0.9, "relations": 0.75, "figures": 0.95}
"""Shares of what must be the same where the tagger sees other characters; measured ones are a little higher."""


@pytest.fixture(params=TEXTS)
def report(request: pytest.FixtureRequest) -> Any:
    return metamorphic.Report(request.param, TEXTS[request.param])


@cache
def facts(report: Any) -> Any:
    return metamorphic.facts(report)


@pytest.mark.parametrize("change", metamorphic.SAME)
def test_width_of_punctuation_blanks_and_line_ends_change_nothing(report: Any, change: str) -> None:
    changed, back = metamorphic.CHANGES[change](report)
    assert changed.text != report.text
    assert metamorphic.facts(changed, back) == facts(report)


def test_page_width_changes_nothing(report: Any) -> None:
    assert metamorphic.facts(report._replace(text=metamorphic.wrapped(report.text))) == facts(report)


@pytest.mark.parametrize("change", [metamorphic.without_numbers, metamorphic.reordered])
def test_numbers_of_headings_and_order_of_items_change_little(
    report: Any, change: Callable[[str], str]
) -> None:
    changed = report._replace(text=change(report.text))
    assert changed != report
    shares = metamorphic.shares(facts(report), metamorphic.facts(changed))
    assert all(shares[part] >= least for part, least in LEAST.items()), shares


@pytest.mark.parametrize("names", [INVENTED, REAL], ids=["invented", "real"])
def test_names_of_places_change_little(report: Any, names: dict[str, str]) -> None:
    used = {old: new for old, new in names.items() if old in report.text}
    renaming = metamorphic.Renaming(used)
    changed = metamorphic.Report(*map(renaming.there, report))
    assert renaming.back(changed.text) == report.text != changed.text
    shares = metamorphic.shares(facts(report), metamorphic.facts(changed, renaming.back, facts(report)))
    assert all(shares[part] >= least for part, least in LEAST.items()), shares


def test_examples_run() -> None:
    assert doctest.testmod(metamorphic).failed == 0
