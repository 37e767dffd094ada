"""Bytes both ways between two connections, until both have ended."""

import asyncio
from asyncio import StreamReader, StreamWriter

PIECE = 64 * 1024
"""Bytes in memory for each way, beside what sockets hold: a slow reader slows its sender down."""
IDLE_SECONDS = 60.0
"""What one side may be silent for once the server has ended, or the client, where it can't be told."""


class Way:
    """One direction."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.moved = 0
        self.told = False
        """Its end was passed on: the receiver knows that nothing more comes, and may go on sending."""

    async def run(self) -> None:
        """Relay to the end. Raises OSError where one of the two is gone."""
        while data := await self._reader.read(PIECE):
            self._writer.write(data)
            await self._writer.drain()
            self.moved += len(data)
        if self._writer.can_write_eof():  # not over TLS
            self._writer.write_eof()
            self.told = True


async def relay(
    client: tuple[StreamReader, StreamWriter],
    server: tuple[StreamReader, StreamWriter],
    idle: float = IDLE_SECONDS,
) -> None:
    """Relay until both have ended, or one of them is gone. To close the two is the caller's."""
    up, down = Way(client[0], server[1]), Way(server[0], client[1])
    loop = asyncio.get_running_loop()
    going, coming = loop.create_task(up.run()), loop.create_task(down.run())
    try:
        await asyncio.wait((going, coming), return_when=asyncio.FIRST_COMPLETED)
        if going.done() and up.told:
            await coming
        elif going.done() and going.exception() is None:
            await _while_it_moves(coming, down, idle)
        elif coming.done() and coming.exception() is None:
            await _while_it_moves(going, up, idle)
    finally:
        going.cancel()
        coming.cancel()
        await asyncio.gather(going, coming, return_exceptions=True)


async def _while_it_moves(task: "asyncio.Task[None]", way: Way, idle: float) -> None:
    moved = -1
    while not task.done() and way.moved != moved:
        moved = way.moved
        await asyncio.wait((task,), timeout=idle)
