"""Where calls come from, and where routes send them."""

from typing import Any

import pytest

from tests.tollway.backtest.samples import BOOK, attempt, call
from tests.tollway.ledger.samples import NOON_US
from tests.tollway.policy.written import policy
from tollway.backtest.here import Here
from tollway.backtest.kinds import Kinds
from tollway.backtest.moving import Moving
from tollway.backtest.pricing import Pricing
from tollway.budget.bucket import Balance, Enforce
from tollway.model import Billing, CallRecord
from tollway.policy.schema import Policy

ROUTES = """
routes:
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}]
  half: [{from: gpt-4o, split: [{50%: openai/same}, {50%: openai/gpt-4o-mini}]}]
  night: [{from: gpt-4o, when: {time: 22:00-06:00}, to: openai/gpt-4o-mini}]
  noon:
    - from: gpt-4o
      when: {time: 10:00-14:00, stream: false, size: under 4 KB, team: x}
      to: openai/gpt-4o-mini
  saving: [{from: gpt-4o, when: {budget.left: under 50%}, to: openai/gpt-4o-mini}]
  chain: [{from: gpt-4o, to: [openai/gpt-4o-mini, openai/gpt-5-mini]}]
"""
CHEAP = "gpt-4o-mini"


class Road:
    """What a policy moves."""

    def __init__(self, text: str = ROUTES) -> None:
        self.policy: Policy = policy(text)
        self.kinds = Kinds(self.policy)
        self.moving = Moving(self.policy, self.kinds, Pricing(BOOK))

    def first(self, made: CallRecord) -> Here:
        """Where a call comes from."""
        return self.moving.first(attempt(made, self.kinds.names), NOON_US)

    def sent(self, route: str, made: CallRecord, tried: tuple[str, ...] = (), **more: Any) -> str | None:
        """The model that a route leads a call to."""
        one, first = attempt(made, self.kinds.names), self.first(made)
        found = self.moving.sent(one, first, first, route, tried, now_us=NOON_US, **more)
        return found.target.model if found is not None else None


@pytest.mark.parametrize(
    ("route", "fields", "model"),
    [
        ("down", {}, CHEAP),
        ("down", {"model": "gpt-4.1"}, None),
        ("down", {"model": None}, None),
        ("down", {"billing": Billing.NOTIONAL}, None),
        ("down", {"operation": "embeddings"}, None),
        ("half", {"user": "ann"}, None),
        ("half", {"user": "ben"}, CHEAP),
        ("half", {"session": "s3", "user": "ann"}, CHEAP),
        ("night", {}, None),
        ("noon", {"team": "x"}, CHEAP),
        ("noon", {"team": "x", "stream": True}, None),
        ("noon", {"team": "x", "request_bytes": 5_000}, None),
        ("noon", {"team": "y"}, None),
    ],
)
def test_a_route_sends_a_call_where_its_rules_say(
    route: str, fields: dict[str, Any], model: str | None
) -> None:
    """As far as a row tells. A conversation stays with its share of a split."""
    assert Road().sent(route, call("a", **fields)) == model


def test_a_rule_asks_what_is_left_of_limits() -> None:
    road = Road(ROUTES + "limits: [{name: day, amount: 100 tokens, window: day}]")
    (purse,) = road.first(call("a")).kind.purses

    def left(settled: int) -> list[Balance]:
        return [Balance(bucket=purse.bucket, amount=100, enforce=Enforce.HARD, settled=settled, held=0)]

    assert [road.sent("saving", call("a"), balances=left(n)) for n in (10, 60)] == [None, CHEAP]


def test_it_goes_nowhere_twice() -> None:
    """The next target of the list takes it."""
    assert Road().sent("chain", call("a"), ("openai/gpt-4o-mini",)) == "gpt-5-mini"
    assert Road().sent("down", call("a"), ("openai/gpt-4o-mini",)) is None


def test_a_target_that_reads_less_is_passed_over() -> None:
    from tollway.model import Usage

    text = "routes: {r: [{from: '*', to: [openai/gpt-4o-mini, openai/gpt-4.1]}]}"
    long = call("a", usage=Usage(input_tokens=500_000, output_tokens=1), model="gpt-4.1-mini")

    assert Road(text).sent("r", long) == "gpt-4.1"


def test_a_target_that_access_rules_deny_is_passed_over() -> None:
    denied = ROUTES + "access: [{deny: {model: gpt-4o-mini}}]"

    assert Road(denied).sent("chain", call("a")) == "gpt-5-mini"
    assert Road(denied).sent("down", call("a")) is None


def test_a_hit_is_moved_nowhere_while_it_is_one() -> None:
    hit = call("a", cache="hit", saved_nano=9)

    assert Road(ROUTES + "cache: [{ttl: 1h}]").sent("down", hit) is None
    assert Road().sent("down", hit) == CHEAP


MOVED: dict[str, Any] = {"model_asked": "gpt-4o", "model": CHEAP, "action": "route economy at 80%"}


def test_a_call_that_was_moved_then_comes_as_it_was_asked_for() -> None:
    """60 * 10,000 + 40 * 2,500 = 700,000 at gpt-4o."""
    found = Road().first(call("a", nano=42_000, **MOVED))

    assert (found.target.model, found.load.nano) == ("gpt-4o", 700_000)


def test_it_goes_back_at_what_it_cost() -> None:
    """Where the same route takes it again, its cost is the recorded one, whatever the list says."""
    road = Road()
    one = attempt(call("a", nano=77, **MOVED), road.kinds.names)
    first = road.moving.first(one, NOON_US)
    there = road.moving.sent(one, first, first, "down", now_us=NOON_US)

    assert there is not None
    assert (there.target.model, there.load.nano) == (CHEAP, 77)
    back = road.moving.sent(one, first, there, "down", now_us=NOON_US)
    assert back is None


def test_another_provider_s_model_is_known_by_calls_that_went_there() -> None:
    moved = call(
        "b", provider="groq", host="api.groq.com", model_asked="gpt-4o", model="llama", action="route away"
    )
    road = Road()
    unknown = road.first(moved)
    road.moving.note(attempt(call("a"), road.kinds.names))
    known = road.first(moved)

    assert str(unknown.target) == "groq/llama"
    assert str(known.target) == "openai/gpt-4o"


@pytest.mark.parametrize(
    "action",
    ["route economy on request", "after 429, route economy", "set temperature", "route economy skipped: why"],
)
def test_what_callers_asked_for_and_what_took_a_failed_one_s_place_stays(action: str) -> None:
    found = Road().first(call("a", **{**MOVED, "action": action}))

    assert found.target.model == CHEAP


def test_a_route_back_leads_to_what_the_client_sent() -> None:
    road = Road(ROUTES + "  back: [{from: '*', to: openai/gpt-4o}]\n")
    one = attempt(call("a"), road.kinds.names)
    first = road.moving.first(one, NOON_US)
    there = road.moving.sent(one, first, first, "down", now_us=NOON_US)
    assert there is not None

    assert road.moving.sent(one, first, there, "back", now_us=NOON_US) is first


def test_a_route_that_keeps_a_call_where_it_is_ends_there() -> None:
    """It says what is done when that fails, or sets something: no other route is looked at."""
    road = Road(
        "routes: {r: [{from: gpt-4o, to: [same, groq/llama]}, {from: gpt-4o, to: openai/gpt-4o-mini}]}"
    )
    one = attempt(call("a"), road.kinds.names)
    first = road.moving.first(one, NOON_US)

    assert road.moving.sent(one, first, first, "r", now_us=NOON_US) is first


def test_as_it_is_once_a_window_has_ended() -> None:
    road = Road(ROUTES + "limits: [{name: day, amount: 1 USD, window: day}]")
    one = attempt(call("a"), road.kinds.names)
    first = road.moving.first(one, NOON_US)
    there = road.moving.sent(one, first, first, "down", now_us=NOON_US)
    assert there is not None

    assert road.moving.renewed(one, first, NOON_US) is first
    later = road.moving.renewed(one, there, there.kind.end_us)
    assert later.kind.start_us == first.kind.end_us
    assert later.kind.known["model"] == CHEAP
    assert road.moving.renewed(one, first, first.kind.end_us).kind.known["model"] == "gpt-4o"
