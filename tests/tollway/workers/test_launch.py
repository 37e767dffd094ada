"""What all workers have in common."""

import os
from pathlib import Path

import pytest

from tests.tollway.workers.pretending import Stage, stage, until
from tollway.engine.shares import Page
from tollway.secret_place import SecretPlace
from tollway.workers.launch import kept_key

__all__ = ["stage"]


async def test_each_has_a_place_of_its_own_until_it_ends(stage: Stage) -> None:
    """Those that leave, too: they are beside the new ones for a while."""
    first, second, third = [await stage.launch(number) for number in (1, 2, 1)]
    assert len({worker.share for worker in (first, second, third)}) == 3
    page = Page(stage.page)
    page.share(first.share).taken()
    page.share(second.share)
    assert page.counts() == [1, 0]

    first.kill()
    await first.ended()
    await until(lambda: page.counts() == [0])
    fourth = await stage.launch(1)
    assert fourth.share == first.share

    for worker in (second, third, fourth):
        worker.kill()
        assert await worker.ended() == "killed by SIGKILL"


async def test_there_are_not_more_than_there_are_places(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where all were replaced again and again, and none has left."""
    monkeypatch.setattr("tollway.workers.launch.PLACES", 2)
    workers = [await stage.launch(1) for _ in range(2)]

    with pytest.raises(OSError, match="too many of those before it have not left yet"):
        await stage.launch(1)

    for worker in workers:
        worker.kill()
        await worker.ended()


def test_a_key_that_came_by_a_pipe_is_there_for_all_and_nowhere_on_the_disk() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"key")
    os.close(theirs)

    with kept_key(SecretPlace("fd", str(ours))) as key:
        read = [SecretPlace("fd", str(os.dup(key))).read({}) for _ in range(2)]
        assert "memfd" in Path(f"/proc/self/fd/{key}").readlink().name
    assert read == [b"key", b"key"]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(key)


def test_a_key_that_workers_find_themselves_is_not_kept() -> None:
    for place in (None, SecretPlace("file", "/none"), SecretPlace("credential", "ca-key")):
        with kept_key(place) as key:
            assert key == -1
