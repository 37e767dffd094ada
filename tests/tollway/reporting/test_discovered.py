"""What passed to AI services, as rows."""

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.ledger.test_tunnels import ANN, ONE
from tollway.discovery.services import known_services
from tollway.discovery.sighting import Who
from tollway.reporting.discovered import BY, Discovered, as_json, check, discovered

BERLIN = ZoneInfo("Europe/Berlin")
POE = replace(ONE, first_us=NOON_US, last_us=NOON_US + 60_000_000)
SIGHTINGS = (
    POE,
    replace(POE, host="www.poe.com", day="2026-12-01", sent_bytes=1_000, last_us=NOON_US + 120_000_000),
    replace(POE, host="claude.ai", who=Who(client="10.0.0.9"), received_bytes=50_000),
    replace(POE, host="gone.example", who=Who(client="10.0.0.9"), first_us=NOON_US - 60_000_000),
)


def by(*names: str) -> Discovered:
    return discovered(SIGHTINGS, known_services(), names, BERLIN)


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (("service",), {("Claude", "chat"): 1, ("Poe", "chat"): 2, (None, None): 1}),
        (("kind",), {("chat",): 3, (None,): 1}),
        (("who",), {("10.0.0.9",): 2, ("ann",): 2}),
        (("user",), {(None,): 2, ("ann",): 2}),
        (("team", "program"), {(None, None): 2, ("search", "curl"): 2}),
        (("client",), {("10.0.0.9",): 2, ("10.0.0.1",): 2}),
        (("day",), {("2026-11-30",): 3, ("2026-12-01",): 1}),
        ((), {(): 4}),
    ],
)
def test_rows_are_grouped_by_what_is_asked_for(names: tuple[str, ...], rows: dict[object, int]) -> None:
    found = by(*names)

    assert {group: passed.connections for group, passed in found.rows} == rows
    assert found.total.connections == 4


def test_with_a_host_stands_whose_it_is_and_where_most_went_comes_first() -> None:
    found = by("host", "service", "who")

    assert found.by == ("service", "kind", "host", "who")
    assert [group for group, _ in found.rows] == [
        ("Claude", "chat", "claude.ai", "10.0.0.9"),
        ("Poe", "chat", "www.poe.com", "ann"),
        (None, None, "gone.example", "10.0.0.9"),
        ("Poe", "chat", "poe.com", "ann"),
    ]


def test_json_has_exact_bytes_times_with_their_offset_and_that_nothing_was_read() -> None:
    found = as_json(discovered([POE], known_services(), ["user"], BERLIN, "2026-11-30"))
    figures = {
        "connections": 1, "refused": 2, "sent_bytes": 3, "received_bytes": 4,
        "first_seen": found["total"]["first_seen"], "last_seen": found["total"]["last_seen"],
    }  # fmt: skip

    assert found == {
        "content_read": False, "since": "2026-11-30", "until": None, "by": ["user"],
        "rows": [{"user": ANN.user, **figures}], "total": figures,
    }  # fmt: skip
    assert found["total"]["first_seen"].endswith(":00+01:00")


def test_of_nothing_the_total_is_nothing() -> None:
    found = as_json(discovered([], known_services(), ["host"], BERLIN))

    assert (found["rows"], found["total"]["connections"], found["total"]["last_seen"]) == ([], 0, None)


def test_what_nothing_is_grouped_by_is_said() -> None:
    assert [check(name) for name in BY] == list(BY)
    with pytest.raises(ValueError, match="'city' is nothing to group by: there are host, service"):
        check("city")
