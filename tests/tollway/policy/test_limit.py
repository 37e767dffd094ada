"""A limit as calls meet it."""

import pytest
from msgspec.structs import replace

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Enforce
from tollway.policy.limit import Block, Level, Limit
from tollway.policy.window import Window


def limit(unit: Unit = Unit.USD, raises: tuple[tuple[int, int], ...] = (), notional: bool = False) -> Limit:
    """A limit of 100."""
    return Limit(
        key="k", name="n", unit=unit, window=Window(unit="day"), per=(), enforce=Enforce.HARD,
        then=(Block(),), amount=100, raises=raises, notional=notional,
    )  # fmt: skip


def test_raises_add_up_until_each_is_over() -> None:
    """The end is not included."""
    raised = limit(raises=((50, 10), (7, 20)))

    assert [raised.amount_at(us) for us in (0, 9, 10, 19, 20)] == [157, 157, 107, 107, 100]


def test_a_call_under_a_flat_plan_counts_in_tokens_and_requests_but_not_in_usd() -> None:
    """Unless the limit says so."""
    assert [limit(unit).counts(notional=True) for unit in Unit] == [False, True, True, True, True]
    assert limit(notional=True).counts(notional=True)
    assert limit().counts(notional=False)


@pytest.mark.parametrize(
    ("percent", "amount", "wanted"), [(80, 100, 80), (80, 1, 1), (1, 101, 2), (100, 7, 7), (50, 0, 0)]
)
def test_a_level_is_reached_once_its_share_is_not_a_unit_before(
    percent: int, amount: int, wanted: int
) -> None:
    assert Level(percent, "r").of(amount) == wanted


@pytest.mark.parametrize(
    ("enforce", "own", "general", "does"),
    [
        ("hard", None, "closed", "closed"),
        ("hard", None, "local", "local"),
        ("hard", "open", "closed", "open"),
        ("hard", "closed", "open", "closed"),
        ("soft", None, "closed", "local"),
        ("shadow", None, "closed", "local"),
        ("soft", None, "open", "open"),
        ("soft", "closed", "open", "closed"),
    ],
)
def test_while_the_store_is_away_a_limit_does_as_it_says_or_faults_say_and_soft_ones_go_on(
    enforce: str, own: str | None, general: str, does: str
) -> None:
    assert replace(limit(), enforce=Enforce(enforce), store_down=own).away(general) == does
