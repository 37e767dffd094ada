"""What a call asks of Redis, and what Redis makes of it; test_same_as_sqlite.py has more."""

from msgspec.structs import replace

from tests.tollway.ledger.fleet.fleets import asked, want
from tests.tollway.ledger.limits import Limit, ended, opened
from tests.tollway.ledger.rates import MINUTE_US, SECOND_US, within
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Enforce
from tollway.ledger.fleet.asking import MOST, admitted
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.holding import LARGEST_HOLD
from tollway.ledger.row import LARGEST_PART
from tollway.ledger.store import Reached, Refused, Reserved

SOFT = Limit("soft", amount=MOST, enforce=Enforce.SOFT)


async def test_a_bucket_beyond_2_53_is_counted_on_and_hard_limits_in_it_are_full(node: FleetLedger) -> None:
    """Nine million USD; numbers in scripts are not exact any more."""
    soft = want(SOFT)
    for n in range(12):
        hold = opened(f"c{n}")
        assert isinstance(await asked(node, hold, [replace(soft, overlooks=True)]), Reserved)
        await node.settle(ended(hold, LARGEST_PART))
    (balance,) = await node.look([soft], NOON_US)

    assert balance.settled == 12 * LARGEST_PART > MOST
    assert isinstance(await asked(node, opened("next"), [soft]), Refused)
    assert isinstance(await asked(node, opened("hard"), [replace(soft, enforce=Enforce.HARD)]), Refused)


async def test_an_amount_that_was_raised_beyond_2_53_is_held_to_2_53(node: FleetLedger) -> None:
    """The node goes on."""
    raised = replace(want(), amount=MOST * 4, hold=10**18)
    outcome = await asked(node, opened("a"), [raised])
    assert isinstance(outcome, Reserved)
    assert outcome.balances[0].held == LARGEST_HOLD
    refused = await asked(node, opened("b"), [raised])

    assert isinstance(refused, Refused)
    assert refused.by == (0,)


async def test_a_hold_that_is_more_than_the_limit_is_refused_however_large(node: FleetLedger) -> None:
    """What a row may be charged is less than what the limit has."""
    limit = replace(want(), amount=LARGEST_HOLD + 1)

    assert isinstance(await asked(node, opened("a"), [replace(limit, hold=LARGEST_HOLD + 2)]), Refused)
    assert isinstance(await asked(node, opened("b"), [replace(limit, hold=LARGEST_HOLD + 1)]), Reserved)
    (balance,) = await node.look([limit], NOON_US)
    assert balance.held == LARGEST_HOLD


async def test_a_level_that_is_reached_goes_before_a_wall(node: FleetLedger) -> None:
    wants = [want(hold=2_000), want(Limit("other"), below=0)]
    outcome = await asked(node, opened(), wants)

    assert isinstance(outcome, Reached)
    assert outcome.by == (1,)


async def test_a_rate_that_never_counted_says_nothing_of_when_there_is_room(node: FleetLedger) -> None:
    """There never will be."""
    outcome = await asked(node, opened(), [within(1, hold=2)])

    assert isinstance(outcome, Refused)
    assert outcome.balances[0].frees_us is None


async def test_a_rate_that_is_full_says_when_there_is_room(node: FleetLedger) -> None:
    rate = within(1)
    assert isinstance(await asked(node, opened("a"), [rate, want()]), Reserved)
    outcome = await asked(node, opened("b"), [rate, want(hold=2_000)])

    assert isinstance(outcome, Refused)
    (of_rate, of_limit) = outcome.balances
    assert of_limit.frees_us is None
    assert of_rate.frees_us == of_rate.empty_us == NOON_US + MINUTE_US + SECOND_US
    assert isinstance(await asked(node, opened("c"), [rate], of_rate.frees_us), Reserved)


def test_a_bucket_that_is_wanted_twice_holds_what_the_first_want_does() -> None:
    told = admitted([want(hold=5), want(hold=7)], [(1, 2), (1, 2)])

    assert [(each.settled, each.held) for each in told] == [(1, 7), (1, 7)]
