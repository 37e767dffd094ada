"""One client connection: its events, its hooks, the connections it opens.

Six things that mitmproxy 12.2's ConnectionHandler does otherwise:

- An exception in a hook is logged, and the flow goes on unmetered. Here it refuses the call.
- An exception in a layer is logged, and the client hangs. Here the connection is closed and its flows end.
- Each hook becomes a task and waits for a lock. Here a hook that does not wait is run where it stands,
  which is about a fifth of the engine's work per call.
- Each address is dialled as it is named. Here `Dialling` decides.
- Each piece that comes is read at once, by a task. Here it takes no task (`straight_reader`), and small
  ones in a row may come together (`run_of_pieces`).
- Each piece that goes is a write of its own. Here those of one event go together (`outgoing`).
"""

import asyncio
import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any

from mitmproxy.connection import Connection, ConnectionState
from mitmproxy.proxy import commands, events, mode_servers, server_hooks
from mitmproxy.proxy.server import ConnectionIO
from mitmproxy.utils import asyncio_utils, human

from tollway.engine.attending import WHOLE, Attending
from tollway.engine.backlog import SHARED, Pause, Resume
from tollway.engine.client_bounds import DEFAULTS, ClientBounds
from tollway.engine.deadline import Deadline, StopWaiting
from tollway.engine.dialling import Dialling
from tollway.engine.failure import log_failure
from tollway.engine.held import Held
from tollway.engine.hooking import Hooking
from tollway.engine.http_layer import flows_of, shares
from tollway.engine.idle import FOR_EVER, MayBeIdle, keep_asking
from tollway.engine.occupied import end_an_endless_head
from tollway.engine.outgoing import Outgoing
from tollway.engine.rings import let_go_of_all
from tollway.engine.room import Room, RoomMade
from tollway.engine.run_of_pieces import PAUSE, RunOfPieces
from tollway.engine.shortcut import Shortcut
from tollway.engine.straight_reader import StraightReader
from tollway.identity.networks import is_loopback

logger = logging.getLogger(__name__)

CONNECTIONS_PER_ADDRESS = 100
"""At once, of one client connection (mitmproxy: 5, which a multiplexing client exhausts on HTTP/1.1)."""

QUEUED = 16 * 1024
"""Bytes that a peer may lag behind before its sender is read more slowly."""


def subject(hook: commands.StartHook) -> Any:
    """What a hook is about: its first field (`hook.args()` asks for the fields' names each time)."""
    return next(iter(vars(hook).values()))


class ConnectionHandler(mode_servers.ProxyConnectionHandler):
    """mitmproxy's handler of a client connection, with Tollway's hooks and dialling."""

    hooking: Hooking
    dialling: Dialling
    is_ours: Callable[[str, int], bool]
    bounds: ClientBounds = DEFAULTS

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.max_conns = defaultdict(lambda: asyncio.Semaphore(CONNECTIONS_PER_ADDRESS))
        self.attending = Attending(time.time())  # noqa: TID251  (mitmproxy's own clock)
        self.over = False
        """The engine failed, or the connection has ended: nothing more is told to the layers."""
        self._ended = False
        self._in_hooks: list[Any] = []
        """What the hooks are about that still run."""
        self._outgoing = Outgoing(self.transports)
        self._run_of_pieces = RunOfPieces()
        self._sender: Connection | None = None
        """Whose bytes were read last, ..."""
        self._relays = False
        """... whether they led to bytes for somebody else, ..."""
        self._read_later: Connection | None = None
        """... and whether more of them may come together."""
        self._busy = False
        self._pending: deque[events.Event] = deque()
        self._deadlines: dict[Deadline, asyncio.Task[None]] = {}
        self._paused: dict[Connection, asyncio.Event] = {}

    async def handle_hook(self, hook: commands.StartHook) -> None:
        """Run a hook outside of the layers, and wait for it."""
        data, done = subject(hook), asyncio.get_running_loop().create_future()
        if not self.hooking.run(hook.name, data, lambda: done.set_result(None)):
            with self.timeout_watchdog.disarm():
                await done

    def let_go(self) -> None:
        """Keep nothing of the connection, now that it has ended; once no hook of it waits any more.

        A flow that is still live by then would be for ever: a connection that it dials comes to nobody.
        """
        self._ended = True
        if not self._in_hooks:
            self.over = True
            for flow in flows_of(self.client):
                self.hooking.fail(flow)
            for transport in self.transports.values():
                if transport.handler is not None:
                    transport.handler.cancel("the client's connection has ended")
            self.transports.clear()
            let_go_of_all(self.layer)
            del self.layer, self.timeout_watchdog.callback

    async def handle_connection(self, connection: Connection) -> None:
        """As mitmproxy's, but what comes takes no task, as long as nobody has to wait."""
        transport = self.transports[connection]
        transport.handler = asyncio.current_task()  # mitmproxy's sets it later; what has come may end it now
        assert isinstance(transport.reader, asyncio.StreamReader)
        StraightReader.adopt(transport.reader, partial(self._take, connection), self.drain_writers)
        await super().handle_connection(connection)

    def _take(self, connection: Connection, data: bytes) -> bool:
        """Let the layers take what came; whether the next may come at once."""
        self._passed_on(events.DataReceived(connection, data))
        return not (self._read_later or self._paused or self._lagging())

    async def server_event(self, event: events.Event) -> None:
        """As mitmproxy's, for its own callers."""
        if isinstance(event, events.DataReceived):
            self._passed_on(event)
        else:
            self.feed(event)

    def _passed_on(self, event: events.DataReceived) -> None:
        self._sender, self._relays = event.connection, False
        if is_clients := event.connection is self.client:
            self.attending.received(len(event.data), time.time())  # noqa: TID251
        self.feed(event)
        if is_clients and self.attending.count > self.bounds.head:
            end_an_endless_head(self)
        if self._relays:
            now = asyncio.get_running_loop().time()
            if self._run_of_pieces.pause(event.connection, len(event.data), now):
                self._read_later = event.connection

    def feed(self, event: events.Event) -> None:
        """Let the layers take an event, and do as they say. They see one event at a time.

        Nothing in here waits. What their commands lead to at once (a hook that is done, a task that ran
        eagerly) comes back in here, and queues up behind the event at hand.
        """
        self._pending.append(event)
        if self._busy or self.over:
            return
        self._busy = True
        self.timeout_watchdog.last_activity = time.time()  # noqa: TID251  (mitmproxy's own clock)
        try:
            while self._pending:
                for command in self.layer.handle_event(self._pending.popleft()):
                    self._obey(command)
            self._outgoing.write()
        except Exception:
            log_failure(logger, "the engine failed; the connection is closed")
            self._crash()
        finally:
            self._busy = False

    def _obey(self, command: commands.Command) -> None:
        """Carry out a layer's command."""
        if isinstance(command, commands.SendData):
            self._relays = self._relays or command.connection is not self._sender
            self._outgoing.add(command.connection, command.data)
        elif isinstance(command, commands.StartHook):
            self._run(command)
        elif isinstance(command, commands.OpenConnection):
            self._open(command)
        elif isinstance(command, commands.CloseConnection):
            self._close(command)
        elif isinstance(command, commands.Log):
            self._say(command)
        else:
            self._obey_rarely(command)

    def _obey_rarely(self, command: commands.Command) -> None:
        if isinstance(command, Held):
            command.until.add_done_callback(lambda _: self.feed(events.Wakeup(command)))
        elif isinstance(command, commands.RequestWakeup):
            self._wake_up(command)
        elif isinstance(command, StopWaiting):
            self._stop_waiting(command.deadline)
        elif isinstance(command, Shortcut):
            self.layer = command.layer
        elif isinstance(command, Pause):
            self._paused.setdefault(command.connection, asyncio.Event())
        elif isinstance(command, Resume):
            self._resume(command.connection)
        elif isinstance(command, Room):
            self._make_room(command)
        elif isinstance(command, MayBeIdle):
            self._stay()
        else:
            raise RuntimeError(f"Unexpected command: {command}")

    def _open(self, command: commands.OpenConnection) -> None:
        assert command.connection not in self.transports
        name = f"server connection handler {command.connection.address}"
        handler = self._later(self.open_connection(command), name)
        if not handler.done():
            self.transports[command.connection] = ConnectionIO(handler=handler)

    def _run(self, hook: commands.StartHook) -> None:
        """Run a hook; the layer that waits for it hears of its end at once, or when it comes."""
        data = subject(hook)
        if hook.name in WHOLE:
            self.attending.whole(hook.name)

        def done() -> None:
            waiting.close()
            self._in_hooks.remove(data)
            if hook.blocking:
                self.feed(events.HookCompleted(hook))
            if self._ended:
                self.let_go()
            elif self.over:
                self._fail_flows()

        if self.hooking.run(hook.name, data, done):
            if hook.blocking:
                self._pending.append(events.HookCompleted(hook))
        else:
            self._in_hooks.append(data)
            waiting = ExitStack()
            waiting.enter_context(self.timeout_watchdog.disarm())

    def _wake_up(self, request: commands.RequestWakeup) -> None:
        timer = self._later(self.wakeup(request), f"wakeup timer ({request.delay:.1f}s)")
        self.wakeup_timer.add(timer)
        timer.add_done_callback(self.wakeup_timer.discard)
        if isinstance(request, Deadline):
            self._deadlines[request] = timer
            timer.add_done_callback(lambda _: self._deadlines.pop(request, None))

    def _stop_waiting(self, deadline: Deadline) -> None:
        if timer := self._deadlines.pop(deadline, None):
            timer.cancel()

    def _say(self, log: commands.Log) -> None:
        """What is wrong. The rest quotes what peers sent, keys and prompts included."""
        if log.level >= logging.WARNING:
            self.log(log.message, log.level)

    def _close(self, command: commands.CloseConnection) -> None:
        self._outgoing.write()
        if command.connection in self.transports:
            half = isinstance(command, commands.CloseTcpConnection) and command.half_close
            self.close_connection(command.connection, half)

    def _resume(self, connection: Connection) -> None:
        if paused := self._paused.pop(connection, None):
            paused.set()

    def _stay(self) -> None:
        self.timeout_watchdog.timeout = FOR_EVER
        for transport in self.transports.values():
            writer: Any = transport.writer
            if writer is not None and (connected := writer.get_extra_info("socket")) is not None:
                keep_asking(connected)

    def _make_room(self, room: Room) -> None:
        """Tell who asks for it that there is room, at once or when the peer has taken what waits for it."""
        self._outgoing.write()
        writer: Any = io.writer if (io := self.transports.get(room.connection)) else None
        if writer is None or writer.transport.get_write_buffer_size() <= QUEUED:
            self._pending.append(RoomMade(room))
        else:
            self._later(self._when_taken(room, writer), "room for an answer", keep_ref=True)

    async def _when_taken(self, room: Room, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await writer.drain()
        self.feed(RoomMade(room))

    async def _let_pieces_gather(self, sender: Connection) -> None:
        """Wait, in the task that reads a sender, until what it sends in small pieces has come together."""
        writer: Any = io.writer if (io := self.transports.get(sender)) else None
        if writer is not None:
            writer.transport.pause_reading()
            await asyncio.sleep(PAUSE)
            writer.transport.resume_reading()

    async def _wait_if_paused(self) -> None:
        """Wait, in the task that reads a connection, until it may be read again."""
        task = asyncio.current_task()
        for connection, paused in self._paused.items():
            if (transport := self.transports.get(connection)) and transport.handler is task:
                await paused.wait()
                return

    async def drain_writers(self) -> None:
        """Wait where a peer takes less than it is sent; mitmproxy waits for each, whatever is queued."""
        if (sender := self._read_later) is not None:
            self._read_later = None
            await self._let_pieces_gather(sender)
        if self._paused:
            await self._wait_if_paused()
        if (size := self._lagging()) and (size > SHARED or not shares(self.client)):
            await super().drain_writers()

    def _lagging(self) -> int:
        """Bytes that a peer lags behind, if it does."""
        for transport in self.transports.values():
            writer: Any = transport.writer
            if writer is not None and (size := writer.transport.get_write_buffer_size()) > QUEUED:
                return int(size)
        return 0

    def _later(self, coroutine: Any, name: str, keep_ref: bool = False) -> Any:
        return asyncio_utils.create_task(coroutine, name=name, keep_ref=keep_ref, client=self.client.peername)

    def _crash(self) -> None:
        """End what is left of this connection: its flows through their `error` hook, its sockets."""
        self.over = True
        self._outgoing.write()
        self._fail_flows()
        for connection, transport in list(self.transports.items()):
            connection.state = ConnectionState.CLOSED
            if transport.handler is not None:
                transport.handler.cancel("the engine failed")
            elif transport.writer is not None:  # the client's, before anything was read from it
                transport.writer.close()

    def _fail_flows(self) -> None:
        """End the flows that the engine lost, each once no hook of it runs: that would come later."""
        for flow in flows_of(self.client):
            if not any(flow is busy for busy in self._in_hooks):
                self.hooking.fail(flow)

    async def open_connection(self, command: commands.OpenConnection) -> None:
        connection = command.connection
        if not connection.address:
            await self._not_opened(command, None, "Cannot open connection, no hostname given.")
            return
        data = server_hooks.ServerConnectionHookData(client=self.client, server=connection)
        await self.handle_hook(server_hooks.ServerConnectHook(data))
        if connection.error:
            await self._not_opened(command, data, f"Connection killed: {connection.error}")
            return
        async with self.max_conns[connection.address]:
            try:
                connection.timestamp_start = time.time()  # noqa: TID251
                reader, writer = await self.dialling.open(
                    connection.address, local=connection.sockname, stranger=self._is_stranger(connection)
                )
            except (OSError, UnicodeError) as error:
                connection.error = str(error)
                await self._not_opened(command, data, str(error))
                return
            except asyncio.CancelledError:
                connection.error = "connection cancelled"
                await self._not_opened(command, data, "connection cancelled")
                raise
            self._opened(connection, reader, writer)
            await self.handle_hook(server_hooks.ServerConnectedHook(data))
            await self.server_event(events.OpenConnectionCompleted(command, None))
            try:
                await self.handle_connection(connection)
            except asyncio.CancelledError as cancelled:
                # Its frames hold it, and it them, with all that they know.
                raise cancelled.with_traceback(None) from None
            finally:
                connection.timestamp_end = time.time()  # noqa: TID251
                await self.handle_hook(server_hooks.ServerDisconnectedHook(data))

    def _is_stranger(self, connection: Any) -> bool:
        """A client of another machine that asks for what neither is a provider's nor the operator named."""
        if is_loopback(self.client.peername[0]) or self.is_ours(*connection.address[:2]):
            return False
        named: Any = getattr(self.client.proxy_mode, "address", None)  # of --mode reverse: and upstream:
        return bool(named != connection.address[:2])

    async def _not_opened(
        self, command: commands.OpenConnection, data: server_hooks.ServerConnectionHookData | None, why: str
    ) -> None:
        self.log(f"error establishing server connection: {why}")
        self.transports.pop(command.connection, None)
        if data is not None:
            await self.handle_hook(server_hooks.ServerConnectErrorHook(data))
        await self.server_event(events.OpenConnectionCompleted(command, why))

    def _opened(self, connection: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection.timestamp_tcp_setup = time.time()  # noqa: TID251
        connection.state = ConnectionState.OPEN
        connection.peername = writer.get_extra_info("peername")
        connection.sockname = writer.get_extra_info("sockname")
        self.transports[connection] = ConnectionIO(
            handler=asyncio.current_task(), reader=reader, writer=writer
        )
        self.log(f"server connect {human.format_address(connection.address)}")
