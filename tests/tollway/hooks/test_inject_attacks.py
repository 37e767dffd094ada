"""Callers who want the operator's key itself, have it go elsewhere, or spend with it what nobody counts."""

import os

import httpx
import pytest

from tests.simulator import Host
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT, Call
from tests.tollway.identified import Roads, given
from tests.tollway.road import Road
from tollway import paths
from tollway.ca import store

OURS = f"made-up-{os.urandom(6).hex()}"
"""The operator's key."""
THEIRS = f"sk-made-up-{os.urandom(6).hex()}"
"""The caller's own."""
INJECTS = "credentials: {openai: {inject: env:COMPANY_KEY}}"
VIRTUAL = f"identity: [{{virtual_keys: true}}]\n{INJECTS}"


@pytest.fixture(autouse=True)
def _company_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPANY_KEY", OURS)


def everywhere(road: Road) -> str:
    """All that the providers got but bodies."""
    return " ".join(f"{one.target} {one.headers}" for one in road.sim.seen)


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_the_key_goes_under_the_name_that_was_recognised(roads: Roads, http2: bool) -> None:
    """Whatever name a caller writes into the request: another may be somebody else's at the same address."""
    async with roads("credentials: {openai: {inject: env:COMPANY_KEY}}") as road:
        if http2:
            client = await road.raw2(CHAT.host)
            headers = [("content-type", "application/json")]
            await client.answer(await client.request("evil.example", CHAT.path, headers, CHAT.content))
            client.raw.close()
        else:
            async with await road.raw(CHAT.host) as raw:
                await raw.send(CHAT.http1().replace(b"Host: api.openai.com", b"Host: evil.example"))
                await raw.response()

    assert len(road.sim.seen) == 1
    assert "evil" not in everywhere(road)
    assert OURS in everywhere(road)


@pytest.mark.parametrize("target", ["https://evil.example", "http://evil.example:80"])
async def test_no_other_host_stands_in_the_request_line(roads: Roads, target: str) -> None:
    """One that shares the provider's addresses would be sent the request, with the key."""
    async with roads(INJECTS) as road, await road.raw(CHAT.host) as raw:
        await raw.send(CHAT.http1().replace(b"POST /", f"POST {target}/".encode()))
        await raw.response()

    assert OURS in everywhere(road)
    assert "evil" not in everywhere(road)
    assert [one.host for one in road.sim.seen] == [CHAT.host]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "https://evil.example/v1/chat/completions"),
        ("POST", "@evil.example/v1/chat/completions"),
        ("POST", "/v1/files HTTP/1.1 /v1/chat/completions"),
        ("GET /v1/chat/completions", "/v1/models"),
        ("GET https://evil.example/", "/v1/models"),
    ],
)
async def test_no_request_line_is_made_of_what_http2_carries(roads: Roads, method: str, path: str) -> None:
    """It has no such line, so a client may write anything into its parts."""
    async with roads(INJECTS) as road:
        road.sim.hosts[CHAT.host] = Host(alpn=("http/1.1",))
        client = await road.raw2(CHAT.host)
        headers = [("content-type", "application/json")]
        odd = await client.answer(await client.request(CHAT.host, path, headers, CHAT.content, method=method))
        good = await client.answer(await client.request(CHAT.host, CHAT.path, headers, CHAT.content))
        client.raw.close()

    assert (odd.status, good.status) == (400, 200)
    assert [(one.host, one.target) for one in road.sim.seen] == [(CHAT.host, CHAT.path)]


async def test_to_a_host_that_the_policy_names_a_key_goes_by_tls_alone_too(roads: Roads) -> None:
    policy = f"credentials: {{openai: {{inject: env:COMPANY_KEY, hosts: [{CHAT.host}]}}}}"
    async with roads(policy) as road, httpx.AsyncClient(proxy=road.proxy.url) as client:
        headers = {"authorization": f"Bearer {THEIRS}"}
        await client.post(CHAT.url.replace("https", "http"), json=CHAT.body, headers=headers)

    assert len(road.sim.seen) == 1
    assert OURS not in everywhere(road)


ELSEWHERE = """
limits:
  - {name: openai, amount: 1 requests, window: day, match: {provider: openai}, then: [{route: away}, block]}
routes: {away: [{from: "gpt-*", to: groq/openai/gpt-oss-120b}]}
credentials: {groq: {inject: env:COMPANY_KEY}}
"""


async def test_a_call_without_tls_is_moved_to_another_provider_with_it(roads: Roads) -> None:
    async with roads(ELSEWHERE) as road, httpx.AsyncClient(proxy=road.proxy.url) as client:
        url, headers = CHAT.url.replace("https", "http"), {"authorization": f"Bearer {THEIRS}"}
        answers = [await client.post(url, json=CHAT.body, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [(one.host, one.connection.tls) for one in road.sim.seen] == [
        (CHAT.host, False), ("api.groq.com", True),
    ]  # fmt: skip
    assert dict(road.sim.seen[1].headers)["authorization"] == f"Bearer {OURS}"


@pytest.mark.parametrize(
    "lines",
    [
        ("Upgrade: websocket",),
        ("Upgrade: WebSocket, made-up",),
        ("Upgrade: ,websocket",),
        ("Upgrade: websocket", "Upgrade: made-up"),
        ("Upgrade: made-up", "Upgrade: websocket"),
    ],
)
async def test_a_websocket_is_no_free_look_however_it_is_asked_for(
    roads: Roads, lines: tuple[str, ...]
) -> None:
    """Servers differ in what they take for one: behind a 101 each call is seen, or there is no 101."""
    async with roads(VIRTUAL) as road, await road.raw(CHAT.host) as raw:
        said = (
            "GET /v1/realtime?model=gpt-realtime HTTP/1.1", f"Host: {CHAT.host}", *lines,
            "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            f"Authorization: Bearer {given(road, user='ann')}", "", "",
        )  # fmt: skip
        await raw.send("\r\n".join(said).encode())
        answer = await raw.response("GET")
        is_read = len(lines) == 1 and lines[0] == "Upgrade: websocket"

    assert answer.status == 426  # the provider's, or of what none but we could take for something else
    assert len(road.sim.seen) == is_read
    assert (OURS in everywhere(road)) is is_read


GATEWAY = "gateway.ai.cloudflare.com"
OUR_GATEWAY = f"""
providers:
  - name: our-gateway
    hosts: [{GATEWAY}]
    serves: [{{at: [/v1/ours/main/openai], set: openai}}]
credentials: {{our-gateway: {{inject: env:COMPANY_KEY, hosts: [{GATEWAY}]}}}}
"""


@pytest.mark.parametrize(
    ("path", "has_it"),
    [
        ("/v1/ours/main/openai/chat/completions", True),
        ("/v1/theirs/main/custom-evil/chat/completions", False),
        ("/v1/theirs/main/custom-evil/collect", False),
    ],
)
async def test_where_strangers_have_paths_a_key_goes_to_ones_own_alone(
    roads: Roads, path: str, has_it: bool
) -> None:
    """A gateway of theirs calls a server of theirs, with all headers."""
    call = Call(GATEWAY, path, CHAT.body)
    async with roads(OUR_GATEWAY, hosts=(GATEWAY,)) as road, road.client() as client:
        await client.post(call.url, json=call.body, headers={"authorization": f"Bearer {THEIRS}"})

    assert len(road.sim.seen) == 1
    assert (OURS in everywhere(road)) is has_it


async def test_a_websocket_whose_protocols_are_a_key_alone_offers_none(roads: Roads) -> None:
    """An empty header is not valid."""
    async with roads(VIRTUAL) as road, await road.raw(CHAT.host) as raw:
        key = given(road, user="ann")
        said = (
            "GET /v1/realtime?model=gpt-realtime HTTP/1.1", f"Host: {CHAT.host}", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            f"Sec-WebSocket-Protocol: openai-insecure-api-key.{key}", "", "",
        )  # fmt: skip
        await raw.send("\r\n".join(said).encode())
        await raw.response("GET")

    assert OURS in everywhere(road)
    assert "protocol" not in everywhere(road).lower()


async def test_the_name_whose_certificate_is_checked_is_the_one_that_gets_the_key(roads: Roads) -> None:
    """The hello's, which the tunnel's need not be."""
    root = store.root_path(paths.data_dir() / "ca")
    async with roads(INJECTS) as road:
        place = (road.proxy.host, road.proxy.port)
        hello = f"elsewhere.{CHAT.host}"
        async with await RawClient.open(CHAT.host, 443, proxy=place, tls=hello, root_ca=root) as raw:
            await raw.send(CHAT.http1(f"Authorization: Bearer {THEIRS}"))
            await raw.response()

    assert OURS not in everywhere(road)


@pytest.mark.parametrize("path", [CHAT.path, "/v1/moderations"], ids=["read", "streamed"])
async def test_nothing_that_the_caller_shows_goes_on_behind_the_body(roads: Roads, path: str) -> None:
    """There are servers that take trailers for headers."""
    body = CHAT.content
    async with roads(VIRTUAL) as road, await road.raw(CHAT.host) as raw:
        key = given(road, user="ann")
        shown = f"Authorization: Bearer {key}\r\nX-Api-Key: {THEIRS}\r\n\r\n".encode()
        content = b"%x\r\n%s\r\n0\r\n%s" % (len(body), body, shown)
        lines = ("Transfer-Encoding: chunked", f"Authorization: Bearer {key}")
        await raw.send(Call(CHAT.host, path, {}).http1(*lines, content=content))
        await raw.response()
        (one,) = road.sim.seen

    assert OURS in everywhere(road)
    assert one.trailers == ()


@pytest.mark.parametrize("at", [0, 1])
async def test_a_key_of_ours_among_several_fields_of_one_name_is_found(roads: Roads, at: int) -> None:
    """And goes nowhere."""
    policy = "identity: [{virtual_keys: true}]\nanonymous: allow"
    async with roads(policy) as road, await road.raw(CHAT.host) as raw:
        keys = [THEIRS, THEIRS]
        keys[at] = given(road, user="ann")
        await raw.send(CHAT.http1(*(f"Authorization: Bearer {key}" for key in keys)))
        answer = await raw.response()

    assert answer.status == 403
    assert road.sim.seen == []


async def test_a_log_in_beside_a_key_is_no_flat_plan(roads: Roads) -> None:
    """Which of the two a server takes is for it to say."""
    call = Call("api.anthropic.com", "/v1/messages", {**CHAT.body, "max_tokens": 8})
    async with roads("") as road, await road.raw(call.host) as raw:
        await raw.send(
            call.http1(f"Authorization: Bearer {THEIRS}", "Authorization: Bearer sk-ant-oat01-made-up")
        )
        await raw.response()
        (row,) = await road.rows()

    assert row.billing == "metered"


@pytest.mark.parametrize(
    ("method", "host", "path"),
    [
        ("POST", "api.perplexity.ai", "/generate_auth_token"),
        ("POST", "api.deepgram.com", "/v1/projects/p/keys"),
        ("GET", "api.elevenlabs.io", "/v1/user"),
    ],
)
async def test_what_would_hand_out_a_key_is_refused(roads: Roads, method: str, host: str, path: str) -> None:
    name = host.split(".")[1]
    policy = f"credentials: {{{name}: {{inject: env:COMPANY_KEY}}}}"
    async with roads(policy, hosts=(host,)) as road, road.client() as client:
        answer = await client.request(method, f"https://{host}{path}")

    assert answer.status_code == 403
    assert road.sim.seen == []


@pytest.mark.parametrize(("team", "status"), [("search", 200), ("guests", 403)])
async def test_whom_the_rules_deny_all_gets_the_key_for_nothing_free_either(
    roads: Roads, team: str, status: int
) -> None:
    """Files could be read with it, or models deleted."""
    policy = f"{VIRTUAL}\naccess: [{{deny: {{team: guests}}}}]"
    async with roads(policy) as road, road.client() as client:
        headers = {"authorization": f"Bearer {given(road, user='ann', team=team)}"}
        answer = await client.get(f"https://{CHAT.host}/v1/models", headers=headers)

    assert answer.status_code == status
    assert len(road.sim.seen) == (status == 200)


async def hello(road: Road, target: str) -> RawClient:
    """A tunnel to a host, and a hello in it that asks for OpenAI's certificate."""
    root = store.root_path(paths.data_dir() / "ca")
    place = (road.proxy.host, road.proxy.port)
    return await RawClient.open(target, 443, proxy=place, tls=CHAT.host, root_ca=root)


async def test_a_name_in_the_hello_leads_no_key_elsewhere(roads: Roads) -> None:
    """Whatever the tunnel is to."""
    policy = "credentials: {openai: {inject: env:COMPANY_KEY}}"
    async with roads(policy, hosts=("api.anthropic.com",)) as road:
        async with await hello(road, "api.anthropic.com") as raw:
            await raw.send(CHAT.http1("authorization: Bearer made-up"))
            await raw.response()

    assert OURS not in everywhere(road)


async def test_where_only_an_address_is_known_its_certificate_tells(roads: Roads) -> None:
    """As in transparent mode."""
    async with roads("credentials: {openai: {inject: env:COMPANY_KEY}}", hosts=("192.0.2.1",)) as road:
        async with await hello(road, "192.0.2.1") as raw:
            await raw.send(CHAT.http1("authorization: Bearer made-up"))
            await raw.response()

    assert OURS in everywhere(road)


async def test_a_websockets_protocols_lose_their_keys_too(roads: Roads) -> None:
    """Where browsers put them; what such a call costs is not known, which is recorded."""
    async with roads(VIRTUAL) as road, await road.raw(CHAT.host) as raw:
        key = given(road, user="ann")
        lines = (
            "GET /v1/realtime?model=gpt-realtime HTTP/1.1", f"Host: {CHAT.host}", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            f"Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.{key}", "", "",
        )  # fmt: skip
        await raw.send("\r\n".join(lines).encode())
        await raw.response("GET")
        await road.sim.wait_for(lambda one: True)

    (one,) = road.sim.seen
    assert (one.header("sec-websocket-protocol"), one.header("authorization")) == (
        "realtime",
        f"Bearer {OURS}",
    )
    assert key not in everywhere(road)
