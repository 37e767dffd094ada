"""Where a route has a socket opened, and why it does not; tests/tollway/routing has each part of it."""

from typing import Any

import pytest

from tests.tollway.admitting import governing
from tollway.candidate import Candidate
from tollway.exchange import Exchange
from tollway.hooks.aim import named
from tollway.model import Billing, Endpoint, Kind
from tollway.rerouting import Request
from tollway.routing.soundness import FLAT, SIGNED

SOCKET = Endpoint(
    kind=Kind.SOCKET,
    provider="openai",
    host="api.openai.com",
    operation="realtime",
    errors="openai_chat",
    socket="openai_realtime",
)
PATH = "/v1/realtime?model=gpt-realtime"
POLICY = """
credentials: {xai: {inject: env:XAI_KEY%s}}
routes:
  less: [{from: gpt-realtime, to: openai/gpt-realtime-mini}]
  away: [{from: gpt-realtime, to: xai/grok-voice-latest}]
  chats: [{from: gpt-realtime, to: gemini/gemini-live}]
  here: [{from: gpt-realtime, to: [same, openai/gpt-realtime-mini], on: [429]}]
  puts: [{from: gpt-realtime, to: same, set: {temperature: 0.2}}]
  left: [{from: gpt-realtime, when: {budget.left: under 20%%}, to: openai/gpt-realtime-mini}]
  tools: [{from: gpt-realtime, when: {tools: false}, to: openai/gpt-realtime-mini}]
limits: [{name: day, amount: 1 USD, window: day}]
"""


def opened(route: str, more: str = "", path: str = PATH, entry: str = "", **known: Any) -> Candidate | str:
    """Where it leads the socket."""
    policy = governing(POLICY % entry + more, {"XAI_KEY": "made-up-key"})
    call = named(Exchange(id="s", started_us=1, endpoint=SOCKET, host="api.openai.com", **known), path)
    first = policy.candidates.any(call)
    request = Request(method="GET", port=443, path=path, headers={})
    return policy.ways(first, lambda: request, lambda: 0).route(first, route, frozenset(), ())


def sure(*said: Any, **known: Any) -> Candidate:
    found = opened(*said, **known)
    assert isinstance(found, Candidate), found
    assert found.moved is not None
    return found


def test_another_model_of_the_same_provider_keeps_the_credential() -> None:
    found = sure("less")

    assert (found.row.model_asked, found.row.model) == ("gpt-realtime", "gpt-realtime-mini")
    assert found.moved is not None
    assert (found.moved.path, found.moved.set, found.moved.injected) == (
        "/v1/realtime?model=gpt-realtime-mini",
        {},
        None,
    )


def test_another_provider_gets_the_policy_s_key() -> None:
    plain, own = sure("away"), sure("away", entry=", header: x-api-key")

    assert plain.moved is not None
    assert own.moved is not None
    assert (plain.moved.injected, plain.moved.set) == ("env:XAI_KEY", {"authorization": "Bearer made-up-key"})
    assert own.moved.set == {"x-api-key": "made-up-key"}
    assert (plain.call.host, plain.call.endpoint.kind) == ("api.x.ai", Kind.SOCKET)


def test_a_key_goes_to_the_hosts_that_may_have_it() -> None:
    assert opened("away", entry=", hosts: [other.x.ai]") == (
        "xai/grok-voice-latest: no credential is known for xai"
    )


def test_what_is_first_at_home_stays() -> None:
    found = opened("here")

    assert isinstance(found, Candidate)
    assert found.moved is None


@pytest.mark.parametrize(
    ("route", "known", "why"),
    [
        ("less", {"signed": True}, SIGNED),
        ("less", {"billing": Billing.NOTIONAL}, FLAT),
        ("chats", {}, "gemini has no path for a socket on which openai_realtime is spoken"),
        ("puts", {}, "what a route would set is said once the socket is open"),
    ],
)
def test_why_it_goes_nowhere(route: str, known: dict[str, Any], why: str) -> None:
    found = opened(route, **known)

    assert isinstance(found, str)
    assert found.endswith(f": {why}")


@pytest.mark.parametrize("route", ["left", "tools"])
def test_a_rule_that_asks_what_is_said_later_does_not_hold(route: str) -> None:
    assert opened(route) == "no rule of it is about openai/gpt-realtime"


def test_an_address_without_a_model_goes_nowhere() -> None:
    assert opened("less", path="/v1/realtime?intent=transcription") == "no rule of it is about openai/"


def test_what_may_not_be_called_there_stays() -> None:
    access = "access: [{deny: {model: gpt-realtime-mini}}]\n"

    assert isinstance(opened("less", access), str)
