"""All that is known of one call."""

from collections.abc import Collection

from tests.tollway.ledger.samples import FULL, call
from tests.tollway.live.samples import CALLS, plain, snapshot
from tollway.live.call_page import call_page
from tollway.model import CallRecord


def facts(of: CallRecord, orphaned: Collection[str] = ()) -> dict[str, str]:
    lines = plain(call_page(of, snapshot(orphaned=frozenset(orphaned)), "~", 400, 50))
    return dict(line.strip().split("  ", 1) for line in lines)


def test_every_fact_has_a_line() -> None:
    found = facts(FULL)

    assert found["began"].endswith(" 13:00:00")
    assert found["known by"] == "proxy_jwt"
    assert found["tags"] == "project=apollo, env=ci"
    assert (found["asked for"], found["served"]) == ("claude-sonnet-latest", "claude-sonnet-4-5-20250929")
    assert found["used"].startswith("0 input tokens, 1 cache read tokens, 2 cache write tokens")
    assert found["cost"] == "($0.000054): provider, unknown_price, estimated_input"
    assert found["of that"].startswith("input $0.000000001, cache read $0.00000002,")
    assert found["at most"] == "$0.00006"
    assert (found["limits"], found["done"]) == ("team-month, intern-day", "clamp 4096, wait 1.2 s")
    assert found["status"] == "200 abandoned"
    assert (found["first byte"], found["took"]) == ("after 700ms", "5s")
    assert found["bytes"] == "60,000 sent, 7,000,000,000 received"


def test_what_is_not_known_has_none() -> None:
    assert list(facts(call())) == [
        "call", "began", "provider", "model", "used", "cost", "of that", "status", "bytes",
    ]  # fmt: skip


def test_a_call_in_flight_says_for_how_long() -> None:
    found = facts(CALLS[0])

    assert (found["in flight"], found["status"]) == ("for 3s", "...")


def test_one_whose_process_died_does_not() -> None:
    found = facts(CALLS[0], {"c5"})

    assert (found["took"], found["status"]) == ("nobody knows: its process died", "died")
    assert "in flight" not in found


def test_nobody_vouches_for_a_hint() -> None:
    assert facts(call(user="ann", identity="header"))["known by"] == "header, not vouched for"


def test_lines_are_cut_to_the_terminal() -> None:
    lines = plain(call_page(FULL, snapshot(), "~", 40, 9))

    assert len(lines) == 9
    assert all(len(line) <= 40 for line in lines)
