"""What keys in Redis are called."""

import pytest

from tests.tollway.ledger.fleet.fleets import want
from tests.tollway.ledger.limits import Limit
from tests.tollway.ledger.rates import at_once, within
from tollway.ledger.fleet import names as module
from tollway.ledger.fleet.names import Names


def test_all_keys_of_an_organisation_are_in_one_slot_and_no_other_has_them() -> None:
    one, two = Names("one"), Names("two")
    keys = [one.meta, one.nodes, one.leases, one.awaited, one.log, one.parts("n"), one.bucket(want().bucket)]

    assert {key.partition("}")[0] for key in keys} == {"{tollway:one"}
    assert len(set(keys)) == len(keys)
    assert two.bucket(want().bucket) != one.bucket(want().bucket)


def test_a_bucket_says_what_kind_it_is_of() -> None:
    """What a dead node held of calls at once is over, and of limits is charged."""
    names = Names("one")
    kinds = [names.bucket(each.bucket).split(":")[2] for each in (want(), at_once(1), within(1))]

    assert kinds == ["limit", "at-once", "window"]


def test_buckets_have_names_of_their_own_and_keep_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are remembered."""
    monkeypatch.setattr(module, "MOST_KNOWN", 2)
    names = Names("one")
    buckets = [want(Limit(f"limit {n}")).bucket for n in range(5)]
    told = [names.bucket(bucket) for bucket in buckets]

    assert len(set(told)) == 5
    assert (
        [names.bucket(bucket) for bucket in buckets]
        == told
        == [Names("one").bucket(each) for each in buckets]
    )
