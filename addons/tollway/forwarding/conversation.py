"""One request of a client, taken to the proxy over a connection of its own, and its answer."""

import asyncio
from contextlib import suppress

import h11
from h11 import Data, EndOfMessage, InformationalResponse, Request, Response

from tollway.forwarding.headers import onward, with_token
from tollway.forwarding.peer import PIECE, Peer
from tollway.forwarding.relay import relay

MOST_WORDS = 4096
"""Bytes of a refusal that are read, to say what it says."""


class Conversation:
    """Belongs to one connection to the proxy. The client's belongs to the caller."""

    def __init__(self, client: Peer, proxy: Peer) -> None:
        self._client = client
        self._proxy = proxy
        self._upload: asyncio.Task[None] | None = None
        self._ended = False
        """The request was sent to its end."""

    async def ask(self, request: Request, token: str) -> Response:
        """Ask; the head of the answer. Raises OSError, and h11.RemoteProtocolError where it is no HTTP."""
        headers = with_token(request.headers, token)
        if request.method != b"CONNECT":
            headers.append((b"Connection", b"close"))
        await self._proxy.send(Request(method=request.method, target=request.target, headers=headers))
        self._upload = asyncio.get_running_loop().create_task(self._send_on())
        while True:
            event = await self._proxy.next()
            if isinstance(event, Response):
                return event
            assert isinstance(event, InformationalResponse)  # an end without an answer is an error of h11's
            if self._client.unanswered and event.status_code != 101:
                headers = onward(event.headers)
                await self._client.send(InformationalResponse(status_code=event.status_code, headers=headers))

    async def answer(self, response: Response) -> None:
        """Pass the answer on, as it comes. Raises the same where it breaks off."""
        head = Response(
            status_code=response.status_code, headers=onward(response.headers), reason=response.reason
        )
        await self._client.send(head)
        while True:
            event = await self._proxy.next()
            if isinstance(event, Data):
                await self._client.send(Data(data=event.data))
            else:
                assert isinstance(event, EndOfMessage)
                await self._client.send(EndOfMessage(headers=onward(event.headers)))
                return

    async def tunnel(self) -> None:
        """Open the client's tunnel, and relay what goes through it until it ends."""
        await self._stop_sending()
        await self._client.send(Response(status_code=200, headers=[], reason=b"Connection established"))
        for one, other in ((self._client, self._proxy), (self._proxy, self._client)):
            if early := one.rest():
                other.writer.write(early)
        await relay((self._client.reader, self._client.writer), (self._proxy.reader, self._proxy.writer))

    async def words(self) -> str:
        """The first line of a refusal, where it is one for people; "" if there is none."""
        said = b""
        with suppress(OSError, h11.ProtocolError):
            while len(said) < MOST_WORDS and isinstance(event := await self._proxy.next(), Data):
                said += event.data
        line = said.decode(errors="replace").strip().partition("\n")[0]
        return "" if line.startswith("<") else "".join(filter(str.isprintable, line))

    async def close(self) -> None:
        """End it, whether it is at its end or not."""
        try:
            await self._stop_sending()
        finally:
            await self._proxy.close()

    async def _stop_sending(self) -> None:
        if self._upload is not None:
            self._upload.cancel()
            await asyncio.gather(self._upload, return_exceptions=True)

    async def _send_on(self) -> None:
        """Send the request's body on, then watch whether the client leaves: its request ends with it."""
        try:
            while (event := await self._next_part()) is not None:
                try:
                    await self._proxy.send(event)
                except (OSError, h11.LocalProtocolError):
                    return  # it takes no more of it, and may have answered already
            data = await self._client.reader.read(PIECE)
            self._client.hold(data)
            if data:
                return  # the next request, or what goes through the tunnel: it is there
        except (OSError, h11.RemoteProtocolError):
            pass
        self._proxy.writer.transport.abort()

    async def _next_part(self) -> Data | EndOfMessage | None:
        """The next part of the body; of one that the client has sent already, its end; None behind that."""
        if self._ended:
            return None
        event = await self._client.next() if self._client.is_sending else EndOfMessage()
        assert isinstance(event, Data | EndOfMessage)
        self._ended = isinstance(event, EndOfMessage)
        return event
