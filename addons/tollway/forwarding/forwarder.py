"""The port on this machine: who may use it, and what becomes of each request."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import h11
from h11 import Request

from tollway.environment.upstream import Upstream, why_not
from tollway.forwarding.conversation import Conversation
from tollway.forwarding.headers import has_body, value
from tollway.forwarding.login import Login
from tollway.forwarding.peer import Peer
from tollway.token_command.command import NoToken
from tollway.token_command.fresh import Fresh

HOST = "127.0.0.1"
HEAD_SECONDS = 60.0
"""How long a connection may stand without a request."""
CONNECT_SECONDS = 30.0
NO_LOGIN = (
    "this port is for one program alone, which `tollway run --token-command` has started: "
    "its user and password stand in that program's HTTPS_PROXY"
)
CHALLENGE = ("Proxy-Authenticate", 'Basic realm="tollway run"')


class Unreachable(Exception):
    """The proxy that we lead to gave no answer."""


class Forwarder:
    """Leads its one program to a proxy, with a token on each connection."""

    def __init__(
        self, proxy: Upstream, fresh: Fresh, login: Login, trust: ssl.SSLContext | None = None
    ) -> None:
        """`trust`: of a proxy that is reached over TLS."""
        self._proxy = proxy
        self.fresh = fresh
        self._login = login
        self._trust = trust
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.used = False
        """Whether the program has ever come here."""

    def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve a client's connection."""
        if self._closed:  # it was accepted while we closed
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._serve(Peer(h11.SERVER, reader, writer)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def connections(self) -> int:
        """How many stand."""
        return len(self._tasks)

    async def close(self) -> None:
        """End all connections."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, client: Peer) -> None:
        try:
            with suppress(OSError, h11.ProtocolError):
                while (request := await self._request(client)) is not None:
                    await self._answer(client, request)
                    if not client.again():
                        break
        finally:
            await client.close()

    async def _request(self, client: Peer) -> Request | None:
        """The next request; None: there is none, or what comes is no HTTP."""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                event = await client.next()
        except TimeoutError:
            return None
        except h11.RemoteProtocolError as error:
            await client.answer(error.error_status_hint, "this is no request")
            return None
        return event if isinstance(event, Request) else None

    async def _answer(self, client: Peer, request: Request) -> None:
        if not self._login.admits(value(request.headers, b"proxy-authorization")):
            await client.answer(407, NO_LOGIN, CHALLENGE)
            return
        self.used = True
        try:
            await self._pass_on(client, request)
        except (NoToken, Unreachable) as error:
            if client.unanswered:
                await client.answer(502, f"tollway run: {error}")

    async def _pass_on(self, client: Peer, request: Request) -> None:
        """Pass a request on; where its token is refused, once more with another, if it is still at hand."""
        token = await self.fresh.token()
        refusal = await self._refused(client, request, token)
        if refusal is None:
            return
        another = await self.fresh.instead(token)
        if another is not None and not has_body(request.headers):
            refusal = await self._refused(client, request, another)
        if refusal is not None:
            said = f": {refusal}" if refusal else ""
            raise Unreachable(f"{self._proxy.place} did not accept what the token command printed{said}")

    async def _refused(self, client: Peer, request: Request, token: str) -> str | None:
        """In which words the token was refused; None: it was not, and the request is at its end."""
        conversation = Conversation(client, await self._open())
        try:
            try:
                response = await conversation.ask(request, token)
            except (OSError, h11.RemoteProtocolError):
                raise Unreachable(f"{self._proxy.place} gave no answer") from None
            if response.status_code == 407:
                return await conversation.words()
            if request.method == b"CONNECT" and 200 <= response.status_code < 300:
                await conversation.tunnel()
            else:
                await conversation.answer(response)
            return None
        finally:
            await conversation.close()

    async def _open(self) -> Peer:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(
                    self._proxy.host, self._proxy.port, ssl=self._trust
                )
        except TimeoutError:
            raise Unreachable(f"{self._proxy.place} did not take the connection") from None
        except OSError as error:
            raise Unreachable(f"{self._proxy.place} can't be reached: {why_not(error)}") from None
        return Peer(h11.CLIENT, reader, writer)


@asynccontextmanager
async def running(forwarder: Forwarder) -> AsyncIterator[int]:
    """The port that it listens on, for as long as the context lasts; at its end all connections do."""
    renewing = asyncio.get_running_loop().create_task(forwarder.fresh.run())
    server = await asyncio.start_server(forwarder.take, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        renewing.cancel()
        await forwarder.fresh.stop()
        await forwarder.close()
