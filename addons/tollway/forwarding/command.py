"""The user's command that prints a token."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

from tollway.errors import TollwayError

SECONDS = 30.0
"""What it gets."""
LARGEST = 64 * 1024
"""Bytes that it may print."""
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
    process = await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    work = asyncio.ensure_future(_output(process))
    timer = asyncio.ensure_future(sleep(SECONDS))
    try:
        await asyncio.wait((work, timer), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise NoToken(f"the token command took longer than {SECONDS:g} s")
        said, complaint = await work
    finally:
        work.cancel()
        timer.cancel()
        await _end(process)
    return _token(said, complaint, process.returncode or 0)


async def _output(process: Process) -> tuple[bytes, bytes]:
    assert process.stdout is not None
    assert process.stderr is not None
    complaint = asyncio.ensure_future(_last(process.stderr))
    try:
        said = bytearray()
        while piece := await process.stdout.read(LARGEST):
            said += piece
            if len(said) > LARGEST:
                raise NoToken(f"the token command printed more than {LARGEST} bytes")
        last = await complaint
        await process.wait()
    finally:
        complaint.cancel()
    return bytes(said), last


async def _last(stream: asyncio.StreamReader) -> bytes:
    """The end of what comes."""
    last = b""
    while piece := await stream.read(LARGEST):
        last = (last + piece)[-LARGEST:]
    return last


async def _end(process: Process) -> None:
    """Nothing of it is left, whatever it has started."""
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
