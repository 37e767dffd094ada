"""Where a call stands among the shares of a split."""

from msgspec.structs import replace

from tollway.model import CallRecord
from tollway.routing.share import point

CALL = CallRecord(id="c", state="open", started_us=1)


def test_a_conversation_stays_where_it_is() -> None:
    """Whatever else differs between its calls."""
    first = replace(CALL, session="s", user="ann", client="192.0.2.1")
    later = replace(CALL, id="d", session="s", user="ann", client="192.0.2.2", started_us=9)

    assert point("canary", first) == point("canary", later)


def test_without_a_session_it_hangs_on_who_calls() -> None:
    for name in ("user", "service", "credential", "client"):
        one = replace(CALL, **{name: "x"})
        assert point("canary", one) == point("canary", replace(one, id="d"))


def test_points_are_spread_evenly_and_for_each_route_anew() -> None:
    calls = [replace(CALL, session=f"s{i}") for i in range(10_000)]
    points = [point("canary", call) for call in calls]

    assert set(points) == set(range(100))
    assert 900 < sum(each < 10 for each in points) < 1100
    assert points != [point("other", call) for call in calls]
