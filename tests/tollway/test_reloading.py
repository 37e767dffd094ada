"""The policy file is read anew when it changes, and never half."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tollway.errors import TollwayError
from tollway.looking import stamp
from tollway.policy.schema import Policy
from tollway.reloading import Reloading


class Applied:
    """Takes policies."""

    def __init__(self) -> None:
        self.policies: asyncio.Queue[Policy] = asyncio.Queue()
        self.error: TollwayError | None = None

    async def __call__(self, policy: Policy) -> None:
        if self.error is not None:
            raise self.error
        self.policies.put_nowait(policy)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "policy.yaml"
    file.write_text("version: 1\n")
    return file


@asynccontextmanager
async def watching(
    path: Path, applied: Applied, look: float = 0.001, reloaded: Callable[[bool], None] = lambda ok: None
) -> AsyncIterator[Reloading]:
    """The file, watched."""
    reloading = Reloading(path, applied, look_seconds=look, reloaded=reloaded)
    task = asyncio.ensure_future(reloading.run())
    try:
        yield reloading
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def said(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """Wait until the log says it."""
    async with asyncio.timeout(120):
        while text not in caplog.text:
            await asyncio.sleep(0.001)


async def test_it_knows_whether_what_it_read_last_is_in_force(path: Path) -> None:
    applied, heard = Applied(), asyncio.Queue[bool]()
    async with watching(path, applied, reloaded=heard.put_nowait) as reloading:
        assert (reloading.path, reloading.is_good) == (path, True)
        for text, good in (("version: two\n", False), ("version: 1\ntimezone: Asia/Tokyo\n", True)):
            path.write_text(text)
            async with asyncio.timeout(120):
                while await heard.get() is not good:
                    pass
            assert reloading.is_good is good


async def test_a_changed_file_is_put_in_force(path: Path) -> None:
    applied = Applied()
    async with watching(path, applied):
        path.write_text("version: 1\ntimezone: Europe/Berlin\n")

        assert (await applied.policies.get()).timezone == "Europe/Berlin"


async def test_a_file_that_was_replaced_is_put_in_force(path: Path) -> None:
    """As editors save, and as Kubernetes swaps what it mounts."""
    applied = Applied()
    async with watching(path, applied):
        new = path.with_name("new")
        new.write_text("version: 1\ntimezone: Asia/Tokyo\n")
        new.replace(path)

        assert (await applied.policies.get()).timezone == "Asia/Tokyo"


async def test_a_signal_reads_the_file_though_it_did_not_change(path: Path) -> None:
    applied = Applied()
    async with watching(path, applied, look=1000) as reloading:
        reloading.ask()

        assert (await applied.policies.get()).timezone == "UTC"


async def test_a_wrong_file_changes_nothing_and_is_told_with_its_place(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    applied = Applied()
    async with watching(path, applied):
        path.write_text("version: 1\ntimezone: Mars\n")
        await said(caplog, f"{path}:2:11: timezone: no time zone is called 'Mars'")
        path.write_text("version: 1\ntimezone: Asia/Tokyo\n")

        assert (await applied.policies.get()).timezone == "Asia/Tokyo"


async def test_what_can_not_be_put_in_force_is_told(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    applied = Applied()
    applied.error = TollwayError("the ledger is locked")
    async with watching(path, applied) as reloading:
        reloading.ask()
        await said(caplog, "the former one stays in force: the ledger is locked")


async def test_a_file_that_is_gone_changes_nothing_until_it_is_back(path: Path) -> None:
    applied = Applied()
    async with watching(path, applied):
        path.unlink()
        assert stamp(path) is None
        path.write_text("version: 1\ntimezone: Asia/Tokyo\n")

        assert (await applied.policies.get()).timezone == "Asia/Tokyo"


async def test_each_reading_is_told_with_what_came_of_it(path: Path) -> None:
    applied, told = Applied(), asyncio.Queue[bool]()
    async with watching(path, applied, look=1000, reloaded=told.put_nowait) as reloading:
        reloading.ask()
        found = [await told.get()]
        path.write_text("version: 2\n")
        reloading.ask()
        found.append(await told.get())
        path.write_text("version: 1\n")
        applied.error = TollwayError("the ledger is locked")
        reloading.ask()
        found.append(await told.get())

    assert found == [True, False, False]
