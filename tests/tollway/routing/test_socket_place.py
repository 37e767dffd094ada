"""Where a socket would be opened instead, over the table of providers, and what its upgrade is there."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tollway.model import Endpoint, Kind
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.routing.place import Place
from tollway.routing.resolve import Target
from tollway.routing.rewrite import Moved
from tollway.routing.socket_place import BETA, KEPT, UNCLEAR, reopened, socket_place
from tollway.sockets.opening import model_of

REALTIME = {"operation": "realtime", "socket": "openai_realtime"}
OWN = load(
    [
        {"name": "eu", "hosts": ["acme.openai.azure.com"], "keys": {"openai_chat": "api-key"},
         "errors": "openai_chat", "serves": [{"at": ["/openai", "/openai/v1"], "set": "openai"}]},
        {"name": "chats", "hosts": ["chats.corp.example"],
         "paths": {"/v1/chat/completions": {"operation": "chat", "dialect": "openai_chat"}}},
        {"name": "ported", "hosts": ["voice.corp.example:8443"], "paths": {"/talk": REALTIME}},
        {"name": "tenants", "hosts": ["tenants.corp.example"], "paths": {"/{tenant}/realtime": REALTIME}},
        {"name": "plan", "hosts": ["plan.corp.example"], "subscription": True, "paths": {"/talk": REALTIME}},
        {"name": "hidden", "hosts": ["voice.corp.example:8443"], "paths": {"/talk": REALTIME}},
        {"name": "xai", "hosts": ["chats.corp.example"],
         "paths": {"/v1/rerank": {"operation": "rerank", "dialect": "openai_rerank"}}},
    ]
)  # fmt: skip
PATH = "/v1/realtime?model=gpt-realtime"
UPGRADE = {
    "host": "api.openai.com",
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "sec-websocket-version": "13",
    "user-agent": "made-up/1",
    "authorization": "Bearer sk-of-the-caller",
}


def endpoint(path: str = PATH, host: str = "api.openai.com") -> Endpoint:
    found = recognise(OWN, host, 443, "GET", path, upgrade=True)
    assert found is not None
    return replace(found, kind=Kind.SOCKET)


def at(to: str, path: str = PATH) -> Place | str:
    provider, _, model = to.partition("/")
    return socket_place(OWN, endpoint(path), 443, path, Target(provider, model))


def sure(to: str, path: str = PATH) -> Place:
    found = at(to, path)
    assert isinstance(found, Place), found
    return found


def gone(to: str, path: str = PATH, key: str | None = "k-made-up", **headers: str) -> Moved | str:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return reopened(path, UPGRADE | more, sure(to, path), key)


def there(to: str, *said: Any, **more: Any) -> Moved:
    found = gone(to, *said, **more)
    assert isinstance(found, Moved), found
    return found


def test_at_the_same_provider_only_the_model_changes() -> None:
    found = there("openai/own voice", "/v1/realtime?x=1&model=gpt-realtime&y")

    assert (found.host, found.port, found.path) == (
        "api.openai.com",
        443,
        "/v1/realtime?x=1&model=own%20voice&y",
    )
    assert (found.same_host, found.set, found.remove, found.model) == (True, {}, (), "own voice")


def test_another_provider_gets_the_upgrade_and_the_key_alone() -> None:
    found = there("eu/voice", sec_websocket_protocol="realtime, openai-insecure-api-key.sk-x", cookie="a=b")

    assert (found.host, found.path) == ("acme.openai.azure.com", "/openai/v1/realtime?model=voice")
    assert found.set == {
        "user-agent": "made-up/1",
        "sec-websocket-protocol": "realtime",
        "api-key": "k-made-up",
    }
    assert set(found.remove) == {"user-agent", "authorization", "cookie", "sec-websocket-protocol"}
    assert found.endpoint.kind is Kind.SOCKET
    assert found.endpoint.socket == "openai_realtime"


def test_a_host_may_have_its_port() -> None:
    found = there("ported/voice")

    assert (found.host, found.port, found.path) == ("voice.corp.example", 8443, "/talk?model=voice")
    assert "sec-websocket-protocol" not in found.set


def test_of_several_rows_the_first_that_speaks_it_is_taken() -> None:
    assert sure("xai/grok-voice-latest").endpoint.host == "api.x.ai"


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("nobody/m", "no provider is called nobody"),
        ("azure/m", "azure has a host for each customer or region: name yours in a row of `providers`"),
        ("chats/m", "chats has no path for a socket on which openai_realtime is spoken"),
        ("tenants/m", "tenants has no path for a socket on which openai_realtime is spoken"),
        ("gemini/m", "gemini has no path for a socket on which openai_realtime is spoken"),
        ("plan/m", "at plan, something else would be opened"),
        ("hidden/m", "at hidden, something else would be opened"),
    ],
)
def test_what_speaks_something_else_is_no_place(to: str, why: str) -> None:
    assert at(to) == why


def test_a_path_that_names_the_model_is_left_alone() -> None:
    now = replace(endpoint(), model="of the path")

    assert socket_place(OWN, now, 443, PATH, Target("openai", "m")) == UNCLEAR


@pytest.mark.parametrize(
    ("path", "to", "why"),
    [
        ("/v1/realtime?intent=transcription", "openai/m", UNCLEAR),
        ("/v1/realtime?model=a&model=b", "openai/m", UNCLEAR),
        ("/v1/realtime?model=a&deployment=b", "openai/m", UNCLEAR),
        ("/v1/realtime?Model=a", "openai/m", UNCLEAR),
        ("/v1/realtime?model=a&call_id=rtc_1", "openai/m", KEPT.format("call_id")),
        ("/v1/realtime?model=a&x=1", "eu/m", "x: not all that speak the format know it"),
        ("/v1/realtime?deployment=a", "eu/m", "deployment: not all that speak the format know it"),
    ],
)
def test_an_address_that_says_more_than_a_model_stays(path: str, to: str, why: str) -> None:
    assert gone(to, path) == why


def test_without_a_key_nobody_else_is_asked() -> None:
    assert gone("eu/m", key=None) == "no credential is known for eu"
    assert gone("eu/m", key="no\nheader") == "the credential for eu fits into no header"


@pytest.mark.parametrize(
    "headers",
    [{"openai_beta": "realtime=v1"}, {"sec_websocket_protocol": "realtime, openai-beta.realtime-v1"}],
)
def test_a_beta_is_its_provider_s_own(headers: dict[str, str]) -> None:
    assert gone("eu/m", **headers) == BETA
    assert isinstance(gone("openai/m", **headers), Moved)


@given(st.text(), st.text(min_size=1))
def test_the_model_that_is_asked_for_is_the_route_s_or_nothing_is(query: str, model: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in query + model):
        return
    found = reopened(f"/v1/realtime?{query}&model=a", UPGRADE, replace(sure("openai/m"), model=model))

    assert isinstance(found, str) or model_of(found.path.partition("?")[2]) in (model[:256], None)
