"""Recorded reality: a HAR of the recorded sockets costs what a second reading of them says."""

import base64
import json
from typing import Any

import pytest

from tests.corpus.socket_counts import Counted, calls, nano
from tests.corpus.sockets import ABSENT, FILE, Socket, sockets
from tests.tollway.recorded.samples import NOW, TIME_US
from tollway.money import usd
from tollway.prices import PriceBook
from tollway.providers.load import load
from tollway.recorded.call import Call, as_json
from tollway.recorded.har import read
from tollway.recorded.pricing import price

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

ALL = sockets()
REGISTRY, BOOK = load(open_regions=True), PriceBook()


def entry(socket: Socket) -> dict[str, Any]:
    """The session as Chrome would have it; Google's messages are binary."""
    at, is_binary = TIME_US / 1_000_000, "google" in socket.host
    said = [
        {
            "type": "send" if from_client else "receive",
            "time": at + number / 10,
            "opcode": 2 if is_binary else 1,
            "data": base64.b64encode(content).decode() if is_binary else content.decode(),
        }
        for number, (from_client, content) in enumerate(socket.messages)
    ]
    return {
        "startedDateTime": "2026-11-20T10:00:00.000Z",
        "request": {"method": "GET", "url": f"wss://{socket.host}{socket.path}", "headers": []},
        "response": {"status": 101, "headers": [], "content": {}},
        "_resourceType": "websocket",
        "_webSocketMessages": said,
    }


def counted(call: Call) -> list[Counted]:
    """The calls on a socket that reported what they used, as the second reading has them."""
    found = [
        Counted(r.operation, (r.model_served or "").removesuffix("-global-standard"), r.usage.known())
        for r in call.records
        if r.usage.known() and r.cost.source.value == "computed"
    ]
    return sorted(found, key=str)


def test_a_har_of_the_sockets_costs_what_a_second_reading_says() -> None:
    """To the nano-dollar, up to two a call where parts are rounded; each entry is the sum of its calls."""
    found = price([read(json.dumps(entry(socket)).encode()) for socket in ALL], REGISTRY, BOOK, NOW)

    assert [call.n for call in found] == list(range(27))
    for socket, call in zip(ALL, found, strict=True):
        hoped = calls(socket.frames)
        assert counted(call) == sorted(hoped, key=str), socket.name
        assert call.record is not None
        known = sum(r.cost.nano for r in call.records if r.cost.source.value == "computed")
        assert abs(known - sum(map(nano, hoped))) <= 2 * len(hoped), socket.name
        assert "unread_messages" not in call.record.cost.flags
        told = as_json(call)
        assert told["cost_usd"] == usd(sum(record.cost.nano for record in call.records))
        assert len(told["calls"]) == len(call.records) >= len(hoped)
        assert (told["metered"], told["status"], told["stream"]) == (True, 101, True)
