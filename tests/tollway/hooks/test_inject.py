"""Step 3, over real sockets: the operator's key goes to the provider, and the caller's goes nowhere."""

import asyncio
import json
import logging
import os
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from tests.simulator import Scenario
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, PASSING, UNKNOWN, Call
from tests.tollway.identified import Roads, given
from tests.tollway.identity.issuer import CLAIMS, signed
from tests.tollway.road import Road
from tollway import clock
from tollway.cli import cli
from tollway.hooks.inject import Inject
from tollway.identity import virtual_key
from tollway.ledger.open import open_keys

OURS = f"made-up-{os.urandom(6).hex()}"
"""The operator's key."""
THEIRS = f"sk-made-up-{os.urandom(6).hex()}"
"""The caller's own."""
VIRTUAL = """
identity: [{virtual_keys: true}]
credentials:
  openai: {inject: env:COMPANY_KEY}
  anthropic: {inject: env:COMPANY_KEY}
  gemini: {inject: env:COMPANY_KEY}
"""


@pytest.fixture(autouse=True)
def _company_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPANY_KEY", OURS)


def revoked(road: Road, text: str) -> None:
    keys = open_keys(road.ledger_url)
    assert keys.revoke(virtual_key.digest(text).hex()[:12], clock.now_us())
    keys.close()


def seen(road: Road, at: int = -1) -> dict[str, str]:
    """The headers that the provider got."""
    return {name.lower(): value for name, value in road.sim.seen[at].headers}


def everywhere(road: Road) -> str:
    """All that the provider got but bodies."""
    return " ".join(f"{one.target} {one.headers}" for one in road.sim.seen)


SHOWN = {
    "openai": (CHAT, {"authorization": "Bearer {}"}, "", ("authorization", f"Bearer {OURS}")),
    "anthropic": (CLAUDE, {"x-api-key": "{}"}, "", ("x-api-key", OURS)),
    "anthropic's bearer": (CLAUDE, {"authorization": "Bearer {}"}, "", ("x-api-key", OURS)),
    "gemini": (GEMINI, {"x-goog-api-key": "{}"}, "", ("x-goog-api-key", OURS)),
    "gemini's query": (GEMINI, {}, "?key={}", ("x-goog-api-key", OURS)),
    "two at once": (CLAUDE, {"authorization": "Bearer {}", "x-api-key": "{}"}, "", ("x-api-key", OURS)),
}


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("way", SHOWN)
async def test_a_key_of_tollways_stands_for_the_providers(roads: Roads, way: str, http2: bool) -> None:
    call, headers, query, (name, value) = SHOWN[way]
    async with roads(VIRTUAL) as road, road.client(http2) as client:
        key = given(road, user="ann", team="search")
        shown = {name: value.format(key) for name, value in headers.items()}
        answer = await client.post(call.url + query.format(key), json=call.body, headers=shown)
        (row,) = await road.rows()

    assert answer.status_code == 200
    assert (row.user, row.team, row.identity, row.verified) == ("ann", "search", "virtual_keys", True)
    assert seen(road)[name] == value
    assert key not in everywhere(road)
    assert [name for name in seen(road) if name in ("authorization", "x-api-key", "x-goog-api-key")] == [name]


async def test_a_key_that_was_taken_back_is_refused_from_the_next_call_on(
    roads: Roads, caplog: pytest.LogCaptureFixture
) -> None:
    """On a connection that is open, too; what the caller hears is the same whatever is wrong with it."""
    async with roads(VIRTUAL) as road, road.client() as client:
        keys = {
            "revoked": given(road, user="ann"),
            "expired": given(road, user="ann", expires_us=1),
            "unknown": virtual_key.made(os.urandom(32)),
        }
        headers = {name: {"authorization": f"Bearer {key}"} for name, key in keys.items()}
        first = await client.post(CHAT.url, json=CHAT.body, headers=headers["revoked"])
        revoked(road, keys["revoked"])
        later = [await client.post(CHAT.url, json=CHAT.body, headers=each) for each in headers.values()]

    assert first.status_code == 200
    assert [answer.status_code for answer in later] == [401, 401, 401]
    assert len({answer.json()["error"]["message"] for answer in later}) == 1
    for why in ("is revoked", "is expired", "it is no key that was given out"):
        assert why in caplog.text
    assert not any(key in caplog.text for key in keys.values())
    assert len(road.sim.seen) == 1


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "credentials: {openai: {inject: env:COMPANY_KEY}}",
        "identity: [{networks: {127.0.0.0/8: {user: me}}}]",
        "identity: [{virtual_keys: true}]",
        "identity: [{virtual_keys: true}]\ncredentials: {openai: passthrough}",
        "identity: [{virtual_keys: true}]\ncredentials: {openai: {match: {user: bob}, inject: env:A}}",
    ],
)
@pytest.mark.parametrize("call", [CHAT, UNKNOWN, PASSING], ids=["chat", "unknown", "free"])
async def test_a_key_of_tollways_never_leaves(roads: Roads, policy: str, call: Call) -> None:
    """Where nothing is put in its place, the call is refused."""
    async with roads(policy) as road, road.client() as client:
        headers = {"authorization": f"Bearer {given(road, user='ann')}"}
        method = "GET" if call is PASSING else "POST"
        answer = await client.request(method, call.url, json=call.body, headers=headers)

    assert answer.status_code in (401, 403)
    assert "error" in answer.json()
    assert road.sim.seen == []


async def test_the_callers_own_key_is_replaced_as_the_policy_says(roads: Roads) -> None:
    """Account headers of the caller's with it. What is under a flat plan is never changed."""
    policy = "credentials: {openai: {inject: env:COMPANY_KEY}, anthropic: {inject: env:COMPANY_KEY}}"
    own = {
        "authorization": f"Bearer {THEIRS}",
        "openai-project": "theirs",
        "cookie": "a=b",
        "x-note": "stays",
    }
    plan = {"authorization": "Bearer sk-ant-oat01-made-up"}
    async with roads(policy) as road, road.client() as client:
        answers = [
            await client.post(CHAT.url, json=CHAT.body, headers=own),
            await client.post(CLAUDE.url, json=CLAUDE.body, headers=plan),
            await client.post(UNKNOWN.url, json=UNKNOWN.body, headers=own),
            await client.get(PASSING.url, headers=own),
        ]

    assert [answer.status_code for answer in answers[:3]] == [200, 200, 404]
    assert seen(road, 0)["authorization"] == f"Bearer {OURS}"
    assert seen(road, 0)["x-note"] == "stays"
    assert not {"openai-project", "cookie"} & seen(road, 0).keys()
    assert seen(road, 1)["authorization"] == "Bearer sk-ant-oat01-made-up"
    assert [seen(road, at)["authorization"] for at in (2, 3)] == [f"Bearer {OURS}"] * 2
    assert THEIRS not in everywhere(road)


async def test_which_key_it_is_may_hang_on_who_calls(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    other = f"made-up-{os.urandom(6).hex()}"
    monkeypatch.setenv("OTHER_KEY", other)
    policy = """
identity: [{virtual_keys: true}]
credentials:
  openai:
    - {match: {team: a}, inject: env:OTHER_KEY}
    - {match: {role: [guest]}, passthrough: true}
    - {inject: env:COMPANY_KEY}
"""
    async with roads(policy) as road, road.client() as client:
        for who in ({"team": "a"}, {"team": "b"}, {"role": "guest", "team": "b"}):
            headers = {"authorization": f"Bearer {given(road, **who)}"}
            await client.post(CHAT.url, json=CHAT.body, headers=headers)

    assert [dict(one.headers)["authorization"] for one in road.sim.seen] == [
        f"Bearer {other}", f"Bearer {OURS}",
    ]  # fmt: skip


async def test_a_key_in_a_file_is_read_anew_when_it_changes(roads: Roads, tmp_path: Path) -> None:
    file = tmp_path / "company.key"
    policy = f"credentials: {{openai: {{inject: 'file:{file}'}}}}"
    async with roads(policy) as road, road.client() as client:
        missing = await client.post(CHAT.url, json=CHAT.body)
        for text in (OURS, f" {OURS}2\n"):
            file.write_text(text)
            os.utime(file, ns=(0, len(text)))
            await client.post(CHAT.url, json=CHAT.body)

    assert missing.status_code == 503
    assert "no key for openai at hand" in json.dumps(missing.json())
    assert str(file) not in missing.text
    assert [dict(one.headers)["authorization"] for one in road.sim.seen] == [
        f"Bearer {OURS}", f"Bearer {OURS}2",
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["", "a\r\nb: c", "AKIA" + "B2" * 8])
async def test_a_key_that_can_not_be_put_is_no_call(
    roads: Roads, value: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COMPANY_KEY", value)
    with caplog.at_level(logging.ERROR):
        async with roads("credentials: {openai: {inject: env:COMPANY_KEY}}") as road, road.client() as client:
            answer = await client.post(CHAT.url, json=CHAT.body)

    assert answer.status_code in (403, 503)
    assert road.sim.seen == []
    assert not value or value not in caplog.text + answer.text


async def test_who_gets_the_operators_key_has_a_name_even_where_it_is_free(roads: Roads) -> None:
    """A list of models, or a file to upload, is the company's."""
    async with roads(VIRTUAL) as road, road.client() as client:
        nameless = await client.get(PASSING.url)
        named = await client.get(PASSING.url, headers={"authorization": f"Bearer {given(road, user='ann')}"})

    assert nameless.status_code == 401
    assert named.status_code in (200, 404)
    assert [seen(road)["authorization"]] == [f"Bearer {OURS}"]
    assert len(road.sim.seen) == 1


async def test_a_key_goes_by_tls_alone(roads: Roads) -> None:
    async with roads("credentials: {openai: {inject: env:COMPANY_KEY}}") as road:
        async with httpx.AsyncClient(proxy=road.proxy.url) as client:
            headers = {"authorization": f"Bearer {THEIRS}"}
            await client.post(CHAT.url.replace("https", "http"), json=CHAT.body, headers=headers)

    assert OURS not in everywhere(road)


CONTOSO = "contoso.openai.azure.com"
AZURE = Call(CONTOSO, "/openai/v1/chat/completions", CHAT.body)


@pytest.mark.parametrize("host", [CONTOSO, "stranger.openai.azure.com"])
async def test_a_key_goes_to_no_host_that_a_stranger_may_have(roads: Roads, host: str) -> None:
    policy = f"credentials: {{azure: {{inject: env:COMPANY_KEY, hosts: [{CONTOSO}]}}}}"
    call = Call(host, AZURE.path, AZURE.body)
    async with roads(policy, hosts=(host,)) as road, road.client() as client:
        await client.post(call.url, json=call.body, headers={"api-key": THEIRS})

    assert seen(road)["api-key"] == (OURS if host == CONTOSO else THEIRS)


BEDROCK = Call(
    "bedrock-runtime.us-east-1.amazonaws.com",
    "/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/invoke",
    {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 8, "messages": CLAUDE.body["messages"]},
)


async def test_a_signature_gives_way_to_bedrocks_bearer_token(roads: Roads) -> None:
    signed = {
        "authorization": "AWS4-HMAC-SHA256 Credential=made/20261128/us-east-1/bedrock/aws4_request, "
        "SignedHeaders=host;x-amz-date;x-tollway-tags, Signature=0",
        "x-amz-date": "20261128T000000Z",
        "x-amz-security-token": "made-up-session-token",
        "x-tollway-tags": "project=apollo",
    }
    policy = "credentials: {bedrock: {inject: env:COMPANY_KEY}}"
    async with roads(policy, hosts=(BEDROCK.host,)) as road, road.client() as client:
        await client.post(BEDROCK.url, json=BEDROCK.body, headers=signed)
        (row,) = await road.rows()

    assert seen(road)["authorization"] == f"Bearer {OURS}"
    assert not {"x-amz-date", "x-amz-security-token", "x-tollway-tags"} & seen(road).keys()
    assert row.tags == {"project": "apollo"}


async def test_a_key_of_the_callers_own_says_whose_it_is(roads: Roads, tmp_path: Path) -> None:
    """By its fingerprint; it goes on to the provider."""
    done = CliRunner().invoke(cli, ["key", "fingerprint"], input=THEIRS)
    (tmp_path / "keys.yaml").write_text(f"{done.stdout.strip()}: {{user: ann, team: search}}\n")
    policy = f"identity: [{{api_keys: {{file: '{tmp_path / 'keys.yaml'}'}}}}]"
    async with roads(policy) as road, road.client() as client:
        known = await client.post(CHAT.url, json=CHAT.body, headers={"authorization": f"Bearer {THEIRS}"})
        other = await client.post(CHAT.url, json=CHAT.body, headers={"authorization": "Bearer made-up"})
        (row,) = await road.rows()

    assert (known.status_code, other.status_code) == (200, 401)
    assert (row.user, row.team, row.identity, row.verified) == ("ann", "search", "api_keys", True)
    assert seen(road)["authorization"] == f"Bearer {THEIRS}"


HINTS = "identity: [{provider_token: {claims: {user: email, team: dep}}}]\nanonymous: "


@pytest.mark.parametrize(("anonymous", "status"), [("allow", 200), ("refuse", 401)])
async def test_what_a_providers_token_says_is_a_hint_and_lets_nobody_in(
    roads: Roads, anonymous: str, status: int
) -> None:
    text = signed({**CLAIMS, "dep": "search"})
    async with roads(HINTS + anonymous) as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body, headers={"authorization": f"Bearer {text}"})
        rows = await road.rows()

    assert answer.status_code == status
    assert [(row.user, row.team, row.identity, row.verified) for row in rows] == [
        ("ann@example.com", "search", "provider_token", False)
    ] * (status == 200)
    assert [dict(one.headers)["authorization"] for one in road.sim.seen] == [f"Bearer {text}"] * len(rows)


async def test_a_key_file_is_read_anew_when_it_changes(roads: Roads, tmp_path: Path) -> None:
    """And a wrong one changes nothing."""
    fingerprint = CliRunner().invoke(cli, ["key", "fingerprint"], input=THEIRS).stdout.strip()
    keys, file = tmp_path / "keys.yaml", tmp_path / "policy.yaml"
    policy = f"identity: [{{api_keys: {{file: '{keys}'}}}}]"
    keys.write_text(f"{fingerprint}: {{user: ann}}\n")
    file.write_text(f"version: 1\n{policy}\n")
    async with roads(policy, policy_file=file) as road, road.client() as client:
        reloading, headers = road.proxy.reloading, {"authorization": f"Bearer {THEIRS}"}
        assert reloading is not None
        for text in (f"{fingerprint}: {{user: bob}}\n", "wrong"):
            keys.write_text(text)
            await reloading._reload()
            await client.post(CHAT.url, json=CHAT.body, headers=headers)
        rows = await road.rows()

    assert [row.user for row in rows] == ["bob", "bob"]


@pytest.mark.parametrize(
    ("method", "host", "path"),
    [
        ("POST", "api.openai.com", "/v1/realtime/client_secrets"),
        ("POST", "api.openai.com", "/v1/realtime/sessions"),
        ("POST", "generativelanguage.googleapis.com", "/v1beta/auth_tokens"),
        ("TRACE", "api.openai.com", "/v1/models"),
        ("trace", "api.openai.com", "/v1/models"),
    ],
)
async def test_nobody_has_a_key_made_with_the_operators(
    roads: Roads, method: str, host: str, path: str
) -> None:
    """It would work past the proxy. With a key of their own callers may do as they like."""
    injects = "credentials: {openai: {inject: env:COMPANY_KEY}, gemini: {inject: env:COMPANY_KEY}}"
    headers = {"authorization": f"Bearer {THEIRS}"}
    async with roads(injects) as road, road.client() as client:
        answer = await client.request(method, f"https://{host}{path}", json={}, headers=headers)
    assert answer.status_code == 403
    assert road.sim.seen == []

    async with roads("") as road, road.client() as client:
        await client.request(method, f"https://{host}{path}", json={}, headers=headers)
    assert seen(road)["authorization"] == f"Bearer {THEIRS}"


async def test_what_nobody_vouches_for_gets_nobody_a_key(roads: Roads) -> None:
    """A token for a provider may say anything of its bearer."""
    policy = """
identity: [{provider_token: {claims: {team: dep}}}]
anonymous: allow
credentials: {openai: {match: {team: search}, inject: env:COMPANY_KEY}}
"""
    text = signed({**CLAIMS, "dep": "search"})
    async with roads(policy) as road, road.client() as client:
        await client.post(CHAT.url, json=CHAT.body, headers={"authorization": f"Bearer {text}"})
        (row,) = await road.rows()

    assert (row.team, row.verified) == ("search", False)
    assert seen(road)["authorization"] == f"Bearer {text}"


async def test_a_command_prints_the_key(roads: Roads, tmp_path: Path) -> None:
    """Google's tokens, say; the first call waits for it. One that a provider refuses is printed anew."""
    counter = tmp_path / "runs"
    command = f"echo x >> {counter}; echo made-up-$(wc -l < {counter})"
    policy = f"credentials: {{openai: {{inject: 'command:{command}'}}}}"
    async with roads(policy) as road, road.client() as client:
        await client.post(CHAT.url, json=CHAT.body)
        road.sim.scenario = Scenario(status=401)
        await client.post(CHAT.url, json=CHAT.body)
        keys = road.step(Inject)._governing.provider_keys
        (place,) = keys._commands
        async with asyncio.timeout(60):
            while keys.of(place) != "made-up-2":
                await asyncio.sleep(0.01)
        await client.post(CHAT.url, json=CHAT.body)

    assert [dict(one.headers)["authorization"] for one in road.sim.seen] == [
        "Bearer made-up-1", "Bearer made-up-1", "Bearer made-up-2",
    ]  # fmt: skip


async def test_of_one_who_is_known_a_refusal_is_a_row(roads: Roads) -> None:
    policy = "identity: [{virtual_keys: true}]\ncredentials: {openai: {inject: 'command:exit 1'}}"
    async with roads(policy) as road, road.client() as client:
        headers = {"authorization": f"Bearer {given(road, user='ann')}"}
        answers = [await client.post(call.url, json=call.body, headers=headers) for call in (CHAT, CLAUDE)]
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [503, 403]
    assert [(row.user, row.error, row.cost.nano) for row in rows] == [
        ("ann", "credential_missing", 0), ("ann", "no_credential", 0),
    ]  # fmt: skip
