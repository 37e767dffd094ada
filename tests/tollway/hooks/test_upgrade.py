"""Of what a request wants its connection to become, a WebSocket is left, or nothing."""

import pytest
from mitmproxy.http import Headers, Request

from tollway.hooks.headers import plain
from tollway.hooks.upgrade import ask_for_nothing_else, is_upgrade


def request(*fields: tuple[bytes, bytes]) -> Request:
    return Request.make("GET", "https://api.openai.com/v1/models", headers=Headers(fields))


@pytest.mark.parametrize(
    ("upgrade", "asks", "left"),
    [
        (b"websocket", True, b"websocket"),
        (b"WebSocket", True, b"WebSocket"),
        (b"h2c, websocket", True, b"websocket"),
        (b"websocket/13", True, b"websocket"),
        (b"h2c", False, None),
        (b"H2C", False, None),
        (b"", False, None),
    ],
)
def test_nothing_but_a_websocket_is_asked_for(upgrade: bytes, asks: bool, left: bytes | None) -> None:
    asked = request((b"Upgrade", upgrade), (b"HTTP2-Settings", b"AAMA"), (b"X", b"y"))

    assert is_upgrade(asked.headers, plain(asked.headers)) is asks
    ask_for_nothing_else(asked, asks)

    assert asked.headers.get("upgrade") == (left.decode() if left is not None else None)
    assert "http2-settings" not in asked.headers
    assert asked.headers["x"] == "y"


@pytest.mark.parametrize(
    ("connection", "left"),
    [
        (b"Upgrade", None),
        (b"Upgrade, HTTP2-Settings", None),
        (b"keep-alive, upgrade", "keep-alive"),
        (b"close", "close"),
    ],
)
def test_nor_does_the_connection_speak_of_it(connection: bytes, left: str | None) -> None:
    asked = request((b"Upgrade", b"h2c"), (b"Connection", connection))

    ask_for_nothing_else(asked, False)

    assert asked.headers.get("connection") == left
