"""What every store of answers does: the contract of `caching.store`."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import closing

import pytest

from tests.tollway.cache.stores import MB, Store, found
from tests.tollway.caching.kept import DAY_US, NOON_US, answer
from tollway.caching.recorded import Recorded
from tollway.caching.store import Cleared, Share, Which
from tollway.model import Usage

OVER_US = NOON_US + DAY_US


def key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def noise(size: int) -> bytes:
    """What shrinks by nothing."""
    return os.urandom(size)


def keep(store: Store, answers: dict[str, Recorded], size: int = 100 * MB) -> None:
    """Keep answers as one process does, from its start to its end."""
    with closing(store.open(size)) as one:
        for name, each in answers.items():
            one.keep(key(name), each)


async def names(store: Store, asked: Iterable[str], now_us: int = NOON_US) -> list[str]:
    """Those of them that are found."""
    with closing(store.open()) as one:
        return [name for name in asked if await found(one, key(name), now_us) is not None]


@pytest.mark.parametrize(
    "kept",
    [
        answer(),
        answer(b""),
        answer(b"data: {}\n\n" * 300, stream=True, model=None, usage=Usage(), cost_nano=0),
        answer(noise(1000), headers=(("content-type", "audio/mpeg"), ("x-a", "b"))),
        answer(noise(2_000_000)),
        answer(b"x" * 3_000_000),
    ],
    ids=["json", "empty", "packed", "binary", "large", "long"],
)
async def test_an_answer_comes_back_as_it_was_kept(store: Store, kept: Recorded) -> None:
    """In another process, too."""
    keep(store, {"a": kept})

    with closing(store.open()) as other:
        assert await found(other, key("a"), NOON_US) == kept
        assert await found(other, key("b"), NOON_US) is None


async def test_nothing_is_found_where_nothing_was_kept(store: Store) -> None:
    assert await names(store, ["a"]) == []


async def test_it_is_found_until_it_is_over(store: Store) -> None:
    keep(store, {"a": answer(), "large": answer(noise(600_000))})

    assert await names(store, ["a", "large"], OVER_US - 1) == ["a", "large"]
    assert await names(store, ["a", "large"], OVER_US) == []


async def test_a_later_answer_takes_the_place_of_an_earlier_one(store: Store) -> None:
    keep(store, {"a": answer(b"1")})
    keep(store, {"a": answer(b"2", until_us=OVER_US + 5)})

    with closing(store.open()) as one:
        assert await found(one, key("a"), OVER_US) == answer(b"2", until_us=OVER_US + 5)


async def test_what_one_process_keeps_another_finds_that_looked_before(store: Store) -> None:
    with closing(store.open()) as one:
        assert await found(one, key("a"), NOON_US) is None
        keep(store, {"a": answer()})

        assert await found(one, key("a"), NOON_US) == answer()


async def test_what_was_used_the_longest_ago_makes_room(store: Store) -> None:
    """And what was given lately does not."""
    each = {f"n{n}": answer(noise(100_000), made_us=NOON_US + n) for n in range(9)}
    keep(store, each, 2 * MB)
    with closing(store.open(2 * MB)) as one:
        one.hit(key("n0"), NOON_US + 100)

    keep(store, {f"m{n}": answer(noise(100_000), made_us=NOON_US + 200 + n) for n in range(14)}, 2 * MB)

    left = await names(store, each)
    assert left[0] == "n0"
    assert left[1:] == [f"n{n}" for n in range(9 - len(left) + 1, 9)]
    assert 1 < len(left) < 7
    assert len(await names(store, [f"m{n}" for n in range(14)])) == 14


async def test_it_never_holds_more_than_it_may(store: Store) -> None:
    with closing(store.open(MB)) as one:
        for n in range(100):
            one.keep(key(f"n{n}"), answer(noise(10_000 + 900 * n), made_us=NOON_US + n))

    with closing(store.shelf()) as shelf:
        assert 600_000 < sum(share.size for share in shelf.stats(NOON_US)) <= MB
    assert await names(store, ["n99"]) == ["n99"]


async def test_one_that_has_no_room_in_all_is_not_kept_and_pushes_none_out(store: Store) -> None:
    keep(store, {"a": answer(), "large": answer(noise(2 * MB))}, MB)

    assert await names(store, ["a", "large"]) == ["a"]


async def test_it_may_become_smaller(store: Store) -> None:
    keep(store, {f"n{n}": answer(noise(100_000), made_us=NOON_US + n) for n in range(20)})
    with closing(store.open()) as one:
        one.resize(MB)
        one.prune(NOON_US)

    left = await names(store, [f"n{n}" for n in range(20)])
    assert 5 < len(left) < 10
    assert left[-1] == "n19"


async def test_what_is_over_is_deleted(store: Store) -> None:
    keep(store, {"a": answer(), "b": answer(until_us=OVER_US + 1)})
    with closing(store.open()) as one:
        one.prune(OVER_US)

    assert await names(store, ["a", "b"]) == ["b"]


async def test_hits_are_counted_and_what_they_saved(store: Store) -> None:
    keep(store, {"a": answer(), "b": answer(noise(100), cost_nano=1), "c": answer(rule="other", model=None)})
    for _ in range(2):
        with closing(store.open()) as one:
            one.hit(key("a"), NOON_US)
            one.hit(key("a"), NOON_US)
            one.hit(key("b"), NOON_US)
            one.hit(key("gone"), NOON_US)

    with closing(store.shelf()) as shelf:
        first, second = shelf.stats(NOON_US)
        assert shelf.stats(OVER_US) == []
    assert first == Share(
        rule="r", scope="user ann", provider="openai", model="gpt-5", answers=2, size=first.size,
        hits=6, saved_nano=4 * 1500 + 2,
    )  # fmt: skip
    assert (second.rule, second.model, second.hits, second.saved_nano) == ("other", None, 0, 0)
    assert first.size > second.size > 0


EACH = {
    "a": answer(),
    "b": answer(scope="user bob"),
    "c": answer(scope="team user", rule="shared"),
    "d": answer(scope="company", rule="shared", model="claude"),
    "e": answer(scope="users", model=None),
    "f": answer(scope="user bob smith", rule="f"),
}


@pytest.mark.parametrize(
    ("which", "left"),
    [
        (Which(), ""),
        (Which(rule="shared"), "abef"),
        (Which(rule="none"), "abcdef"),
        (Which(scope="user bob"), "acdef"),
        (Which(scope="user"), "cde"),
        (Which(scope="company"), "abcef"),
        (Which(scope="%"), "abcdef"),
        (Which(model="claude"), "abcef"),
        (Which(model="gpt-5", scope="user", rule="r"), "cdef"),
        (Which(model="gpt-5", rule="shared"), "abdef"),
    ],
)
async def test_answers_are_cleared_and_no_process_finds_them(store: Store, which: Which, left: str) -> None:
    keep(store, EACH)

    with closing(store.open()) as running, closing(store.shelf()) as shelf:
        assert await found(running, key("e"), NOON_US) is not None

        cleared = shelf.clear(which)
        still = [name for name in EACH if await found(running, key(name), NOON_US) is not None]

    assert still == list(left)
    assert cleared.answers == len(EACH) - len(left)
    assert (cleared.size > 0) is (cleared.answers > 0)


def test_a_cache_that_is_not_there_is_empty_and_not_made(store: Store) -> None:
    with closing(store.shelf()) as shelf:
        assert list(shelf.stats(NOON_US)) == []
        assert shelf.clear(Which()) == Cleared(answers=0, size=0)
    with closing(store.open()) as one:
        one.prune(NOON_US)
        one.hit(key("a"), NOON_US)

    assert not store.is_made()
