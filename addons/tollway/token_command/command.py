"""The user's command that prints a token."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

from tollway.errors import TollwayError
from tollway.token_command.caught import LARGEST, Caught

SECONDS = 30.0
"""What it gets."""
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""What `Bearer` may carry (RFC 6750, section 2.1)."""
_LONG = re.compile(r"[A-Za-z0-9._~+/=-]{60,}")
"""Runs that may be a token: a shell that was told to (`set -x`) repeats what it does."""
_SHOWN = 300


class NoToken(TollwayError):
    """The command gave no token. What it printed is not quoted; its last words on standard error are."""


async def printed(command: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> str:
    """The token: the first line that the command prints. Raises NoToken.

    It runs in a shell, without terminal: the screen is the program's. `sleep`: what ends it if it hangs.
    """
    with Caught() as said, Caught() as complaint:
        words = ("/bin/sh", "-c", command)
        process = await asyncio.create_subprocess_exec(
            *words, stdin=DEVNULL, stdout=said.end, stderr=complaint.end, start_new_session=True
        )
        watches = [asyncio.ensure_future(each) for each in (process.wait(), said.too_much(), sleep(SECONDS))]
        try:
            await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED)
            if watches[1].done():
                raise NoToken(f"the token command printed more than {LARGEST} bytes")
            if not watches[0].done():
                raise NoToken(f"the token command took longer than {SECONDS:g} s")
        finally:
            for watch in watches:
                watch.cancel()
            await _end(process)
        return _token(said.all(), complaint.all(), process.returncode or 0)


async def _end(process: Process) -> None:
    """Nothing of it is left, nor of what it has started."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _token(said: bytes, complaint: bytes, status: int) -> str:
    if status:
        words = _words(complaint)
        how = f"ended with status {status}" if status > 0 else f"was ended by signal {-status}"
        raise NoToken(f"the token command {how}{': ' if words else ''}{words}")
    first = said.decode(errors="replace").strip().partition("\n")[0].strip()
    if not first:
        raise NoToken("the token command printed nothing")
    if not _TOKEN.fullmatch(first):
        raise NoToken("what the token command printed is no token")
    return first


def _words(complaint: bytes) -> str:
    """The last line of what it complained of, as it may be shown."""
    lines = complaint.decode(errors="replace").strip().splitlines()
    last = "".join(filter(str.isprintable, lines[-1].strip())) if lines else ""
    return _LONG.sub("...", last)[:_SHOWN]
