"""A plan's gauges, from the heads of answers as providers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.plans.headers import MOST, PREFIXES, gauges
from tollway.sockets.events import Gauge, Gauges

AT = 1_795_462_800_000_000
SECOND = 1_000_000
CLAUDE = {
    "anthropic-ratelimit-unified-status": "allowed",
    "anthropic-ratelimit-unified-representative-claim": "five_hour",
    "anthropic-ratelimit-unified-5h-status": "allowed",
    "anthropic-ratelimit-unified-5h-utilization": "0.42",
    "anthropic-ratelimit-unified-5h-reset": "1795470000",
    "anthropic-ratelimit-unified-7d-utilization": "0.173",
    "anthropic-ratelimit-unified-7d-reset": "1795900000",
    "anthropic-ratelimit-unified-7d_sonnet-utilization": "1.02",
    "anthropic-ratelimit-unified-overage-status": "rejected",
    "anthropic-ratelimit-unified-overage-utilization": "0.0",
}
CODEX = {
    "x-codex-plan-type": "pro",
    "x-codex-primary-used-percent": "12.5",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-at": "1795470000",
    "x-codex-secondary-used-percent": "61",
    "x-codex-secondary-window-minutes": "10080",
    "x-codex-secondary-reset-after-seconds": "90",
    "x-codex-credits-has-credits": "true",
    "x-codex-credits-unlimited": "false",
    "x-codex-credits-balance": "9.99",
    "x-codex-turn-state": "opaque",
}


def test_claude_codes_windows_are_shares_of_one() -> None:
    (found,) = gauges(CLAUDE, AT)

    assert found == Gauges(
        at=AT,
        gauges=(
            Gauge(name="5h", used_percent=42.0, window_minutes=300, resets=1_795_470_000 * SECOND),
            Gauge(name="7d", used_percent=17.3, window_minutes=10_080, resets=1_795_900_000 * SECOND),
            Gauge(name="7d_sonnet", used_percent=102.0, window_minutes=10_080),
            Gauge(name="overage", used_percent=0.0),
        ),
    )


def test_codex_says_its_plan_windows_and_credits() -> None:
    (found,) = gauges(CODEX, AT)

    assert found == Gauges(
        at=AT,
        gauges=(
            Gauge(name="primary", used_percent=12.5, window_minutes=300, resets=1_795_470_000 * SECOND),
            Gauge(name="secondary", used_percent=61.0, window_minutes=10_080, resets=AT + 90 * SECOND),
        ),
        plan="pro",
        credits="9.99",
    )


def test_a_second_meter_of_codex_stands_by_itself() -> None:
    """With its name; the credits are the plan's."""
    more = {"x-codex-bengalfox-primary-used-percent": "100", "x-codex-bengalfox-limit-name": "fox"}
    first, second = gauges(CODEX | more, AT)

    assert (first.meter, first.credits) == (None, "9.99")
    assert (second.meter, second.plan, second.credits) == ("bengalfox", "pro", None)
    assert second.gauges == (Gauge(name="primary", used_percent=100.0),)


@pytest.mark.parametrize(
    ("said", "credits"),
    [({"x-codex-credits-unlimited": "True"}, "unlimited"), ({"x-codex-credits-balance": "5"}, "5")],
)
def test_credits_alone_are_told(said: dict[str, str], credits: str) -> None:
    assert list(gauges(said, AT)) == [Gauges(at=AT, gauges=(), credits=credits)]


def test_a_window_of_no_length_is_none() -> None:
    nothing = {"x-codex-primary-used-percent": "0", "x-codex-primary-window-minutes": "0"}

    assert list(gauges(nothing, AT)) == []


def test_copilots_snapshots_say_what_is_left() -> None:
    (found,) = gauges(
        {
            "x-quota-snapshot-premium_interactions": "ent=1500&ov=0.0&ovPerm=false&rem=31.3"
            "&rst=2026-12-01T00%3A00%3A00Z",
            "x-quota-snapshot-chat": "ent=-1&ov=0.0&ovPerm=false&rem=100.0&rst=2026-12-01T00%3A00%3A00Z",
            "x-usage-ratelimit-session": "rem=67.5&rst=2026-11-24",
        },
        AT,
    )

    assert found.gauges == (
        Gauge(
            name="premium_interactions",
            used_percent=68.7,
            limit=1500,
            remaining=469,
            resets=1_796_083_200 * SECOND,
        ),
        Gauge(name="session", used_percent=32.5, resets=1_795_478_400 * SECOND),
    )


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"content-type": "application/json", "x-codex-turn-state": "1"},
        {"anthropic-ratelimit-unified-5h-utilization": "much"},
        {"anthropic-ratelimit-unified-5h-utilization": "nan"},
        {"anthropic-ratelimit-unified-5h-utilization": "1e300"},
        {"anthropic-ratelimit-requests-limit": "50"},
        {"x-codex-primary-used-percent": ""},
        {"x-codex-credits-balance": "é"},
        {"x-quota-snapshot-chat": "remaining=0;limit=100"},
    ],
)
def test_what_says_nothing_of_a_plan_is_nothing(said: dict[str, str]) -> None:
    assert list(gauges(said, AT)) == []


@pytest.mark.parametrize(
    ("reset", "resets"),
    [
        ("2026-11-24T00:00:00Z", 1_795_478_400 * SECOND),
        ("0", None),
        ("1900-01-01", None),
        ("soon", None),
        ("1795478400.5", 1_795_478_400_500_000),
    ],
)
def test_a_window_begins_anew_at_a_second_or_a_date(reset: str, resets: int | None) -> None:
    (found,) = gauges(
        {
            "anthropic-ratelimit-unified-5h-utilization": "0.1",
            "anthropic-ratelimit-unified-5h-reset": reset,
        },
        AT,
    )

    assert found.gauges[0].resets == resets


NAMES = st.one_of(
    st.sampled_from([*CLAUDE, *CODEX, "x-quota-snapshot-chat", "x-codex-a-b-secondary-used-percent"]),
    st.builds(lambda start, rest: start.decode() + rest, st.sampled_from(PREFIXES), st.text(max_size=9)),
)
VALUES = st.one_of(
    st.text(max_size=20),
    st.floats().map(str),
    st.builds("ent={}&rem={}&rst={}".format, st.floats(), st.floats(), st.datetimes().map(str)),
    st.datetimes().map(lambda date: date.isoformat() + "+23:59"),
)


@given(st.dictionaries(NAMES, VALUES, max_size=60))
def test_whatever_is_said_the_ledger_can_keep_it(said: dict[str, str]) -> None:
    """Numbers that fit, few and short names, never an error."""
    for one in gauges(said, AT):
        assert len(one.gauges) <= MOST
        for gauge in one.gauges:
            assert 0 < len(gauge.name) <= 48
            assert abs(gauge.used_percent or 0) < 1e15
            for number in (gauge.limit, gauge.remaining, gauge.window_minutes, gauge.resets):
                assert number is None or abs(number) < 2**63
