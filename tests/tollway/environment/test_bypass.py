"""NO_PROXY."""

import urllib.request
from collections.abc import Mapping

import httpx
import pytest

from tollway.environment.bypass import LOOPBACK, bypassed, no_proxy


@pytest.mark.parametrize(
    ("present", "value"),
    [
        ({}, "localhost,127.0.0.1,::1"),
        ({"NO_PROXY": ""}, "localhost,127.0.0.1,::1"),
        ({"NO_PROXY": ".corp.example, 10.0.0.0/8"}, ".corp.example,10.0.0.0/8,localhost,127.0.0.1,::1"),
        ({"no_proxy": "a.example b.example"}, "a.example,b.example,localhost,127.0.0.1,::1"),
        ({"NO_PROXY": "b.example", "no_proxy": "a.example"}, "a.example,b.example,localhost,127.0.0.1,::1"),
        ({"NO_PROXY": "localhost,a.example"}, "localhost,a.example,127.0.0.1,::1"),
        ({"NO_PROXY": "*"}, "*,localhost,127.0.0.1,::1"),
    ],
)
def test_the_users_own_entries_are_kept_and_the_loopback_is_added(
    present: Mapping[str, str], value: str
) -> None:
    assert no_proxy(present) == value
    assert no_proxy({"NO_PROXY": value, "no_proxy": value}) == value


@pytest.mark.parametrize(
    ("value", "past"),
    [
        ("localhost", ()),
        ("api.openai.com", ("api.openai.com",)),
        (".openai.com", ("api.openai.com",)),
        ("OpenAI.com", ("api.openai.com",)),
        ("*.openai.com", ("api.openai.com",)),
        ("i.openai.com", ()),
        ("*", ("api.openai.com", "api.anthropic.com")),
        ("10.0.0.0/8", ()),
    ],
)
def test_providers_that_would_not_be_seen_are_found(value: str, past: tuple[str, ...]) -> None:
    assert bypassed(value, ["api.openai.com", "api.anthropic.com"]) == past


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, no_proxy({"NO_PROXY": ".corp.example"}))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:8080")


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "git.corp.example"])
def test_clients_in_python_go_past_the_proxy(host: str) -> None:
    """httpx reads the names at once, and fails on spellings that it can't read."""
    with httpx.Client() as client:
        assert client._transport_for_url(httpx.URL(f"http://{host}:1/")) is client._transport
    if host != "[::1]":
        assert urllib.request.proxy_bypass(f"{host}:1")


@pytest.mark.usefixtures("proxied")
def test_clients_in_python_go_to_providers_through_it() -> None:
    with httpx.Client() as client:
        assert client._transport_for_url(httpx.URL("https://api.openai.com/")) is not client._transport
    assert not urllib.request.proxy_bypass("api.openai.com:443")
    assert set(LOOPBACK) == {"localhost", "127.0.0.1", "::1"}
