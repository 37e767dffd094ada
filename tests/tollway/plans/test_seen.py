"""Whose plan a gauge is of, and how long it says something."""

from tollway.plans.seen import WEEK_US, Seen, as_of, fullest, of_call
from tollway.sockets.events import Gauge, Gauges

NOW = 1_795_462_800_000_000
HOUR_US = 3_600_000_000


def seen(*gauges: Gauge, account: str = "a", provider: str = "anthropic", **more: str) -> Seen:
    """What was said at noon."""
    return of_call(provider, account, "ann", Gauges(at=NOW, gauges=gauges, **more))


def test_a_plan_is_known_by_provider_account_caller_and_meter() -> None:
    """Members of one account have gauges of their own."""
    one = of_call("chatgpt", "acc-1", "ann", Gauges(at=NOW, gauges=(), meter="bengalfox"))
    unknown = of_call("chatgpt", None, None, Gauges(at=NOW, gauges=()))

    assert one.whose == ("chatgpt", "acc-1", "ann", "bengalfox")
    assert unknown.whose == ("chatgpt", "", "", "")


def test_a_gauge_that_began_anew_says_nothing_any_more() -> None:
    told = seen(Gauge(name="5h", used_percent=99, resets=NOW + HOUR_US), Gauge(name="7d", used_percent=40))

    assert as_of([told], NOW) == (told,)
    (later,) = as_of([told], NOW + HOUR_US)
    assert [gauge.name for gauge in later.gauges.gauges] == ["7d"]
    assert as_of([told], NOW + WEEK_US) == ()


def test_credits_are_shown_for_a_week() -> None:
    told = seen(credits="9.99")

    assert as_of([told], NOW + HOUR_US) == (told,)
    assert as_of([told], NOW + WEEK_US) == ()


def test_of_several_accounts_the_fullest_counts() -> None:
    told = [
        seen(Gauge(name="5h", used_percent=12.9), Gauge(name="tokens", remaining=5)),
        seen(Gauge(name="5h", used_percent=88.2), account="b"),
        seen(Gauge(name="5h", used_percent=40), account="c"),
        seen(Gauge(name="primary", used_percent=-1), provider="chatgpt"),
    ]

    assert fullest(told) == {("anthropic", "5h"): 88, ("chatgpt", "primary"): 0}


def test_a_date_that_no_calendar_has_is_none() -> None:
    told = seen(Gauge(name="5h", resets=10**18), Gauge(name="7d", resets=0), Gauge(name="1d", resets=NOW))

    assert [gauge.resets for gauge in told.gauges.gauges] == [None, None, NOW]


def test_no_more_gauges_are_told_apart_than_there_may_be() -> None:
    told = [
        seen(Gauge(name="5h", used_percent=1), Gauge(name="7d", used_percent=2)),
        seen(Gauge(name="5h", used_percent=3), account="b"),
    ]

    assert fullest(told, most=1) == {("anthropic", "5h"): 3}
