"""What a backtest found as sheets."""

from tests.tollway.backtest.samples import backtested, call, refused
from tests.tollway.reporting.backtests import BERLIN, found, nothing
from tollway.model import CallRecord
from tollway.reporting.backtested_sheets import callers, entries, notes, summary, title


def test_the_title_says_what_was_replayed() -> None:
    assert title(nothing(), "a\x1b.yaml", BERLIN) == (
        "a\N{REPLACEMENT CHARACTER}.yaml: 2 calls, 2026-11-25 13:00 to 2026-11-25 13:01, Europe/Berlin"
    )
    assert ": 1 call, " in title(backtested("", [call("a")]), "p", BERLIN)


def test_the_summary_has_what_was_beside_what_would_be() -> None:
    sheet = summary(found())

    assert sheet.names == ("all calls", "recorded", "this policy", "that is")
    rows = {row[0]: row[1:] for row in sheet.rows}
    assert list(rows) == ["cost $", "notional $", "refused", "clamped", "waited", "rerouted", "alerts"]
    assert rows["refused"] == ("1", "4", "30.8 % of calls, 3 of 8 callers")
    assert rows["cost $"][2].endswith(" saved (61.3 %)")
    assert "notional $" not in {row[0] for row in summary(nothing()).rows}


def test_a_policy_that_costs_more_says_so() -> None:
    moved = call("a", nano=42_000, model="gpt-4o-mini", model_asked="gpt-4o", action="route economy")
    worse = backtested("", [moved])

    assert summary(worse).rows[0] == ("cost $", "0.000042", "0.000700", "0.000658 more (1566.7 %)")
    assert notes(worse) == [
        "in what is saved: -0.000658 $ that routes and the cache saved then, and do not under this policy"
    ]
    assert summary(backtested("", [refused("a")])).rows[0][-1] == "-"


def test_what_is_little_is_not_nothing() -> None:
    many = [call(str(n), n, nano=10) for n in range(1_999)]
    text = "access: [{deny: {model: gpt-5}}]\ncache: [{ttl: 1h}]"
    found = backtested(text, [*many, call("x", 9_000, model="gpt-5", nano=10)])
    free = backtested("", [call("hit", nano=0, cache="hit", saved_nano=900)])

    assert summary(found).rows[0][-1] == "0.000000010 saved (0.1 %)"
    assert summary(found).rows[1][-1] == "0.1 % of calls, 1 of 1 callers"
    assert summary(backtested(text, [*many, *many, found_call()])).rows[1][-1].startswith("< 0.1 % of calls")
    assert summary(free).rows[0][-1] == "0.000000900 more"


def found_call() -> CallRecord:
    """One that is refused."""
    return call("x", 9_000, model="gpt-5", nano=10)


def test_columns_that_say_nothing_are_left_out() -> None:
    quiet, busy = entries(nothing(), BERLIN), entries(found(), BERLIN)

    assert quiet.names == ("entry", "what", "refused", "saved $")
    assert quiet.rows == (("day", "1 USD a day", "-", "0.00"),)
    assert {"would refuse", "rerouted", "alerts", "full", "first"} <= set(busy.names)


def test_what_limits_refused_then_is_told_of_those_that_the_policy_has_and_of_those_it_has_no_more() -> None:
    calls = [refused("a", action="block by day"), refused("b", 1, action="block by o\x1bld", calls=1_000)]
    told = backtested("limits: [{name: day, amount: 1 USD, window: day}]", calls)
    sheet = entries(told, BERLIN)

    assert sheet.names == ("entry", "what", "refused then", "refused", "saved $")
    assert sheet.rows[0][2:4] == ("1", "-")
    assert (
        notes(told)[-1] == "refused then by what this policy has no more: o\N{REPLACEMENT CHARACTER}ld 1,000"
    )


def test_entries_say_what_they_are() -> None:
    rows = {row[0]: row[1] for row in entries(found(), BERLIN).rows}

    assert rows == {
        "subscriptions": "faults",
        "no-opus": "access rule",
        "always[0]": "standing route",
        "user-day": "0.0004 USD a day per user",
        "small-first": "0.0006 USD a month",
        "seen": "0.0002 USD in any 1d, shadow",
        "often": "3 requests / minute per user",
    }


def test_whose_bucket_was_full_first() -> None:
    sheet = entries(found(), BERLIN)
    rows = {row[0]: dict(zip(sheet.names, row, strict=True)) for row in sheet.rows}

    assert rows["often"]["full"] == "1 of 7"
    assert rows["often"]["first"].startswith("25 Nov 13:")
    assert "user=ann" in rows["often"]["first"]
    assert rows["seen"]["first"].startswith("25 Nov 13:00")
    assert rows["seen"]["full"] == "-"


def test_callers_are_those_for_whom_something_changes() -> None:
    sheet, hidden = callers(found(), BERLIN)
    few, more = callers(found(), BERLIN, 1)

    who = [row[0] for row in sheet.rows]
    assert who[0] == "ann"
    assert {"ci (service)", "-", "eve\N{REPLACEMENT CHARACTER}[31m"} <= set(who)
    assert hidden == 0
    assert (len(few.rows), more) == (1, len(who) - 1)
    assert notes(found()) == ["3 more callers: nothing changes for them"]
    assert notes(found(), 2)[0].startswith("2 more callers for whom something changes: ")


def test_that_nothing_happens_is_said() -> None:
    sheet, hidden = callers(nothing(), BERLIN)

    assert (sheet.rows, hidden) == ((), 0)
    assert notes(nothing()) == ["Nothing would have been refused, clamped, moved or made to wait."]
