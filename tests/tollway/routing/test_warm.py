"""Where conversations have their caches is remembered, within bounds."""

from msgspec.structs import replace

from tollway.routing.caching import NOT_WRITTEN, Cached
from tollway.routing.warm import Warm

ONE = Cached(target="a/b", tokens=1, rest=0, size=0, writes=NOT_WRITTEN, until_us=10)
TWO = replace(ONE, tokens=2)


def test_the_longest_part_of_a_request_that_is_known_counts() -> None:
    warm = Warm()
    warm.remember(b"a", ONE)
    warm.remember(b"b", TWO)

    assert warm.found((b"a", b"b", b"c"), 9) is TWO
    assert warm.found((b"a", b"x"), 9) is ONE
    assert warm.found((b"x",), 9) is warm.found((), 9) is None


def test_a_cache_is_gone_once_it_has_lived_its_time() -> None:
    """A part of it may live on, which was written for longer."""
    warm = Warm()
    warm.remember(b"a", replace(ONE, until_us=20))
    warm.remember(b"b", TWO)

    assert warm.found((b"b",), 10) is None
    assert warm.found((b"a", b"b"), 10) == replace(ONE, until_us=20)
    assert warm.found((b"a", b"b"), 20) is None


def test_the_oldest_is_forgotten_first() -> None:
    """A mark that is told of again is young again, and the last that was told counts."""
    warm = Warm(2)
    for mark, cached in ((b"a", ONE), (b"b", ONE), (b"a", TWO), (b"c", ONE)):
        warm.remember(mark, cached)

    assert [warm.found((mark,), 0) for mark in (b"a", b"b", b"c")] == [TWO, None, ONE]
