"""One request, taken to a proxy that does what the test says, and its answer."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.simulator.client import RawClient, Refused
from tests.tollway.forwarding.port import Port, always, forwarding
from tests.tollway.proxies import Serve, answer, served

OPENED = b"HTTP/1.1 200 OK\r\n\r\n"


@asynccontextmanager
async def before(serve: Serve) -> AsyncIterator[Port]:
    """A forwarder to a proxy that serves each connection so."""
    async with served(serve) as url, forwarding(url, always("made-up")) as port:
        yield port


async def head(reader: StreamReader) -> str:
    """The head of a request."""
    return (await reader.readuntil(b"\r\n\r\n")).decode()


def plain(port: Port, method: str = "GET", *lines: str) -> bytes:
    """A request to a plain HTTP server, by way of the port."""
    login = ": ".join(port.shows)
    return "\r\n".join(
        [f"{method} http://a.example/x HTTP/1.1", "Host: a.example", login, *lines, "", ""]
    ).encode()


async def test_each_plain_request_has_a_connection_of_its_own_and_the_client_keeps_one() -> None:
    heads = []

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        heads.append(await head(reader))
        writer.write(
            f"HTTP/1.1 200 OK\r\nX-Own: 1\r\nKeep-Alive: x\r\nContent-Length: 1\r\n\r\n{len(heads)}".encode()
        )
        await reader.read()  # it keeps the connection, though it was told not to

    async with before(serve) as port, await port.plain() as raw:
        await raw.send(plain(port) + plain(port))
        answers = [await raw.response("GET"), await raw.response("GET")]

    assert [one.body for one in answers] == [b"1", b"2"]
    assert dict(answers[0].headers)["X-Own"] == "1"
    assert "Keep-Alive" not in dict(answers[0].headers)
    for one in heads:
        assert one.startswith("GET http://a.example/x HTTP/1.1\r\n")
        assert "Proxy-Authorization: Bearer made-up\r\nConnection: close\r\n" in one
        assert "Basic" not in one


@pytest.mark.parametrize("framing", ["length", "chunked"])
async def test_large_bodies_pass_both_ways(framing: str) -> None:
    body = bytes(range(256)) * 20_000

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        said = await head(reader)
        got = await body_of(reader, said)
        writer.write(answer(200, str(len(got)) + str(got == body)))

    lines = [f"Content-Length: {len(body)}"] if framing == "length" else ["Transfer-Encoding: chunked"]
    sent = (
        body
        if framing == "length"
        else b"".join(
            b"%x\r\n%b\r\n" % (len(piece), piece)
            for at in range(0, len(body) + 1, 1 << 17)
            for piece in [body[at : at + (1 << 17)]]
            if piece
        )
        + b"0\r\n\r\n"
    )
    async with before(serve) as port, await port.plain() as raw:
        await raw.send(plain(port, "POST", *lines), sent)
        assert (await raw.response()).body == f"{len(body)}True".encode()
        await raw.send(plain(port, "POST", *lines), sent)
        assert (await raw.response()).body == f"{len(body)}True".encode()


async def body_of(reader: StreamReader, said: str) -> bytes:
    """A request's body."""
    if "chunked" not in said:
        length = next(line for line in said.splitlines() if line.lower().startswith("content-length"))
        return await reader.readexactly(int(length.partition(":")[2]))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    return body


async def test_an_answer_comes_piece_by_piece() -> None:
    more = asyncio.Event()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await more.wait()
        writer.write(b"4\r\nlast\r\n0\r\n\r\n")

    async with before(serve) as port, await port.plain() as raw:
        await raw.send(plain(port))
        await raw.receive_until(lambda got: b"first" in got)
        more.set()
        assert (await raw.response("GET")).body == b"firstlast"


async def test_one_who_waits_with_the_body_is_told_to_send_it() -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        assert "100-continue" in await head(reader)
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        writer.write(answer(200, (await reader.readexactly(5)).decode()))

    async with before(serve) as port, await port.plain() as raw:
        await raw.send(plain(port, "POST", "Content-Length: 5", "Expect: 100-continue"))
        await raw.receive_until(lambda got: b"100 " in got)
        await raw.send(b"hello")
        assert (await raw.response()).body == b"hello"


async def test_an_answer_to_a_body_that_nobody_wants_comes_before_its_end() -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await head(reader)
        writer.write(answer(413, "too large"))

    async with before(serve) as port, await port.plain() as raw:
        await raw.send(plain(port, "POST", "Content-Length: 1000000000"))
        found = await raw.response()
        assert (found.status, found.body) == (413, b"too large")
        assert await raw.receive() == b""  # the rest of the body can't be told from another request


async def test_answers_without_a_body_are_none() -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        said = await head(reader)
        writer.write(
            b"HTTP/1.1 304 Not Modified\r\n\r\n"
            if "GET" in said
            else b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
        )

    async with before(serve) as port, await port.plain() as raw:
        await raw.send(plain(port))
        assert (await raw.response("GET")).status == 304
        await raw.send(plain(port, "HEAD"))
        assert (await raw.response("HEAD")).status == 200


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200 OK\r\nContent-", b"220 mail\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"],
    ids=["nothing", "half a head", "no http", "only 100"],
)
@pytest.mark.parametrize("tunnel", [True, False], ids=["tunnel", "plain"])
async def test_no_answer_is_a_502_in_plain_words(said: bytes, tunnel: bool) -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await head(reader)
        writer.write(said)

    async with before(serve) as port:
        if tunnel:
            with pytest.raises(Refused) as refused:
                await port.tunnel()
            found = refused.value.response
        else:
            async with await port.plain() as raw:
                await raw.send(plain(port))
                found = await raw.response("GET")
        await port.empties()

    assert found.status == 502
    assert found.body.startswith(b"tollway run: 127.0.0.1:")
    assert found.body.endswith(b" gave no answer\n")
    assert b"made-up" not in found.body


async def test_an_answer_that_breaks_off_breaks_off_for_the_client_too() -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")

    async with before(serve) as port, await port.plain() as raw:
        await raw.send(plain(port))
        found = await raw.response("GET")
        await port.empties()

    assert (found.body, found.whole) == (b"hello", False)


@pytest.mark.parametrize("tunnel", [True, False], ids=["tunnel", "plain"])
async def test_a_client_that_leaves_while_it_waits_takes_its_request_along(tunnel: bool) -> None:
    """A model may think for minutes; nobody would pay for an answer that nobody reads."""
    asked, left = asyncio.Event(), asyncio.Event()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await head(reader)
        asked.set()
        with suppress(OSError):
            await reader.read()
        left.set()

    async with before(serve) as port:
        raw = await port.plain()
        login = ": ".join(port.shows)
        connect = f"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n{login}\r\n\r\n".encode()
        await raw.send(connect if tunnel else plain(port))
        await asyncio.wait_for(asked.wait(), 60)
        raw.close()
        await asyncio.wait_for(left.wait(), 60)
        await port.empties()


async def test_a_client_that_leaves_within_its_body_takes_its_request_along() -> None:
    left = asyncio.Event()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await head(reader)
        with suppress(OSError):
            await reader.read()
        left.set()

    async with before(serve) as port:
        raw = await port.plain()
        await raw.send(plain(port, "POST", "Content-Length: 10") + b"hello")
        raw.half_close()
        await asyncio.wait_for(left.wait(), 60)
        await port.empties()
        raw.close()


async def echo(reader: StreamReader, writer: StreamWriter) -> None:
    """Open a tunnel, and send back what comes through it."""
    await head(reader)
    writer.write(OPENED)
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()


async def test_what_comes_with_the_heads_of_a_tunnel_is_not_lost() -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await head(reader)
        writer.write(OPENED + b"welcome ")
        writer.write(await reader.read())

    async with before(serve) as port:
        login = ": ".join(port.shows)
        async with await port.plain() as raw:
            await raw.send(
                f"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n{login}\r\n\r\nhello".encode()
            )
            await raw.receive_until(lambda got: got.endswith(b"welcome "))
            raw.half_close()
            await raw.receive_until(lambda got: False)
        await port.empties()

    assert raw.received == b"HTTP/1.1 200 Connection established\r\n\r\nwelcome hello"


async def test_megabytes_pass_a_tunnel_unchanged() -> None:
    data = bytes(range(256)) * 40_000
    async with before(echo) as port, await port.tunnel() as raw:
        sending = asyncio.ensure_future(raw.send(data))
        got = await raw.receive_until(lambda got: len(got) >= len(data))
        await sending

    assert got == data


@pytest.mark.parametrize("how", ["reset", "close"])
async def test_a_tunnel_that_is_cut_leaves_nothing(how: str) -> None:
    async with before(echo) as port:
        raw = await port.tunnel()
        await raw.send(b"hello")
        await raw.receive_until(lambda got: got.endswith(b"hello"))
        assert port.forwarder.connections == 1
        raw.reset() if how == "reset" else raw.close()
        await port.empties()


async def test_a_refused_tunnel_is_refused_in_the_proxys_words_and_may_be_asked_for_again() -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(answer(403, "not there") if "b.example" in await head(reader) else OPENED)

    async with before(serve) as port, await port.plain() as raw:
        await connect(port, raw, "b.example")
        first = await raw.response("CONNECT")
        await connect(port, raw, "a.example")
        second = await raw.response("CONNECT")

    assert (first.status, first.body, second.status) == (403, b"not there", 200)


async def connect(port: Port, raw: RawClient, host: str) -> None:
    """Ask for a tunnel."""
    login = ": ".join(port.shows)
    await raw.send(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n{login}\r\n\r\n".encode())


async def test_at_the_end_of_the_program_all_ends() -> None:
    async with before(echo) as port:
        raw, waiting = await port.tunnel(), await port.plain()

    assert [await raw.receive(), await waiting.receive()] == [b"", b""]
    raw.close()
    waiting.close()
    assert port.forwarder.connections == 0
