"""What limits change of a request."""

import orjson
from mitmproxy.http import Headers
from mitmproxy.test import tflow
from msgspec.structs import replace

from tests.tollway.admitting import BODY, ENDPOINT, REQUEST, asked, candidate, governing
from tollway import exchange
from tollway.candidate import Candidate
from tollway.hooks.changing import change

POLICY = governing(
    """
limits: [{name: day, amount: 1 USD, window: day}]
routes: {away: [{from: gpt-4o, to: groq/openai/gpt-oss-120b}]}
credentials: {groq: {inject: env:GROQ_KEY}}
""",
    {"GROQ_KEY": "made-up"},
)


def test_a_clamp_lowers_the_maximum_and_nothing_else() -> None:
    flow = tflow.tflow()
    known = exchange.begin(flow, asked())

    change(flow, known, POLICY.candidates.clamped(candidate(POLICY, known), 300))

    assert orjson.loads(flow.request.raw_content or b"") == {**BODY, "max_tokens": 300}
    assert known.route is None


def test_a_move_changes_address_model_and_credential() -> None:
    """And a clamp of what was moved lowers it there."""
    flow = tflow.tflow()
    flow.request.headers["authorization"] = "Bearer of-the-caller"
    flow.request.trailers = Headers(authorization="Bearer of-the-caller")
    known = exchange.begin(flow, asked())
    first = candidate(POLICY, known)
    moved = POLICY.ways(first, lambda: REQUEST, lambda: 0).route(first, "away", frozenset(), ())
    assert isinstance(moved, Candidate)

    change(flow, known, POLICY.candidates.clamped(moved, 300))

    assert (flow.request.host, flow.request.path) == ("api.groq.com", "/openai/v1/chat/completions")
    assert flow.request.scheme == "https"
    assert not flow.request.trailers
    assert flow.request.headers["authorization"] == "Bearer made-up"
    assert known.injected == "env:GROQ_KEY"
    said = orjson.loads(flow.request.raw_content or b"")
    assert (said["model"], said["max_tokens"]) == ("openai/gpt-oss-120b", 300)
    assert (known.endpoint.provider, known.host) == ("groq", "api.groq.com")
    assert known.route == "openai/gpt-4o -> groq/openai/gpt-oss-120b"


def test_a_cap_is_put_on_the_providers_tools() -> None:
    """With a clamp of the output beside it."""
    flow = tflow.tflow()
    body = {"model": "gpt-4o", "input": "news", "tools": [{"type": "web_search"}]}
    known = exchange.begin(flow, asked(body, endpoint=replace(ENDPOINT, dialect="openai_responses")))
    capped = POLICY.candidates.capped(candidate(POLICY, known), 4)
    assert capped is not None

    change(flow, known, POLICY.candidates.clamped(capped, 300))

    said = orjson.loads(flow.request.raw_content or b"")
    assert said == body | {"max_tool_calls": 4, "max_output_tokens": 300}
