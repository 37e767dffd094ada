"""Keys are at hand before they are needed; who asks for one that is not there waits, and nobody else."""

import asyncio
import threading
from contextlib import suppress

import pytest

from tests.tollway.identity.issuer import jwk, keys, rsa_key
from tollway.identity.keys import KeySet
from tollway.issuers.keeping import (
    ABSENT_SECONDS,
    AGAIN_SECONDS,
    COOLDOWN_SECONDS,
    LEAST_SECONDS,
    MOST_ABSENT,
    MOST_SECONDS,
    STALE_SECONDS,
    Keeping,
)
from tollway.issuers.published import Published


class World:
    """An issuer, and a clock that goes as far as somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.fetches = 0
        self.kids = ["a"]
        self.wrong: str | Exception | None = None
        self.max_age: int | None = None
        self.gate: threading.Event | None = None
        self.slept: list[float] = []
        self.asleep = asyncio.Event()
        self.keeping = Keeping("https://login.example.com", self.read, lambda: self.now, self.sleep)

    def read(self) -> Published | str:
        """As `published` does, in a thread."""
        self.fetches += 1
        if self.gate is not None:
            self.gate.wait()
        if isinstance(self.wrong, Exception):
            raise self.wrong
        if self.wrong is not None:
            return self.wrong
        return Published(keys=keys(*(jwk(rsa_key(kid), kid) for kid in self.kids)), max_age=self.max_age)

    async def sleep(self, seconds: float) -> None:
        """Sleeps end when a test says so."""
        self.slept.append(seconds)
        self.asleep.set()
        await asyncio.get_running_loop().create_future()

    async def fetched(self) -> float:
        """Let the background fetch once, from now; how long it then sleeps."""
        self.asleep.clear()
        task = asyncio.get_running_loop().create_task(self.keeping.run())
        await self.asleep.wait()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return self.slept[-1]


@pytest.fixture
async def world() -> World:
    """At the start nothing was fetched."""
    return World()


def kids(found: KeySet | None) -> list[str | None]:
    assert found is not None
    return [key.kid for key in found.keys]


@pytest.mark.parametrize(
    ("said", "seconds"), [(None, MOST_SECONDS), (300, 300), (0, LEAST_SECONDS), (10**9, MOST_SECONDS)]
)
async def test_they_are_fetched_again_before_they_are_old(
    world: World, said: int | None, seconds: float
) -> None:
    world.max_age = said

    assert world.keeping.keys is None
    assert await world.fetched() == seconds
    assert kids(world.keeping.keys) == ["a"]


async def test_they_are_used_while_the_issuer_is_down_but_not_for_ever(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.max_age = 300
    await world.fetched()
    world.now += 300
    world.wrong = "it answered with status 500"

    assert await world.fetched() == AGAIN_SECONDS
    assert await world.fetched() == AGAIN_SECONDS
    assert kids(world.keeping.keys) == ["a"]
    assert [record.message for record in caplog.records] == [
        "the keys of https://login.example.com could not be fetched, those at hand stay: "
        "it answered with status 500"
    ]
    world.now += STALE_SECONDS
    assert world.keeping.keys is None
    world.wrong = None
    await world.fetched()
    assert kids(world.keeping.keys) == ["a"]
    assert caplog.records[-1].message.endswith("could be fetched again")


async def test_where_there_never_were_any_the_log_does_not_speak_of_them(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.wrong = "it answered with status 500"

    await world.fetched()
    assert caplog.messages == [
        "the keys of https://login.example.com could not be fetched, so its tokens can't be checked: "
        "it answered with status 500"
    ]


async def test_a_mistake_of_ours_is_as_a_fetch_that_failed(world: World) -> None:
    """It ends nothing, and nothing runs wild."""
    world.wrong = RuntimeError("x")

    assert await world.fetched() == AGAIN_SECONDS


async def test_a_key_that_was_published_since_is_there_after_one_fetch(world: World) -> None:
    """Which all who wait for it share."""
    await world.fetched()
    world.now += COOLDOWN_SECONDS
    world.kids, world.gate = ["b"], threading.Event()
    waiting = [asyncio.get_running_loop().create_task(world.keeping.renewed("b")) for _ in range(20)]
    await asyncio.sleep(0)

    assert kids(world.keeping.keys) == ["a"]  # whoever needs this one does not wait
    waiting[0].cancel()  # whose client has left
    world.gate.set()
    found = await asyncio.gather(*waiting[1:])
    assert [kids(each) for each in found] == [["b"]] * 19
    assert world.fetches == 2


async def test_a_fetch_that_does_not_end_is_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be looking a name up; there is never a second one beside it."""
    monkeypatch.setattr("tollway.issuers.keeping.PATIENCE_SECONDS", 0.01)
    await world.fetched()
    world.now += COOLDOWN_SECONDS
    world.kids, world.gate = ["b"], threading.Event()

    assert kids(await world.keeping.renewed("b")) == ["a"]
    assert kids(await world.keeping.renewed("c")) == ["a"]
    assert world.fetches == 2
    world.gate.set()
    assert world.keeping._fetching is not None
    await world.keeping._fetching
    assert kids(world.keeping.keys) == ["b"]


async def test_a_name_that_nobody_publishes_is_asked_for_once(world: World) -> None:
    """In a minute."""
    await world.fetched()
    for seconds, fetches in ((COOLDOWN_SECONDS, 2), (COOLDOWN_SECONDS, 2), (ABSENT_SECONDS, 3)):
        world.now += seconds
        assert kids(await world.keeping.renewed("x")) == ["a"]
        assert world.fetches == fetches


async def test_a_flood_of_names_fetches_once_a_second(world: World) -> None:
    """Who comes in between waits for the next second, unless the key comes meanwhile."""
    await world.fetched()
    flood = [asyncio.get_running_loop().create_task(world.keeping.renewed(f"x{n}")) for n in range(50)]
    await asyncio.sleep(0)

    assert world.slept[1:] == [COOLDOWN_SECONDS] * 50
    assert world.fetches == 1
    for task in flood:
        task.cancel()


async def test_the_names_that_nobody_publishes_are_forgotten_one_by_one(world: World) -> None:
    for number in range(MOST_ABSENT + 5):
        world.now += COOLDOWN_SECONDS / 100
        world.keeping._remember_absent(f"x{number}")

    assert len(world.keeping._absent) == MOST_ABSENT
    world.now += COOLDOWN_SECONDS
    await world.keeping.renewed("x0")
    assert world.fetches == 1


async def test_where_there_are_no_keys_who_asks_hears_of_it(world: World) -> None:
    """The issuer is down, and was so from the start."""
    world.wrong = "it can't be reached"

    assert await world.keeping.renewed("a") is None
    world.now += COOLDOWN_SECONDS
    world.wrong = None
    assert kids(await world.keeping.renewed("a")) == ["a"]
