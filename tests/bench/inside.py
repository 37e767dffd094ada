"""Serves work of `governed`: to each line `WORK COUNT AT_ONCE` it answers with the seconds that it took."""

import asyncio
import sys
import time
from typing import cast

from tests.bench.governed import Governed, Work, governed
from tollway.master import freeze


async def main(folder: str, limits: str, users: str, durability: str, rates: str) -> None:
    """Serve until killed. Says where it listens."""
    async with governed(folder, int(limits), int(users), durability, rates == "True") as subject:

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            async for line in reader:
                work, count, at_once = line.decode().split()
                seconds = await timed(subject, cast(Work, work), int(count), int(at_once))
                writer.write(f"{seconds}\n".encode())
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        freeze()
        print(f"listens on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()


async def timed(subject: Governed, work: Work, count: int, at_once: int) -> float:
    """Seconds for so many, so many of them at once, until all of it is written."""
    calls = iter(range(count))

    async def some() -> None:
        ends = [await subject.do(work, number) for number in calls]
        await asyncio.gather(*ends[-1:])  # the ledger keeps their order

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(some())
    return time.perf_counter() - start


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
