"""What a client's connection is busy with."""

import asyncio
from pathlib import Path

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.engine.test_sweeping import HELLO, connected, handler, until
from tests.tollway.leftovers import connections
from tests.tollway.road import road
from tollway.engine.occupied import close, has_call, has_half_a_hello, is_tunnel


async def test_a_tunnel_is_one_and_waits_for_the_rest_of_a_hello(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async with road(tmp_path, sim) as running:
        client = await connected(running, "example.com")
        assert is_tunnel(handler())
        assert not has_half_a_hello(handler())
        await client.send(HELLO)
        await until(lambda: has_half_a_hello(handler()))
        assert not has_call(handler())

        close(handler())
        await until(lambda: not connections())
        client.close()


async def test_a_call_is_one_until_it_is_answered(tmp_path: Path, home: Path, sim: Simulator) -> None:
    async with road(tmp_path, sim) as running, running.client() as client:
        headers = {"x-sim": '{"gate": "late"}'}
        asked = asyncio.ensure_future(client.post(CHAT.url, json=CHAT.body, headers=headers))
        await until(lambda: len(sim.seen) == 1)
        assert has_call(handler())
        assert not is_tunnel(handler())

        sim.open("late")
        await asked
        await until(lambda: not has_call(handler()))
