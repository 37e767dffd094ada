"""What a policy makes of calls that are alike."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.tollway.backtest.samples import DAY_US, attempt, call
from tests.tollway.ledger.samples import NOON_US
from tests.tollway.policy.written import policy
from tollway.backtest import kinds as module
from tollway.backtest.by import By
from tollway.backtest.kind import Kind
from tollway.backtest.kinds import Kinds
from tollway.model import Billing
from tollway.policy.met import NEVER
from tollway.routing.resolve import Target

DAY = "limits: [{name: day, per: team, amount: 1 USD, window: day}]\n"


def kind(text: str, **fields: Any) -> Kind:
    """Of a call under a policy."""
    found = Kinds(policy(text))
    return found.of(attempt(call("a", **fields), found.names).who, NOON_US)


def test_calls_that_are_alike_share_a_kind_until_a_window_ends() -> None:
    kinds = Kinds(policy(DAY))
    one, other = (attempt(call("a", team=team), kinds.names).who for team in ("x", "y"))

    first = kinds.of(one, NOON_US)

    assert kinds.of(one, NOON_US + 1) is first
    assert kinds.of(other, NOON_US).purses != first.purses
    assert kinds.of(one, first.end_us).purses != first.purses
    assert first.end_us - first.start_us == DAY_US
    assert kinds.whose == {"day": {("x",), ("y",)}}


def test_a_group_holds_in_the_bucket_of_each() -> None:
    found = kind("limits: [{name: g, per: group, amount: 1 USD, window: day}]", groups=("a", "b"))

    assert [each.bucket.values for each in found.purses] == [{"group": "a"}, {"group": "b"}]


def test_a_kind_lasts_until_a_raise_ends() -> None:
    """The raise is over at the end of its last day, the month goes on."""
    text = "limits: [{name: m, amount: 1 USD, window: month, raises: [{amount: 1 USD, until: 2026-11-26}]}]"
    kinds = Kinds(policy(text))
    who = attempt(call("a"), kinds.names).who
    raised = kinds.of(who, NOON_US)
    (purse,) = raised.purses
    before = purse.amount

    after = kinds.of(who, raised.end_us)

    assert raised.end_us == int(datetime(2026, 11, 27, tzinfo=UTC).timestamp()) * 1_000_000
    assert after.purses == (purse,)
    assert (before, purse.amount) == (2_000_000_000, 1_000_000_000)


def test_without_a_limit_a_kind_lasts() -> None:
    found = kind("")

    assert (found.purses, found.end_us, found.by_bound, found.hard, found.hard_usd) == (
        (),
        NEVER,
        False,
        None,
        None,
    )


def test_a_target_is_another_kind() -> None:
    kinds = Kinds(policy("limits: [{name: opus, match: {model: '*opus*'}, amount: 1 USD, window: day}]"))
    who = attempt(call("a", model="claude-opus-4-8"), kinds.names).who

    assert [one.name for one in kinds.of(who, NOON_US).limits] == ["opus"]
    assert kinds.of(who, NOON_US, Target("anthropic", "claude-haiku-4-5")).limits == ()


@pytest.mark.parametrize(
    ("text", "fields", "denied"),
    [
        ("access: [{deny: {model: 'gpt-*'}, name: none}]", {}, By("access", "none")),
        ("access: [{deny: {model: 'gpt-*'}}]", {}, By("access", "access[0]")),
        ("access: [{deny: {model: 'gpt-*'}, unless: {team: x}}]", {"team": "x", "verified": True}, None),
        ("access: [{deny: {model: 'gpt-*'}, unless: {team: x}}]", {"team": "x"}, By("access", "access[0]")),
        ("access: [{allow: {team: x}}, {default: deny}]", {}, By("access", "default")),
        ("access: [{allow: {model: 'gpt-*'}}, {default: deny}]", {}, None),
        ("faults: {subscriptions: refuse}", {"billing": Billing.NOTIONAL}, By("fault", "subscriptions")),
        ("faults: {subscriptions: refuse}", {}, None),
        (DAY, {"operation": "batch"}, By("limit", "day")),
        (DAY + "faults: {batch: allow}", {"operation": "batch"}, None),
        (DAY, {"operation": "unknown"}, By("limit", "day")),
        (DAY + "faults: {unknown_call: pass}", {"operation": "unknown"}, None),
        ("", {"operation": "unknown"}, None),
    ],
)
def test_what_refuses_a_call_before_any_amount_is_looked_at(
    text: str, fields: dict[str, Any], denied: By | None
) -> None:
    """As the proxy would, as far as a row tells. Nobody vouches for most callers here."""
    assert kind(text, **fields).denied == denied


@pytest.mark.parametrize(("operation", "holds"), [("chat", True), ("retrieve", False), ("unknown", False)])
def test_what_was_held_before_or_is_not_read_is_not_held(operation: str, holds: bool) -> None:
    assert kind("", operation=operation).holds is holds


def test_a_batch_counts_in_no_rate_of_tokens() -> None:
    text = "rates: [{name: t, allow: 5 tokens / minute}, {name: r, allow: 5 requests / minute}]"

    assert [one.name for one in kind(text, operation="batch").limits] == ["r"]


def test_which_hard_limit_holds_by_a_bound() -> None:
    found = kind("""
limits:
  - {name: calls, amount: 5 requests, window: day}
  - {name: soft, amount: 5 USD, window: day, enforce: soft}
  - {name: words, amount: 5 tokens, window: day}
  - {name: money, amount: 5 USD, window: day}
""")

    assert (found.hard, found.hard_usd, found.by_bound) == (2, 3, True)


def test_what_is_cached_and_what_stands() -> None:
    text = """
cache: [{match: {operation: embeddings}, ttl: 1h}]
routes: {r: [{from: "*", to: openai/gpt-5-mini}]}
always: [{match: {team: x}, route: r}, {route: r}]
"""
    plain, other = kind(text), kind(text, operation="embeddings", team="x")

    assert (plain.is_cached, plain.always) == (False, (("always[1]", "r"),))
    assert (other.is_cached, other.always) == (True, (("always[0]", "r"), ("always[1]", "r")))


def test_kinds_and_purses_of_windows_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMEMBERED", 2)
    monkeypatch.setattr(module, "MOST_PURSES", 2)
    kinds = Kinds(policy(DAY))
    whose = [attempt(call("a", team=team), kinds.names).who for team in "xyz"]

    found = [kinds.of(who, NOON_US + day * DAY_US) for day in range(6) for who in whose]

    assert len({one.purses for one in found}) == 18
    assert len(kinds._purses) <= 6
    assert len(kinds._kinds) <= 2


def test_windows_begin_before_the_calls_of_a_span() -> None:
    kinds = Kinds(
        policy("limits: [{name: d, amount: 1 USD, window: day}, {name: m, amount: 1 USD, window: month}]")
    )

    assert kinds.since_us(NOON_US) == int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()) * 1_000_000
    assert Kinds(policy("")).since_us(NOON_US) == NOON_US
