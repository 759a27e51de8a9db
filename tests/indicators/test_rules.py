"""How two counts are compared, at every edge; what a month may be."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.indicators import rules
from backend.indicators.spans import Span, span_of
from backend.indicators.words import change_words

pytestmark = pytest.mark.once
COUNTS = st.integers(0, rules.LARGEST_COUNT)


@given(COUNTS, st.integers(1, rules.LARGEST_COUNT))
def test_a_change_is_exact_and_nothing_hangs_on_floats(this: int, last: int) -> None:
    change = rules.hotline_yoy(this, last)
    assert change is not None
    assert change * last == this - last
    assert change >= -1


@given(COUNTS)
def test_without_a_base_there_is_no_rate(this: int) -> None:
    assert rules.hotline_yoy(this, 0) is None
    assert rules.in_percent(None) is None
    assert change_words(None) == "—"


@given(st.integers(0, 3000), st.integers(1, 1000))
def test_percent_is_what_an_accountant_rounds_to(this: int, last: int) -> None:
    """Against another way of counting: decimals, half away from zero."""
    change = rules.hotline_yoy(this, last)
    exact = Decimal(100 * (this - last)) / Decimal(last)
    assert rules.in_percent(change) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_minus_21_says_what_the_report_means(this: int, last: int) -> None:
    change = rules.hotline_yoy(this, last)
    assert change is not None
    within = Fraction(-215, 1000) < change <= Fraction(-205, 1000)
    assert (rules.in_percent(change) == -21) == within


@pytest.mark.parametrize(
    ("this", "last", "printed"),
    [
        # −0.205 and −0.215 themselves, and the nearest beside them.
        (795, 1000, "−21%"),
        (796, 1000, "−20%"),
        (785, 1000, "−22%"),
        (786, 1000, "−21%"),
        (158, 200, "−21%"),
        (200, 200, "0%"),
        (201, 400, "−50%"),
        (1005, 1000, "+1%"),
        (0, 7, "−100%"),
    ],
)
def test_rounding_at_its_edges(this: int, last: int, printed: str) -> None:
    assert change_words(rules.hotline_yoy(this, last)) == printed


@pytest.mark.parametrize(
    ("year", "month", "count", "code"),
    [
        (None, 1, 1, "year_invalid"),
        (26, 1, 1, "year_invalid"),
        (2025, 0, 1, "hotline_month_invalid"),
        (2025, 13, 1, "hotline_month_invalid"),
        (2025, None, 1, "hotline_month_invalid"),
        (2025, 9, 1, "month_in_future"),
        (2026, 1, 1, "month_in_future"),
        (2025, 8, -1, "count_invalid"),
        (2025, 8, None, "count_invalid"),
        (2025, 8, rules.LARGEST_COUNT + 1, "count_invalid"),
        (2025, 8, 0, ""),
        (2024, 12, 7, ""),
    ],
)
def test_a_month_is_real_and_has_begun(
    year: int | None, month: int | None, count: int | None, code: str
) -> None:
    found = ""
    try:
        rules.month_is_real(year, month)
        assert year is not None
        assert month is not None
        rules.month_has_begun(year, month, datetime.date(2025, 8, 1))
        rules.count_holds(count)
    except RuleViolation as violation:
        found = violation.code
    assert found == code


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("物业", "物业"),
        ("物业类", "物业"),
        (" 物业类 诉求 ", "物业"),
        ("噪音问题", "噪音"),
        # What would be left is no name.
        ("问题", "问题"),
        ("种类", "种类"),
    ],
)
def test_one_category_has_one_name(written: str, plain: str) -> None:
    assert rules.plain_name(written) == plain


def test_months_of_an_address() -> None:
    assert span_of("2025-01..2025-06") == Span(2025 * 12, 2025 * 12 + 5)
    assert str(span_of("2024-12..2025-02")) == "2024年12月–2025年2月"
    assert [span_of(code) for code in ("", "2025-06..2025-01", "2025-13..2025-14", "x")] == [
        None
    ] * 4
