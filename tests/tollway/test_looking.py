"""Looking at files again and again."""

import asyncio
import os
from pathlib import Path

from tollway.looking import Looking, stamp

HOUR = 3_600.0


async def test_a_look_comes_by_itself(tmp_path: Path) -> None:
    assert await Looking(tuple, 0.001).wait() is False


async def test_who_asks_ends_the_wait_once(tmp_path: Path) -> None:
    looking = Looking(tuple, HOUR)
    waiting = asyncio.ensure_future(looking.wait())
    looking.ask()

    assert await waiting is True
    again = asyncio.ensure_future(looking.wait())
    await asyncio.sleep(0)
    assert not again.done()
    again.cancel()


async def test_whoever_asked_before_the_wait_is_heard() -> None:
    looking = Looking(tuple, HOUR)
    looking.ask()

    assert await looking.wait() is True


def test_a_file_that_is_written_replaced_or_removed_has_another_stamp(tmp_path: Path) -> None:
    file, other = tmp_path / "file", tmp_path / "other"
    seen = [stamp(file)]
    file.write_text("a")
    seen.append(stamp(file))
    file.write_text("ab")
    seen.append(stamp(file))
    other.write_text("ab")
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    seen.append(stamp(file))

    assert seen[0] is None
    assert len({*seen}) == 4


def test_stamps_are_of_the_files_that_there_are_to_look_at_by_now(tmp_path: Path) -> None:
    files = [tmp_path / "a"]
    looking = Looking(lambda: files, HOUR)
    assert [*looking.stamps()] == files

    files.append(tmp_path / "b")
    assert [*looking.stamps()] == files
