"""Performs an answer on a connection: in its time, up to its cut."""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import batched, islice
from typing import Protocol

from tests.simulator.answer import Answer
from tests.simulator.scenario import Cut, Scenario
from tests.simulator.seen import Log, Seen

FAIR = 16
"""Back-to-back writes after which other connections have their turn."""


class Channel(Protocol):
    """The way back to one client, of whatever protocol. Nothing leaves before `flush`."""

    def informational(self, status: int) -> None:
        """Write a 1xx answer."""

    def head(self, answer: Answer, scenario: Scenario) -> None:
        """Write status and headers."""

    def data(self, piece: bytes) -> None:
        """Write a piece of the body."""

    def end(self, trailers: tuple[tuple[str, str], ...]) -> None:
        """Write the body's end."""

    def flush(self) -> None:
        """Send what was written."""

    async def drain(self) -> None:
        """Wait until the client takes more."""

    def raw(self, data: bytes) -> None:
        """Send bytes as they are and close."""

    def cut(self, cut: Cut) -> None:
        """Break off in the way of `Cut.how`."""

    def hold(self, seconds: float) -> None:
        """Read nothing more of this request for so long."""

    def finished(self) -> None:
        """Nothing more will be written for this request."""


async def play(seen: Seen, scenario: Scenario, answer: Answer, channel: Channel, log: Log) -> None:
    """Write the answer. Returns when all of it, or all of it up to the cut, was handed over."""
    if scenario.ttfb:
        await asyncio.sleep(scenario.ttfb)
    for status in scenario.informational:
        channel.informational(status)
        channel.flush()
    if scenario.raw is not None:
        channel.raw(scenario.raw)
        return
    cut = scenario.cut
    if cut is not None and cut.before_head:
        await _break(channel, cut)
        if cut.how != "goaway":
            return
    _head(seen, scenario, answer, channel, log)
    pieces = iter(_sliced(answer.pieces, scenario.slices))
    if cut is not None and not cut.before_head:
        await _body(seen, scenario, answer, _until(pieces, cut), channel, log)
        await _break(channel, cut)
        if cut.how != "goaway":
            return
    await _body(seen, scenario, answer, pieces, channel, log)
    channel.end(scenario.trailers)
    channel.flush()
    seen.complete = True


def _head(seen: Seen, scenario: Scenario, answer: Answer, channel: Channel, log: Log) -> None:
    channel.head(answer, scenario)
    seen.status = answer.status
    seen.answered = asyncio.get_running_loop().time()
    if answer.stream or scenario.cut or scenario.first_event:
        channel.flush()
        log.changed(seen)


async def _body(
    seen: Seen, scenario: Scenario, answer: Answer, pieces: Iterator[bytes], channel: Channel, log: Log
) -> None:
    """Write pieces on schedule. A JSON answer's only piece is left for the flush of the end."""
    loop = asyncio.get_running_loop()
    start = loop.time() + scenario.first_event
    together = not answer.stream and not scenario.slices and scenario.cut is None
    for i, group in enumerate(batched(pieces, scenario.batch)):
        wait = start + i * scenario.interval - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        elif i % FAIR == FAIR - 1:
            await asyncio.sleep(0)
        for piece in group:
            channel.data(piece)
            seen.bytes_written += len(piece)
        seen.events_written += len(group)
        if not together or i:
            channel.flush()
            await channel.drain()
            log.changed(seen)


async def _break(channel: Channel, cut: Cut) -> None:
    channel.flush()
    if cut.how == "hang":
        await asyncio.get_running_loop().create_future()  # until the client leaves
    if cut.how == "end":
        channel.end(())
        channel.flush()
    else:
        channel.cut(cut)


def _until(pieces: Iterator[bytes], cut: Cut) -> Iterator[bytes]:
    """The pieces up to the cut, which may be within the last one."""
    if cut.after_bytes is None:
        yield from islice(pieces, cut.after_events)
        return
    left = cut.after_bytes
    while left > 0 and (piece := next(pieces, None)) is not None:
        yield piece[:left]
        left -= len(piece)


def _sliced(pieces: Iterable[bytes], size: int) -> Iterable[bytes]:
    """The same bytes in pieces of `size`; 0: as they are."""
    if not size:
        return pieces
    return _cut_anew(pieces, size)


def _cut_anew(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        rest += piece
        while len(rest) >= size:
            yield rest[:size]
            rest = rest[size:]
    if rest:
        yield rest
