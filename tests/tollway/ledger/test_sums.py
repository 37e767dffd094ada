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


def test_sums_know_when_their_calls_began() -> None:
    """The first and the last of both; sums that differ in it alone are equal."""
    sums = Sums(1, first_us=5, last_us=9)
    sums.add(Sums(1, first_us=2, last_us=3))
    sums.add(Sums(1))
    none = Sums(1)
    none.add(Sums(2, first_us=7, last_us=7))

    assert (sums.first_us, sums.last_us) == (2, 9)
    assert (none.first_us, none.last_us) == (7, 7)
    assert sums == Sums(3)
