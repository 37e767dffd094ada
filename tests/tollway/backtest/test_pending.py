"""What a call has yet to come to."""

from tests.tollway.backtest.pursed import limit, made
from tests.tollway.ledger.samples import NOON_US
from tests.tollway.policy.written import policy
from tollway.backtest.pending import Pending
from tollway.policy.limit import Block, Level, Limit, Route, Wait
from tollway.policy.limits import Limits

ROUTES = "\nroutes: {r: [{from: '*', to: openai/gpt-5-mini}]}"


def one(then: str) -> Limit:
    (found,) = Limits(policy(limit(then=then) + ROUTES))
    return found


def test_actions_come_in_their_order_and_clamps_go_along() -> None:
    pending, day = Pending(), one("[wait 2s, clamp, {route: r}, block]")
    found = []
    for _ in range(3):
        found.append((pending.action(day), pending.clamps(day)))
        pending.pass_over(day)

    assert found == [(Wait(2_000_000), False), (Route("r"), True), (Block(), True)]


def test_a_wait_begins_only_once() -> None:
    pending, day = Pending(), one("[wait 2s, wait 3s, block]")

    ends = [
        pending.wait_ends_us(day, at, Wait(us), now) for at, us, now in ((0, 2, 10), (0, 2, 11), (1, 3, 12))
    ]

    assert ends == [12, 12, 15]


def test_a_level_is_come_to_once_the_highest_first() -> None:
    purse = made(limit("100 tokens", at="{50%: {route: r}, 80%: {route: r}}") + ROUTES)
    pending, found = Pending(), []
    for charge in (49, 1, 40, 10):
        purse.end(0, charge, NOON_US, NOON_US)
        found.append(pending.levels(purse.limit, purse.balance(0)))

    assert found == [[], [Level(50, "r")], [Level(80, "r")], []]
    assert Pending().levels(purse.limit, purse.balance(0)) == [Level(80, "r"), Level(50, "r")]


def test_a_shadow_limit_has_no_levels() -> None:
    purse = made(limit("0 tokens", enforce="shadow", at="{50%: {route: r}}") + ROUTES)

    assert Pending().levels(purse.limit, purse.balance(0)) == ()
