"""One authority after another."""

from datetime import datetime, timedelta

import pytest

from tollway.ca.anchor import Anchor
from tollway.ca.authority import Authority, AuthorityError
from tollway.ca.make import make
from tollway.ca.succession import Next, Succession

WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)


@pytest.fixture(scope="module")
def other(now: datetime) -> Authority:
    return make([], now)


def test_one_alone_signs_and_is_trusted(authority: Authority, now: datetime) -> None:
    found = Succession(authority)

    assert found.signing(now) is found.standing(now) is authority
    assert found.trusted(now).ids == (authority.id,)
    assert found.lacking() == ()


def test_the_next_one_signs_from_its_time_on_and_both_are_trusted_all_the_while(
    authority: Authority, other: Authority, now: datetime
) -> None:
    found = Succession(authority, Next(other, now + WEEK))

    assert found.signing(now + WEEK - MOMENT) is authority
    assert found.signing(now + WEEK) is other
    assert found.trusted(now).ids == (authority.id, other.id)
    assert found.trusted(now + WEEK).ids == (other.id, authority.id)


def test_one_that_has_ended_is_trusted_no_longer(authority: Authority, now: datetime) -> None:
    late = make([], now + WEEK)
    found = Succession(authority, Next(late, now + WEEK))

    assert found.trusted(authority.ends() - MOMENT).ids == (late.id, authority.id)
    assert found.trusted(authority.ends()).ids == (late.id,)


def test_where_the_next_ones_key_is_not_there_the_former_one_goes_on_until_it_ends(
    authority: Authority, other: Authority, now: datetime
) -> None:
    """Clients trust it still: who forgot the key is told, and nobody is cut off."""
    found = Succession(authority, Next(Anchor(other.root), now + WEEK))

    assert found.lacking() == (other.id,)
    assert found.standing(now + WEEK).id == other.id
    assert found.signing(now + WEEK) is authority
    with pytest.raises(AuthorityError, match=f"key of the certificate authority {other.id} .* --ca-key"):
        found.signing(authority.ends())


def test_without_any_key_nothing_is_signed(authority: Authority, now: datetime) -> None:
    found = Succession(Anchor(authority.root))

    assert found.lacking() == (authority.id,)
    with pytest.raises(AuthorityError, match=authority.id):
        found.signing(now)
