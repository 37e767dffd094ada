"""What was found in a request, and the caps on calls of the provider's tools."""

import pytest

from tollway.bound.tally import Server, Tally


def tally() -> Tally:
    """Three tools: one that takes no cap of its own, one that has one, one that has none."""
    plain = {"at": "tools", "name": "t", "counts": "", "inner": False, "loops": False}
    caps = [(None, ""), (2, "max_uses"), (None, "max_uses")]
    return Tally(servers=[Server(**plain, cap=cap, member=member) for cap, member in caps])  # type: ignore[arg-type]


@pytest.mark.parametrize(("together", "cap"), [(True, 5), (False, None)])
def test_a_cap_is_put_where_there_is_none(together: bool, cap: int | None) -> None:
    found = tally()
    found.cap_at(5, together)
    found.cap_at(6, together)

    assert found.cap == cap
    assert [server.cap for server in found.servers] == [None, 2, 5]


def test_caps_that_nobody_keeps_to_are_none() -> None:
    found = tally()
    found.cap = 3
    found.believe_no_cap()

    assert {found.cap, *(server.cap for server in found.servers)} == {None}
