"""The proxy's own name: when it is that which a request goes to."""

import pytest
from mitmproxy.connection import Client
from mitmproxy.proxy.mode_specs import ProxyMode

from tollway.own_name import is_asked, is_own_name

ADDRESS = ("127.0.0.1", 1)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("tollway.internal", True),
        ("TOLLWAY.Internal.", True),
        ("tollway.internal..", False),
        ("a.tollway.internal", False),
        ("tollway.internal.example", False),
        ("", False),
    ],
)
def test_it_is_one_name(host: str, own: bool) -> None:
    assert is_own_name(host) is own


@pytest.mark.parametrize(
    ("mode", "host", "hello", "asked"),
    [
        ("regular", "tollway.internal", None, True),
        ("regular", "tollway.internal", "api.openai.com", True),
        ("regular", "api.openai.com", "tollway.internal", False),
        ("regular", "api.openai.com", None, False),
        ("regular", "192.0.2.1", "tollway.internal", True),
        ("transparent", "2001:db8::1", "Tollway.internal", True),
        ("transparent", "192.0.2.1", "api.openai.com", False),
        ("transparent", "192.0.2.1", None, False),
        ("reverse:http://192.0.2.1", "192.0.2.1", "tollway.internal", False),
        ("upstream:http://192.0.2.1", "tollway.internal", None, True),
    ],
)
def test_the_address_decides_and_for_a_bare_one_the_hello(
    mode: str, host: str, hello: str | None, asked: bool
) -> None:
    client = Client(peername=ADDRESS, sockname=ADDRESS, proxy_mode=ProxyMode.parse(mode), sni=hello)

    assert is_asked(client, host) is asked
