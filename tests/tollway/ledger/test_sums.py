"""Sums over calls."""

from tollway.ledger.sums import Sums


def test_sums_add_up() -> None:
    """Field by field; a unit that neither has stays absent."""
    sums = Sums(1, 10, 20, 5, {"input_tokens": 3, "pages": 0}, 40)
    sums.add(Sums(2, 1, 2, 1, {"input_tokens": 4, "images": 2}, 2))

    assert sums == Sums(3, 11, 22, 6, {"input_tokens": 7, "pages": 0, "images": 2}, 42)


def test_usage_is_told_in_its_declared_order() -> None:
    """Whatever order it came in."""
    sums = Sums(usage={"pages": 1, "output_tokens": 2, "input_tokens": 3})

    assert list(sums.in_order().items()) == [("input_tokens", 3), ("output_tokens", 2), ("pages", 1)]
