"""Keys that were given out, in Redis."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.tollway.ledger.fleet.fleets import Clock, Fleet
from tollway.identity.virtual_key import VirtualKey, digest, made
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.keys import EVERY_SECONDS, STALE_SECONDS, FleetKeys

FIRST = VirtualKey(
    digest=digest(made(os.urandom(32))), user="ann", team="a", role="r", service="s", groups=("x", "y"),
    created_us=1, expires_us=9,
)  # fmt: skip
SECOND = VirtualKey(digest=digest(made(os.urandom(32))), user="bob", created_us=2)


@pytest.fixture
def keys(fleet: Fleet) -> Iterator[FleetKeys]:
    """As a node has them."""
    with closing(FleetKeys(fleet.url())) as keys:
        yield keys


@pytest.fixture
def others(fleet: Fleet) -> Iterator[FleetKeys]:
    """As another has them."""
    with closing(FleetKeys(fleet.url())) as keys:
        yield keys


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + 20 * EVERY_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_key_is_found_as_it_was_given_out(keys: FleetKeys) -> None:
    keys.add(SECOND)
    keys.add(FIRST)

    assert keys.find(FIRST.digest) == FIRST
    assert keys.find(b"none") is None
    assert keys.all() == [FIRST, SECOND]


def test_a_key_is_given_out_once(keys: FleetKeys, others: FleetKeys) -> None:
    keys.add(FIRST)
    with pytest.raises(LedgerError, match="was given out before"):
        others.add(FIRST)


def test_a_key_is_taken_back_by_its_whole_id_and_once(keys: FleetKeys) -> None:
    keys.add(FIRST)

    assert not keys.revoke(FIRST.id[:-1], 5)
    assert not keys.revoke("", 5)
    assert keys.revoke(FIRST.id.upper(), 5)
    assert not keys.revoke(FIRST.id, 6)
    assert [key.revoked_us for key in keys.all()] == [5]


def test_others_see_soon_what_is_given_out_and_taken_back(keys: FleetKeys, others: FleetKeys) -> None:
    assert others.find(FIRST.digest) is None
    keys.add(FIRST)
    until(lambda: others.find(FIRST.digest) == FIRST)
    keys.revoke(FIRST.id, 5)

    until(lambda: getattr(others.find(FIRST.digest), "revoked_us", None) == 5)


def test_keys_are_good_for_a_minute_while_redis_is_away(frail: Fleet) -> None:
    """And again as soon as it is back."""
    clock = Clock()
    with closing(FleetKeys(f"{frail.url()}&timeout=1", clock.monotonic)) as keys:
        keys.add(FIRST)
        frail.server.kill()
        with pytest.raises(LedgerError, match="does not answer"):
            keys.all()
        clock.pass_by(STALE_SECONDS)
        assert keys.find(FIRST.digest) == FIRST
        clock.pass_by(0.1)
        with pytest.raises(LedgerError, match="may have been revoked"):
            keys.find(FIRST.digest)
        frail.server.start()

        def is_back() -> bool:
            try:
                return keys.find(FIRST.digest) is None
            except LedgerError:
                return False

        until(is_back)


def test_while_redis_was_never_there_no_key_is_good(frail: Fleet) -> None:
    """It is said at once; once it is there, they are read."""
    frail.server.kill()
    with closing(FleetKeys(frail.url())) as keys, pytest.raises(LedgerError, match="is Redis there"):
        keys.find(FIRST.digest)


def test_a_first_look_waits_for_a_server_that_hangs_no_longer_than_a_second(frail: Fleet) -> None:
    """Calls wait for it."""
    with closing(FleetKeys(frail.url())) as keys:
        frail.server.pause()
        since = time.monotonic()
        with pytest.raises(LedgerError):
            keys.find(FIRST.digest)
        assert time.monotonic() - since < 8
        frail.server.go_on()
