"""Who has more connections than others leaves the next one to them."""

import tempfile
from collections.abc import Iterator

import pytest

from tollway.engine.shares import BYTES, WAIT_SECONDS, Page, Share


@pytest.fixture
def page() -> Iterator[Page]:
    """A page on which nobody has a place."""
    with tempfile.TemporaryFile() as file:
        file.truncate(BYTES)
        found = Page(file.fileno())
        found.clear()
        yield found


def test_who_is_alone_takes_all() -> None:
    share = Share()
    for _ in range(3):
        share.taken()

    assert share.wait_seconds() == 0
    share.ended()
    share.stop()
    assert share.wait_seconds() == 0


def test_who_has_more_waits_until_others_have_as_many(page: Page) -> None:
    one, other = page.share(0), page.share(7)
    assert (one.wait_seconds(), other.wait_seconds()) == (0, 0)

    one.taken()
    assert (one.wait_seconds(), other.wait_seconds()) == (WAIT_SECONDS, 0)
    other.taken()
    assert (one.wait_seconds(), other.wait_seconds()) == (0, 0)
    one.ended()
    assert (one.wait_seconds(), other.wait_seconds()) == (0, WAIT_SECONDS)


def test_of_those_that_have_as_many_whoever_took_more_waits(page: Page) -> None:
    """Clients that come and go one after the other meet all in turn."""
    one, other = page.share(0), page.share(1)
    one.taken()
    one.ended()
    assert (one.wait_seconds(), other.wait_seconds()) == (WAIT_SECONDS, 0)

    other.taken()
    other.ended()
    assert (one.wait_seconds(), other.wait_seconds()) == (0, 0)


def test_who_comes_later_does_not_catch_up_with_all_that_was_taken_before(page: Page) -> None:
    one, dead = page.share(0), page.share(2)
    for _ in range(5):
        one.taken()
        one.ended()
    for _ in range(9):
        dead.taken()
    page.free(2)

    late = page.share(1)

    assert (one.wait_seconds(), late.wait_seconds()) == (0, 0)
    late.taken()
    late.ended()
    assert (one.wait_seconds(), late.wait_seconds()) == (0, WAIT_SECONDS)


def test_who_takes_none_any_more_is_not_waited_for(page: Page) -> None:
    """What it still has ends, and does not bring it back."""
    one, other = page.share(0), page.share(1)
    for share in (one, one, other):
        share.taken()

    other.stop()
    assert one.wait_seconds() == 0
    other.ended()
    assert one.wait_seconds() == 0
    assert page.counts() == [2]


def test_nor_is_one_that_died(page: Page) -> None:
    one, dead = page.share(0), page.share(1)
    one.taken()
    assert one.wait_seconds() == WAIT_SECONDS

    page.free(1)

    assert one.wait_seconds() == 0
    assert page.counts() == [1]
    assert dead.wait_seconds() == 0
