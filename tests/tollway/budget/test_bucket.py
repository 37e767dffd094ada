"""Buckets: which are the same, and what fits in them."""

import pytest

from tests.tollway.budget.samples import balance, bucket
from tollway.budget.bucket import Enforce, fits, is_reached


def test_a_bucket_is_known_by_its_limit_its_values_and_its_windows_start() -> None:
    """The order in which values are named makes no difference; an absent one is no text "None"."""
    one = bucket(values={"team": "a", "user": "b"})

    assert one.id == bucket(values={"user": "b", "team": "a"}).id
    others = [bucket(), bucket("day"), bucket(values={"team": "None"}), bucket(values={"team": None})]
    assert len({one.id, *(other.id for other in others)}) == 5


def test_what_is_left_is_neither_settled_nor_held() -> None:
    assert balance(100, settled=30, held=50).left == 20
    assert balance(100, settled=130).left == -30


@pytest.mark.parametrize(("hold", "does"), [(20, True), (21, False)])
def test_a_hard_limit_admits_what_is_left_to_the_last_unit(hold: int, does: bool) -> None:
    assert fits(balance(100, settled=30, held=50), hold) is does


@pytest.mark.parametrize(("settled", "does"), [(99, True), (100, False), (200, False)])
def test_a_soft_limit_admits_whatever_is_asked_while_anything_is_left(settled: int, does: bool) -> None:
    assert fits(balance(100, settled=settled, enforce=Enforce.SOFT), 10**6) is does


@pytest.mark.parametrize(("enforce", "does"), [(Enforce.SOFT, True), (Enforce.HARD, False)])
def test_a_soft_limit_alone_may_be_overlooked(enforce: Enforce, does: bool) -> None:
    assert fits(balance(100, settled=200, enforce=enforce), 1, overlooks=True) is does


def test_a_shadow_limit_admits_all() -> None:
    assert fits(balance(100, settled=200, enforce=Enforce.SHADOW), 10**6)


@pytest.mark.parametrize(("below", "reached"), [(79, True), (80, True), (81, False), (None, False)])
def test_a_level_is_reached_by_what_is_settled_and_held(below: int | None, reached: bool) -> None:
    assert is_reached(balance(100, settled=30, held=50), below) is reached


def test_a_rate_s_bucket_counts_in_slots_or_calls_at_once() -> None:
    """A limit's does neither."""
    limit, window, wide = bucket(), bucket(rolling_us=60_000_000, slot_us=1_000_000), bucket(slot_us=0)

    assert [each.is_rate for each in (limit, window, wide)] == [False, True, True]
    assert [each.slides for each in (limit, window, wide)] == [False, True, False]
    assert [each.at_once for each in (limit, window, wide)] == [False, False, True]
