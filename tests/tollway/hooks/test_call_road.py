"""The road of a call that has no request of its own: over whole sockets, what stops it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from tests.simulator import Simulator
from tests.tollway.hooks.test_inject import revoked
from tests.tollway.identified import given
from tests.tollway.spoken import answering, completed, create, created, opened, talking, until
from tollway.hooks.budget import Budget
from tollway.hooks.record import Record
from tollway.ledger.fault import LedgerError
from tollway.model import CallRecord

LIMIT = "limits: [{name: day, amount: 1 USD, window: day}]\n"


class FullDisk:
    """A ledger that can take nothing any more."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self.fails if name in ("record", "reserve", "look") else getattr(self._ledger, name)

    def fails(self, *_: Any, **__: Any) -> "asyncio.Future[CallRecord]":
        failed: asyncio.Future[CallRecord] = asyncio.get_running_loop().create_future()
        failed.set_exception(LedgerError("the disk is full"))
        return failed


@pytest.mark.parametrize("limits", ["", LIMIT])
@pytest.mark.parametrize(("store_down", "goes"), [("closed", False), ("open", True)])
async def test_what_the_ledger_does_not_take_goes_as_the_policy_says(
    tmp_path: Path, sim: Simulator, limits: str, store_down: str, goes: bool
) -> None:
    policy = f"version: 1\nfaults: {{store_down: {store_down}}}\n{limits}"
    async with talking(tmp_path, sim, answering, policy=policy) as running, opened(running) as socket:
        broken = FullDisk(running.proxy.ledger)
        running.step(Record)._ledger = broken
        running.step(Budget).ledger = broken
        await socket.send(create())
        said = await until(socket, "error", "response.completed")

    assert (said["type"] == "response.completed") is goes
    assert goes or said["error"]["code"] == "ledger_down"


async def test_access_rules_and_rates_hold_for_each_call(tmp_path: Path, sim: Simulator) -> None:
    policy = (
        "version: 1\naccess: [{deny: {model: gpt-4*}}]\n"
        "rates: [{name: burst, allow: 1 requests / hour, then: [block]}]\n"
    )
    async with talking(tmp_path, sim, answering, policy=policy) as running, opened(running) as socket:
        await socket.send(create("gpt-4o"))
        denied = await until(socket, "error")
        await socket.send(create())
        await until(socket, "response.completed")
        await socket.send(create())
        rated = await until(socket, "error")
        rows = await running.calls(3)

    assert denied["error"]["code"] == "access_denied"
    assert "burst" in rated["error"]["message"]
    assert [row.error for row in rows] == ["access_denied", None, "over_rate"]


async def test_what_guardrails_find_does_not_leave(tmp_path: Path, sim: Simulator) -> None:
    """Neither with what asks for an answer, nor before it."""
    policy = "version: 1\nguardrails: [{find: [email], in: request, do: redact}]\n"
    heard: list[str] = []

    async def talk(socket: ServerConnection) -> None:
        async for message in socket:
            heard.append(json.loads(message)["type"])
            await socket.send(created("resp_1"))

    async with talking(tmp_path, sim, talk, policy=policy) as running:
        async with opened(running) as socket:
            await socket.send(create(input="write to ada.lovelace@acme-corp.com"))
            assert (await until(socket, "error"))["error"]["code"] == "guardrail"
            await socket.send(create(input="write to nobody"))
            await until(socket, "response.created")
            one, *_ = await running.calls(1)

    assert heard == ["response.create"]
    assert [(found.kind, found.do.name) for found in one.findings] == [("email", "BLOCK")]


async def test_nor_does_it_with_what_only_adds_to_a_conversation(tmp_path: Path, sim: Simulator) -> None:
    """The refusal is a row; sound, and what has no texts, is not looked through."""
    policy = "version: 1\nguardrails: [{find: [email], in: request, do: block}]\n"
    heard: list[str] = []

    async def talk(socket: ServerConnection) -> None:
        async for message in socket:
            heard.append(json.loads(message)["type"])

    part = {"type": "input_text", "text": "I am ada.lovelace@acme-corp.com"}
    item = {"type": "message", "role": "user", "content": [part]}
    async with talking(tmp_path, sim, talk, policy=policy) as running:
        async with opened(running, "/v1/realtime?model=gpt-realtime") as socket:
            await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
            refused = await until(socket, "error")
            await socket.send(json.dumps({"type": "conversation.item.create", "item": {"id": "x"}}))
            await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": "AAAA"}))
            await (await socket.ping())
            row = await running.call()

    assert refused["error"]["code"] == "guardrail"
    assert (row.error, row.operation, row.cost.nano) == ("guardrail", "realtime", 0)
    assert heard == ["conversation.item.create", "input_audio_buffer.append"]


async def test_nothing_begins_while_the_proxy_stops(tmp_path: Path, sim: Simulator) -> None:
    async with talking(tmp_path, sim, answering) as running, opened(running) as socket:
        await running.proxy.steps.drain.stop(0.1)
        await socket.send(create())

        assert (await until(socket, "error"))["error"]["code"] == "stopping"


async def test_a_key_that_was_taken_back_ends_its_sockets(
    tmp_path: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its next call is told so, and then there is no other."""
    monkeypatch.setenv("COMPANY_KEY", "sk-made-up")
    policy = (
        "version: 1\nidentity: [{virtual_keys: true}]\ncredentials: {openai: {inject: env:COMPANY_KEY}}\n"
    )
    heard: list[str] = []

    async def talk(socket: ServerConnection) -> None:
        async for message in socket:
            heard.append(str(message))
            await socket.send(created("resp_1"))
            await socket.send(completed("resp_1"))

    async with talking(tmp_path, sim, talk, policy=policy) as running:
        key = given(running, user="ann")
        headers = {"authorization": f"Bearer {key}"}
        async with opened(running, additional_headers=headers) as socket:
            await socket.send(create())
            await until(socket, "response.completed")
            revoked(running, key)
            await socket.send(create())
            refused = await until(socket, "error")
            with pytest.raises(ConnectionClosed) as closed:
                await until(socket, "never")
            one, two = await running.calls(2)

    assert refused["error"]["code"] == "unauthenticated"
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    assert (one.user, two.error, len(heard)) == ("ann", "unauthenticated", 1)
