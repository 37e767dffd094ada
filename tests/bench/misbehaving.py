"""An identity provider that can be anything but well: all that a client of its keys may have to live with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from tests.tollway.identity.issuer import document, ec_key, jwk, part, signed
from tollway import clock

DRIP_SECONDS = 0.05
"""Between two bytes of one that drips."""
ROTATION_SECONDS = 1.0

Say = Callable[["Misbehaving", asyncio.StreamWriter], Awaitable[None]]


class Misbehaving:
    """It publishes a key that changes every second; `way` is how it answers."""

    def __init__(self) -> None:
        self.way = "well"
        self.port = 0
        self.generation = 0

    @property
    def issuer(self) -> str:
        """Its name."""
        return f"http://127.0.0.1:{self.port}"

    def policy(self) -> str:
        """A source of its tokens."""
        where = f"issuer: '{self.issuer}', audience: tollway, jwks: '{self.issuer}/keys'"
        return f"{{proxy_jwt: {{{where}}}}}"

    def token(self, number: int, generation: int | None = None) -> str:
        """Another one for each number, by the key of now."""
        name = str(self.generation if generation is None else generation)
        now = int(clock.now())
        said = {"iss": self.issuer, "aud": "tollway", "exp": now + 3600, "email": "ann@example.com"}
        return signed({**said, "jti": str(number)}, ec_key(name), "ES256", header={"kid": name})

    def keys(self) -> bytes:
        """What it publishes."""
        return document(jwk(ec_key(str(self.generation)), str(self.generation)))

    async def rotate(self) -> None:
        """Change the key every second, until cancelled."""
        while True:
            await asyncio.sleep(ROTATION_SECONDS)
            ec_key(str(self.generation + 1))
            self.generation += 1

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                await WAYS[self.way](self, writer)
                await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def misbehaving() -> AsyncIterator[Misbehaving]:
    """One that listens for as long as the context lasts."""
    provider = Misbehaving()
    server = await asyncio.start_server(provider.answer, "127.0.0.1", 0)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        server.close()


def whole(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    """An answer."""
    head = "\r\n".join((f"HTTP/1.1 {status}", f"content-length: {len(body)}", *lines, "", ""))
    return head.encode() + body


async def well(provider: Misbehaving, writer: asyncio.StreamWriter) -> None:
    """Its keys, at once."""
    writer.write(whole(provider.keys(), "content-type: application/json"))


async def down(provider: Misbehaving, writer: asyncio.StreamWriter) -> None:
    """It hangs up."""
    writer.transport.abort()


async def slow(provider: Misbehaving, writer: asyncio.StreamWriter) -> None:
    """Its headers come byte by byte, and never end."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"x-padding: " + b"x" * 100_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(DRIP_SECONDS)


async def page(provider: Misbehaving, writer: asyncio.StreamWriter) -> None:
    """A page for people."""
    writer.write(whole(b"<html>sign in</html>" * 1000, "content-type: text/html"))


async def huge(provider: Misbehaving, writer: asyncio.StreamWriter) -> None:
    """A gigabyte."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
    for _ in range(1000):
        writer.write(b" " * 1_000_000)
        await writer.drain()


async def nested(provider: Misbehaving, writer: asyncio.StreamWriter) -> None:
    """As much as is read of JSON, and as deep as it goes."""
    writer.write(whole(b'{"keys":' + b"[" * 500_000 + b"]" * 500_000 + b"}"))


async def many(provider: Misbehaving, writer: asyncio.StreamWriter) -> None:
    """More keys than are read."""
    one = jwk(ec_key("0"), "0")
    writer.write(whole(document(*({**one, "kid": f"{part(b'x')}{number}"} for number in range(4000)))))


async def elsewhere(provider: Misbehaving, writer: asyncio.StreamWriter) -> None:
    """Redirects to itself, without end."""
    writer.write(whole(b"", f"location: {provider.issuer}/keys", status="302 Found"))


WAYS: Mapping[str, Say] = {
    "well": well,
    "down": down,
    "slow": slow,
    "a page": page,
    "huge": huge,
    "nested": nested,
    "many keys": many,
    "redirects": elsewhere,
}
