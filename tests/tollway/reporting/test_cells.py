"""Values as texts: in full, short, exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.money import NANO
from tollway.reporting.cells import Form, cells, is_text
from tollway.reporting.columns import Column, Kind

MONEY = Column("cost_usd", Kind.MONEY, (1_234_500_000_000, 40_000_001), 1_234_540_000_001)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (Form.FULL, ["1234.5000", "0.0400", "1234.5400"]),
        (Form.SHORT, ["1,234.5000", "0.0400", "1,234.5400"]),
        (Form.EXACT, ["1,234.500000000", "0.040000001", "1,234.540000001"]),
    ],
)
def test_money(form: Form, said: list[str]) -> None:
    assert cells(MONEY, form) == said


@pytest.mark.parametrize(
    ("form", "said"), [(Form.FULL, "1234567"), (Form.SHORT, "1.23M"), (Form.EXACT, "1,234,567")]
)
def test_counts(form: Form, said: str) -> None:
    assert cells(Column("calls", Kind.COUNT, (None,), 1_234_567), form) == ["-", said]


def test_changes_have_a_sign_and_what_is_nothing_has_none() -> None:
    column = Column("difference_usd", Kind.CHANGE, (NANO, -NANO, 0, None), 5 * NANO)

    assert cells(column, Form.SHORT) == ["+1.00", "-1.00", "0.00", "-", "+5.00"]


def test_shares_have_a_sign_and_texts_are_plain() -> None:
    assert cells(Column("percent", Kind.PERCENT, ("5.0", "-5.0", "0.0", None), "1.0"), Form.FULL) == [
        "+5.0%", "-5.0%", "0.0%", "-", "+1.0%",
    ]  # fmt: skip
    assert cells(Column("user", Kind.TEXT, ("a\x1b", None, 7)), Form.FULL) == ["a�", "-", "7", "-"]
    assert is_text(Column("user", Kind.TEXT, ()))
    assert not is_text(MONEY)


@given(st.lists(st.integers(-(10**18), 10**18)))
def test_what_is_exact_adds_up(amounts: list[int]) -> None:
    """To the nano-dollar, as it is read."""
    texts = cells(Column("difference_usd", Kind.CHANGE, tuple(amounts), sum(amounts)), Form.EXACT)
    *rows, total = [int(Decimal(text.replace(",", "")) * NANO) for text in texts]

    assert rows == amounts
    assert sum(rows) == total
