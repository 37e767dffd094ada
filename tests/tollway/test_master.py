"""The process's engine: what it may be told, where it listens, what is left when it stopped."""

import asyncio
import os
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from typing import Any

import pytest
from mitmproxy import ctx

from tollway.ca.leaf import Leaf
from tollway.engine.dialling import Dialling
from tollway.errors import TollwayError
from tollway.master import FIXED, FORBIDDEN, Listening, Master


def no_leaf(name: str) -> Leaf:
    """Nothing here is decrypted."""
    raise AssertionError(name)


def made(*, chain: tuple[object, ...] = (), **listening: Any) -> Master:
    """A master of nothing but the engine."""
    where = Listening(**{"port": 0, **listening})
    return Master(where, chain, dialling=Dialling({}), leaf=no_leaf, is_ours=lambda host, port: False)


@asynccontextmanager
async def started(**listening: Any) -> AsyncIterator[tuple[str, int]]:
    """The address of one that runs."""
    master = made(**listening)
    (address,) = await master.start()
    try:
        yield address
    finally:
        await master.stop()


async def reason(**listening: Any) -> str:
    """Why one could not be started."""
    with pytest.raises(TollwayError) as refused:
        async with started(**listening):
            pass
    return str(refused.value)


@pytest.mark.parametrize("name", FORBIDDEN)
async def test_an_option_that_would_take_calls_out_of_sight_is_refused_with_the_reason(name: str) -> None:
    for spec in (f"{name}=x", name):
        said = await reason(set_options=(spec,))
        assert said == f"--set {spec}: refused, {FORBIDDEN[name]}"


def test_what_would_take_calls_out_of_sight_is_forbidden() -> None:
    """Bodies that leave before they are metered, hosts and sockets that pass unseen."""
    assert {"stream_large_bodies", "ignore_hosts", "allow_hosts", "websocket", "rawtcp"} <= FORBIDDEN.keys()


@pytest.mark.parametrize(
    "spec", ["no_such_option=1", "tcp_timeout=soon", "ignore_hosts =x", " ignore_hosts=x", "=", "http2=maybe"]
)
async def test_an_option_that_is_unknown_or_wrong_is_named(spec: str) -> None:
    said = await reason(set_options=(spec,))

    assert said.startswith(f"--set {spec}: ")
    assert "\n" not in said
    assert len(said) > len(f"--set {spec}: ")


async def test_an_option_of_mitmproxy_may_be_set() -> None:
    made(set_options=("http2=false", "tcp_timeout=60"))

    assert (ctx.options.http2, ctx.options.tcp_timeout) == (False, 60)


async def test_the_engine_is_as_the_chain_needs_it() -> None:
    """A dead provider is an answer; leaves carry one name; models think long."""
    made()

    assert {name: getattr(ctx.options, name) for name in FIXED} == FIXED
    assert (ctx.options.connection_strategy, ctx.options.upstream_cert) == ("lazy", False)
    assert ctx.options.tcp_timeout == 3600


@pytest.mark.parametrize("mode", ["nope", "upstream:", "reverse:", "regular@port", ""])
async def test_a_mode_that_is_none_is_said_in_one_sentence(mode: str) -> None:
    said = await reason(modes=(mode,))

    assert said.startswith("--mode: ")
    assert "\n" not in said


async def test_a_port_in_use_is_said_in_one_sentence() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        said = await reason(port=port)

    assert said == (
        f"can't listen on 127.0.0.1:{port}: another program has the port; "
        "choose another with --listen HOST:PORT, or port 0"
    )


async def test_an_address_of_another_machine_is_said_in_one_sentence() -> None:
    said = await reason(host="203.0.113.7")

    assert said.startswith("can't listen on 203.0.113.7:0: this machine has no such address")
    assert "\n" not in said


async def test_a_host_that_is_none_is_said_in_one_sentence() -> None:
    said = await reason(host="nobody.invalid")

    assert said.startswith("can't listen on nobody.invalid:0: ")
    assert said.endswith("; choose another with --listen HOST:PORT")
    assert "\n" not in said


async def test_a_port_of_zero_is_a_free_one() -> None:
    async with started() as one, started() as other:
        assert one[0] == other[0] == "127.0.0.1"
        assert one[1] != other[1]
        assert 0 not in (one[1], other[1])


def open_files() -> set[tuple[str, str]]:
    """This process's descriptors, and what each of them is."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            found.add((name, os.readlink(f"/proc/self/fd/{name}")))
    return {(name, what) for name, what in found if what.startswith("socket:")}


def there() -> tuple[set[Any], set[Any], set[Any]]:
    return asyncio.all_tasks(), set(threading.enumerate()), open_files()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="descriptors are read off /proc")
@pytest.mark.parametrize("clients", [0, 3])
async def test_nothing_is_left_of_one_that_stopped(clients: int) -> None:
    """No task, no thread, no socket; clients that stood are closed."""
    before = there()
    master = made()
    (address,) = await master.start()
    opened = [await asyncio.open_connection(*address) for _ in range(clients)]
    for _, writer in opened:
        writer.write(b"GET / HT")  # neither idle nor a request
        await writer.drain()
    await master.stop()

    for reader, writer in opened:
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
        with suppress(ConnectionResetError):
            await writer.wait_closed()
    assert there() == before
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(*address)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="descriptors are read off /proc")
async def test_nothing_is_left_of_one_that_could_not_start() -> None:
    """Its first mode had a port, its second had none."""
    before = there()
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        said = await reason(modes=("regular", f"socks5@{other.getsockname()[1]}"))

    assert "another program has the port" in said
    assert there() == before


async def test_one_may_follow_another_at_the_same_port() -> None:
    async with started() as (_, port):
        pass
    async with started(port=port) as again:
        assert again == ("127.0.0.1", port)


async def test_each_mode_listens(unused_tcp_port: int) -> None:
    """Their addresses are told in order."""
    master = made(modes=("regular", f"socks5@{unused_tcp_port}"))
    told = await master.start()
    addresses = master.proxyserver.listen_addrs()
    await master.stop()

    assert len(addresses) == 2
    assert [address[:2] for address in addresses] == told


async def test_the_steps_of_the_chain_are_told_of_the_engine() -> None:
    """In the order of the chain, when it runs and when it is done."""
    told: list[str] = []

    class Step:
        def __init__(self, name: str) -> None:
            self.name = name

        def running(self) -> None:
            told.append(f"{self.name} runs")

        def done(self) -> None:
            told.append(f"{self.name} is done")

    master = made(chain=(Step("first"), Step("second")))
    await master.start()
    await master.stop()

    assert told == ["first runs", "second runs", "first is done", "second is done"]
