"""Numbers go on by one."""

from tollway.guardrails.answers.numbers import Numbers


def test_what_is_put_between_moves_what_follows() -> None:
    """Each has the number behind the one before it."""
    numbers = Numbers("n")

    assert numbers.changes({"n": 4}) == {}
    assert numbers.put({"n": 4, "a": 1}) == {"n": 5, "a": 1}
    assert numbers.put({"n": 0}) == {"n": 6}
    assert numbers.changes({"n": 5}) == {("n",): 7}
    assert numbers.changes({"n": 6}) == {("n",): 8}
    assert numbers.put({"n": 0}) == {"n": 9}


def test_what_has_no_numbers_gets_none() -> None:
    """A server may leave them out, and most formats have none."""
    assert Numbers("n").put({"a": 1}) == {"a": 1}
    assert Numbers("n").changes({"n": "1"}) == {}
    assert Numbers("").changes({"n": 1}) == {}
