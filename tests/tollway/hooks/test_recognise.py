"""The first step: whose call it is, what the caller says of it, and what is ours and not the provider's."""

from pathlib import Path

import orjson
import pytest
from mitmproxy.http import Request
from mitmproxy.test import tflow

from tests.simulator import Simulator
from tests.tollway.calls import CHAT, GEMINI, Call, refusal
from tests.tollway.calls import CLAUDE as MESSAGES
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import exchange
from tollway.hooks.recognise import Recognise, as_policy_says, call_id, is_opening
from tollway.model import Billing, Endpoint, Kind

CLAUDE = "https://api.anthropic.com/v1/messages"
ASKED = {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}


def test_ids_are_in_the_order_of_time_and_unique() -> None:
    """32 hex digits, so that an index grows at its end."""
    ids = [call_id(started) for started in (1, 1, 2, 1_795_462_800_000_000)]

    assert len(set(ids)) == 4
    assert ids[0] < ids[2] < ids[3]
    assert all(len(id) == 32 and int(id, 16) for id in ids)


async def test_our_headers_are_read_and_never_reach_the_provider(road: Road) -> None:
    async with road.client() as client:
        headers = {"X-Tollway-Tags": "project=apollo, env=ci", "x-tollway-any": "a", "x-api-key": "made-up"}
        await client.post(CLAUDE, json=ASKED, headers=headers)

    record = await road.call()
    (seen,) = road.sim.seen
    assert dict(record.tags) == {"project": "apollo", "env": "ci"}
    assert not [name for name, _ in seen.headers if b"tollway" in bytes(str(name), "utf-8").lower()]


async def test_the_tags_of_a_run_are_on_each_of_its_calls(tmp_path: Path, home: Path, sim: Simulator) -> None:
    async with running_road(tmp_path, sim, tags={"project": "apollo"}) as road, road.client() as client:
        await client.post(CLAUDE, json=ASKED, headers={"x-tollway-tags": "env=ci"})

        assert dict((await road.call()).tags) == {"project": "apollo", "env": "ci"}


async def test_a_log_in_with_a_plan_is_notional_unless_a_key_is_beside_it(road: Road) -> None:
    """A forged log-in must not make a metered call free."""
    plan = {"authorization": "Bearer " + "sk-ant-" + "oat01-made-up", "anthropic-beta": "oauth-2025-04-20"}
    async with road.client() as client:
        await client.post(CLAUDE, json=ASKED, headers=plan)
        await client.post(CLAUDE, json=ASKED, headers={**plan, "x-api-key": "made-up"})

    billings = [record.billing for record in await road.calls(2)]
    assert billings == [Billing.NOTIONAL, Billing.METERED]


async def test_a_socket_on_an_inference_path_is_answered_426_in_the_providers_shape(road: Road) -> None:
    upgrade = {"upgrade": "websocket", "connection": "Upgrade", "sec-websocket-version": "13"}
    async with road.client() as client:
        answer = await client.get("https://api.openai.com/v1/responses", headers=upgrade)

    assert answer.status_code == 426
    assert answer.json()["error"]["code"] == "upgrade_required"
    assert not road.sim.seen


async def test_a_path_that_may_cost_and_that_nothing_reads_passes_and_is_recorded(road: Road) -> None:
    async with road.client() as client:
        await client.post("https://api.openai.com/v1/some/new/thing", json={"a": 1})

    record = await road.call()
    assert (record.operation, record.status, record.cost.nano) == (Kind.UNKNOWN.value, 404, 0)


@pytest.mark.parametrize("call", [CHAT, MESSAGES, GEMINI], ids=lambda call: call.host)
async def test_a_refused_socket_is_told_why_in_each_familys_shape(road: Road, call: Call) -> None:
    upgrade = {"upgrade": "WebSocket", "connection": "Upgrade", "sec-websocket-version": "13"}

    async with road.client() as client:
        answer = await client.post(call.url, json=call.body, headers=upgrade)

    assert answer.status_code == 426
    assert "not over a WebSocket" in refusal(call, answer.content)[1]
    assert road.sim.seen == []
    assert [row.cost.nano for row in await road.rows()] in ([], [0])


async def test_a_key_is_known_by_its_fingerprint_alone(road: Road) -> None:
    """Wherever it travels; another key has another one, and no key has none."""
    key, other = "made-up-" + "1" * 20, "made-up-" + "2" * 20
    async with road.client() as client:
        await client.post(CHAT.url, json=CHAT.body, headers={"authorization": f"Bearer {key}"})
        await client.post(CHAT.url, json=CHAT.body, headers={"authorization": f"Bearer {key}"})
        await client.post(CHAT.url, json=CHAT.body, headers={"authorization": f"Bearer {other}"})
        await client.post(f"{GEMINI.url}?key={key}", json=GEMINI.body)
        await client.post(CHAT.url, json=CHAT.body)
    records = await road.calls(5)

    one, again, another, query, none = [record.credential for record in records]
    assert one == again == query
    assert one not in (None, another)
    assert none is None
    assert key not in repr(records)


async def test_the_providers_request_says_what_the_client_said_but_for_our_headers(road: Road) -> None:
    sent = {"x-tollway": "not ours", "x-other": "theirs", "X-TOLLWAY-Anything": "ours"}
    async with road.client() as client:
        await client.post(CHAT.url, json=CHAT.body, headers=sent)
    (seen,) = road.sim.seen

    assert (seen.header("x-tollway"), seen.header("x-other")) == ("not ours", "theirs")
    assert seen.header("x-tollway-anything") is None


async def test_what_a_signature_covers_is_left_as_it_is(road: Road) -> None:
    """Without it AWS would refuse the request; what is ours and not signed is stripped all the same."""
    signature = "Credential=id/20261124/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-tollway-tags"
    sent = {
        "authorization": f"AWS4-HMAC-SHA256 {signature}, Signature=00",
        "x-tollway-tags": "env=ci",
        "x-tollway-anything": "a",
    }
    async with road.client() as client:
        await client.post(CHAT.url, json=CHAT.body, headers=sent)
    (record,) = await road.calls(1)
    (seen,) = road.sim.seen

    assert record.tags == {"env": "ci"}
    assert (seen.header("x-tollway-tags"), seen.header("x-tollway-anything")) == ("env=ci", None)


async def test_another_hosts_headers_are_its_own(road: Road) -> None:
    """Plain HTTP through the proxy, to nobody we know: even those that look like ours stay."""
    async with road.client() as client:
        answer = await client.get("http://example.com/x", headers={"x-tollway-tags": "a=b"})
    (seen,) = road.sim.seen

    assert seen.header("x-tollway-tags") == "a=b"
    assert "x-tollway-call" not in answer.headers
    assert await road.rows() == []


def test_a_flow_that_no_step_has_seen_is_refused_as_its_provider_would(road: Road) -> None:
    """A step that failed before this one knew what it was."""
    flow = tflow.tflow()
    flow.request.host, flow.request.port, flow.request.path = MESSAGES.host, 443, MESSAGES.path
    flow.request.method = "POST"

    road.step(Recognise).refuse_failed(flow)

    assert flow.response is not None
    assert flow.response.status_code == 503
    assert orjson.loads(flow.response.content or b"")["type"] == "error"
    assert exchange.of(flow) is not None


RESPONSES = Endpoint(kind=Kind.INFERENCE, provider="openai", host="h", socket="openai_responses")
CHAT_PATH = Endpoint(kind=Kind.INFERENCE, provider="openai", host="h")
REALTIME = Endpoint(kind=Kind.UNKNOWN, provider="openai", host="h", socket="openai_realtime")


@pytest.mark.parametrize(
    ("endpoint", "websocket", "opens", "kind"),
    [
        (RESPONSES, "meter", True, Kind.SOCKET),
        (REALTIME, "meter", True, Kind.SOCKET),
        (REALTIME, "meter", False, Kind.INFERENCE),
        (CHAT_PATH, "meter", True, Kind.INFERENCE),
        (REALTIME, "refuse", True, Kind.INFERENCE),
        (CHAT_PATH, "pass", True, Kind.UNKNOWN),
        (RESPONSES, "pass", False, Kind.UNKNOWN),
    ],
)
def test_what_the_opening_of_a_socket_is(endpoint: Endpoint, websocket: str, opens: bool, kind: Kind) -> None:
    """Inference goes over HTTPS: as a socket, it is refused."""
    assert as_policy_says(endpoint, websocket, opens).kind is kind


OPENING = {"upgrade": "WebSocket ", "sec-websocket-key": "x", "sec-websocket-version": "13"}


@pytest.mark.parametrize(
    ("method", "changes", "opens"),
    [
        ("GET", {}, True),
        ("GET", {"content-length": "0"}, True),
        ("POST", {}, False),
        ("GET", {"content-length": "5"}, False),
        ("GET", {"transfer-encoding": "chunked"}, False),
        ("GET", {"upgrade": "websocket, h2c"}, False),
        ("GET", {"sec-websocket-version": "8"}, False),
        ("GET", {"sec-websocket-key": None}, False),
    ],
)
def test_what_opens_a_socket_can_be_nothing_else(
    method: str, changes: dict[str, str | None], opens: bool
) -> None:
    request = Request.make(method, "https://api.openai.com/v1/responses")
    request.headers.update({name: text for name, text in (OPENING | changes).items() if text is not None})

    assert is_opening(request) is opens


def test_over_http2_none_is_opened() -> None:
    request = Request.make("GET", "https://api.openai.com/v1/responses")
    request.headers.update(OPENING)
    assert is_opening(request)
    request.http_version = "HTTP/2.0"

    assert not is_opening(request)
