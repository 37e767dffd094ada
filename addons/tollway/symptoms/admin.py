"""Asking a proxy's admin address how ready it is."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h11
import msgspec
import orjson

from tollway.diagnosis.running import Answered
from tollway.observe.place import Place, shown
from tollway.readiness.check import Check, Status

LARGEST = 64 * 1024
"""Bytes of an answer, up to which it is read."""


async def asked(place: Place, token: str | None, seconds: float) -> Answered:
    """What it answers. `token`: is shown to it, but not to a socket."""
    at = shown(place)
    try:
        async with asyncio.timeout(seconds):
            status, body = await _get(place, None if isinstance(place, Path) else token)
    except TimeoutError:
        return Answered(place=at, failure=f"not within {seconds:.1f} s")
    except h11.RemoteProtocolError:
        return Answered(place=at, failure="what it says is no HTTP")
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        return Answered(place=at, failure=why)
    return Answered(place=at, status=status, checks=_checks(body))


async def _get(place: Place, token: str | None) -> tuple[int, bytes]:
    connection = h11.Connection(h11.CLIENT)
    if isinstance(place, Path):
        reader, writer = await asyncio.open_unix_connection(place)
    else:
        reader, writer = await asyncio.open_connection(*place)
    try:
        headers = [("Host", "localhost"), ("Connection", "close")]
        if token is not None:
            headers.append(("Authorization", f"Bearer {token}"))
        request = h11.Request(method="GET", target="/readyz", headers=headers)
        writer.write(connection.send(request) or b"")
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        return await _answer(connection, reader)
    finally:
        writer.close()


async def _answer(connection: h11.Connection, reader: asyncio.StreamReader) -> tuple[int, bytes]:
    status, body = 0, b""
    while len(body) < LARGEST:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(LARGEST))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            break
    return status, body


def _checks(body: bytes) -> Mapping[str, Check] | None:
    """By name; None: it tells none."""
    try:
        found = orjson.loads(body)["checks"]
        return {name: _check(name, each) for name, each in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _check(name: str, said: Mapping[str, Any]) -> Check:
    return Check(name, Status(said["status"]), msgspec.convert(said["reason"], str))
