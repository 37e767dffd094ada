"""Programs that are asked something."""

import os
import select
from pathlib import Path

import pytest

from tollway.symptoms.program import LARGEST, Printed, run

ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath)}


async def test_what_it_left_is_told() -> None:
    words = ["sh", "-c", "echo out; echo err >&2; echo $X; exit 3"]

    assert await run(words, {**ENVIRONMENT, "X": "y"}, 60) == Printed(status=3, out="out\ny\n", err="err\n")


async def test_a_long_output_is_cut() -> None:
    found = await run(["sh", "-c", f"head -c {3 * LARGEST} /dev/zero"], ENVIRONMENT, 60)

    assert found is not None
    assert len(found.out) == LARGEST


async def test_one_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        await run(["no-such-program"], ENVIRONMENT, 60)


async def test_what_can_not_be_run_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"\x00not a program")
    (tmp_path / "broken").chmod(0o755)

    with pytest.raises(OSError, match="Exec format"):
        await run(["broken"], {"PATH": str(tmp_path)}, 60)


@pytest.mark.slow
async def test_one_that_is_late_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    """A child of its own that holds its output open is not waited for, either."""
    file = tmp_path / "child"
    script = f"sleep 600 & echo $! > {file}; wait"

    assert await run(["sh", "-c", script], ENVIRONMENT, 3) is None
    child = int(file.read_text())
    assert _is_gone(child)


@pytest.mark.slow
async def test_a_child_that_is_left_behind_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "child"
    script = f"sleep 600 & echo $! > {file}"

    assert await run(["sh", "-c", script], ENVIRONMENT, 3) is None
    assert _is_gone(int(file.read_text()))


def _is_gone(process: int) -> bool:
    """Whether it ends: it is waited for. It is no child of ours."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 60)[0])
    finally:
        os.close(descriptor)
