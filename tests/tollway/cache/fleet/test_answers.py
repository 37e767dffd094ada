"""`Answers` in the Redis of a fleet, beside the contract."""

from contextlib import closing

from tests.tollway.cache.fleet.fleets import Fleet, key, wait_until
from tests.tollway.caching.kept import NOON_US, answer


def test_what_is_asked_and_answered_is_in_no_name(fleet: Fleet) -> None:
    """Of keys in Redis: what was asked is there as a digest alone, what was answered as a value."""
    fleet.keep(1, body=b"the secret")

    with closing(fleet.client()) as client:
        names = list(client.scan_iter("*", count=1_000))
    assert len(names) > 1
    assert not any(b"secret" in name or b"ann" in name for name in names)


def test_it_may_become_smaller_and_larger(fleet: Fleet) -> None:
    with closing(fleet.answers()) as answers:
        for n in range(10):
            answers.keep(key(n), answer(made_us=NOON_US + n))
        wait_until(lambda: answers._keeping.waiting == 0)
        answers.resize(4_000)
        answers.prune(NOON_US)
        answers.keep(key(10), answer(made_us=NOON_US + 20))
        wait_until(lambda: answers._keeping.waiting == 0)
        assert fleet.there() == [8, 9, 10]
        answers.resize(10_000)
        answers.keep(key(11), answer(made_us=NOON_US + 20))

    assert fleet.there() == [8, 9, 10, 11]
