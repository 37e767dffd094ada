"""A proxy that is killed while calls on sockets are under way has lost none of them."""

import json
import os
import signal
import ssl
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from tests.tollway.command import Office
from tests.tollway.office import authority, office, providers
from tests.tollway.spoken import create, until
from tollway import clock
from tollway.ledger.open import open_books, open_ledger

__all__ = ["authority", "office", "providers"]
POLICY = "version: 1\nlimits: [{name: day, amount: 1 USD, window: day}]\n"


async def begin(proxy: str, trust: ssl.SSLContext) -> ClientConnection:
    """One call that ends, and two more that are under way; the socket stays open."""
    socket = await connect(
        "wss://api.openai.com/v1/responses",
        proxy=proxy,
        ssl=trust,
        additional_headers={"authorization": "Bearer sk-made-up"},
    )
    await socket.send(create())
    await until(socket, "response.completed")
    for lane in "ab":
        await socket.send(create(stream_id=lane))
    for _ in range(2):
        await until(socket, "response.created")
    return socket


async def test_what_was_held_is_charged_at_its_bound(office: Office, tmp_path: Path) -> None:
    """And a call that had ended at what it used; no bucket holds anything any more."""
    assert office.sim is not None
    slow = {"interval": 1000}
    office.sim.on("api.openai.com", "*", websocket=101, socket={"calls": [{}, slow, slow]})
    (tmp_path / "policy.yaml").write_text(POLICY)
    words = ("--listen", "127.0.0.1:0", "--format", "json", "--policy", str(tmp_path / "policy.yaml"))
    with office.start("serve", *words) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        try:
            socket = await begin(facts["url"], ssl.create_default_context(cafile=facts["ca"]))
        finally:
            os.kill(facts["pid"], signal.SIGKILL)
        await socket.wait_closed()

    open_ledger(f"sqlite:{office.home / 'ledger.db'}").close()  # as the next start does
    rows = office.calls()
    bounds = [row.bound.nano if row.bound is not None else 0 for row in rows]
    assert [row.state for row in rows] == ["done", "lost", "lost"]
    assert [row.cost.nano == bound for row, bound in zip(rows, bounds, strict=True)] == [False, True, True]
    books = open_books(f"sqlite:{office.home / 'ledger.db'}")
    try:
        (bucket,) = books.buckets(clock.now_us())
        assert (bucket.held, bucket.settled) == (0, sum(row.cost.nano for row in rows))
    finally:
        books.close()
