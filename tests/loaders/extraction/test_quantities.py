from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.loaders.extraction.quantities import find_quantities, parse_numeral


@pytest.mark.parametrize(
    "text, value, unit, bound",
    [
        ("粮食7.2亿斤", "7.2", "亿斤", ""),
        ("基站1.2万余座", "1.2", "万座", ">="),
        ("增长8.5％左右", "8.5", "%", "~"),
        ("容量2.79千伏安", "2.79", "千伏安", ""),
        ("培育1家—3家链主企业", "3", "家", ""),
        ("价格0.62元/度", "0.62", "元/度", ""),
        ("产值突破五百亿元", "500", "亿元", ""),
        ("增速为-2.5％", "-2.5", "%", ""),
        ("增速降至-2.5％", "-2.5", "%", ""),
        ("增速达到-2.5％", "-2.5", "%", ""),
        ("产值突破一百零五亿元", "105", "亿元", ""),
        ("产值突破一千○五十亿元", "1050", "亿元", ""),
    ],
)
def test_value_unit_and_bound(text: str, value: str, unit: str, bound: str) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.value, quantity.unit, quantity.bound) == (Decimal(value), unit, bound)


@pytest.mark.parametrize(
    "text", ["实现零件国产化", "5G", "G341", "PM2.5", "2021年", "第5次", "4A级", "12345热线", "03：14：43"]
)
def test_no_quantity(text: str) -> None:
    assert find_quantities(text) == []


@given(st.integers(1, 9999))
def test_numerals_are_read_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    parts = zip(("千", "百", "十", ""), f"{number:04}", strict=True)
    numeral = "".join(digits[int(digit)] + power for power, digit in parts if digit != "0")
    assert parse_numeral(numeral) == number
