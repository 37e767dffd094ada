"""A program that is asked something: its output, or that it is not there, or too slow."""

import asyncio
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

LARGEST = 64 * 1024
"""Characters of an output that are looked at."""


class Printed(Struct, frozen=True, kw_only=True):
    """What a program left."""

    status: int
    out: str
    err: str


async def run(words: Sequence[str], environment: Mapping[str, str], seconds: float) -> Printed | None:
    """What the program left; None: it did not end in time, and is ended, with all that it started.

    Raises FileNotFoundError where it is not on PATH.
    """
    path = shutil.which(words[0], path=environment.get("PATH", os.defpath))
    if path is None:
        raise FileNotFoundError(words[0])
    process = await asyncio.create_subprocess_exec(
        path,
        *words[1:],
        env=dict(environment),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate()
            return Printed(status=process.returncode or 0, out=_text(out), err=_text(err))
    except TimeoutError:
        return None
    finally:
        with suppress(ProcessLookupError, PermissionError):  # what it left behind
            os.killpg(process.pid, signal.SIGKILL)
        if process.returncode is None:
            await process.wait()


def _text(data: bytes) -> str:
    return data[:LARGEST].decode(errors="replace")
