"""Step 2, over real sockets: who calls is known by what the client shows, which goes no further than here."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator.client import Refused
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, PASSING, UNKNOWN, Call
from tests.tollway.identified import Roads, basic, forged, given, header_jwt, proxy_jwt, token
from tests.tollway.identity.issuer import jwk, rsa_key
from tests.tollway.issuers.provider import Provider
from tests.tollway.road import road as running_road
from tollway import clock, paths
from tollway.ca import store
from tollway.hooks.identify import Identify
from tollway.model import Billing


def refusal(answer: httpx.Response) -> str:
    """What the caller is told."""
    return json.dumps(answer.json())


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI], ids=["chat", "claude", "gemini"])
async def test_who_shows_a_token_to_the_proxy_has_a_name(
    roads: Roads, provider: Provider, call: Call, http2: bool
) -> None:
    async with roads(proxy_jwt(provider)) as road, road.client(http2, token=token(provider)) as client:
        answers = [await client.post(call.url, json=call.body) for _ in range(2)]
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [200, 200]
    for row in rows:
        assert (row.user, row.team, row.claims) == ("ann@example.com", "search", {"cost_center": "4711"})
        assert (row.identity, row.verified) == ("proxy_jwt", True)
    assert len(rows) == 2
    assert all("proxy-authorization" not in dict(seen.headers) for seen in road.sim.seen)


@pytest.mark.parametrize(
    "shown",
    [
        lambda token: f"Bearer {token}",
        lambda token: f"bearer  {token}",
        lambda token: basic("jwt", token),
        lambda token: basic(token, ""),
        lambda token: basic(token, "x"),
    ],
    ids=["bearer", "lower case", "password", "user", "user with password"],
)
async def test_a_token_may_be_shown_in_several_ways(
    roads: Roads, provider: Provider, shown: Callable[[str], str]
) -> None:
    async with roads(proxy_jwt(provider)) as road:
        header = ("Proxy-Authorization", shown(token(provider)))
        async with await road.raw(shows=(header,)) as raw:
            await raw.send(CHAT.http1())
            assert (await raw.response()).status == 200
        (row,) = await road.rows()

    assert row.user == "ann@example.com"


async def test_who_shows_two_tokens_in_one_place_is_nobody(
    roads: Roads, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """Each may be good; neither goes further than here, and nor does the same one twice."""
    bob = token(provider, email="bob@example.com")
    source = f"issuer: {provider.issuer!r}, audience: tollway"
    policy = f"""
identity: [{{proxy_jwt: {{{source}}}}}, {{header_jwt: {{header: x-token, {source}}}}}]
claims: {{user: email}}
anonymous: allow
"""
    async with roads(policy) as road:
        for twice in ((token(provider), bob), (bob, token(provider))):
            shows = tuple(("Proxy-Authorization", f"Bearer {one}") for one in twice)
            with pytest.raises(Refused) as refused:
                await road.raw(shows=shows)
            assert refused.value.response.status == 407
            async with await road.raw() as raw:
                await raw.send(CHAT.http1(*(f"X-Token: {one}" for one in twice)))
                assert (await raw.response()).status == 401
        assert road.sim.seen == []
        async with await road.raw() as raw:
            await raw.send(CHAT.http1("X-Token: made-up", f"X-Token: {bob}", f"X-Token: Bearer {bob}"))
            assert (await raw.response()).status == 200
        (row,) = await road.rows()

    assert row.user == "bob@example.com"
    assert "x-token" not in dict(road.sim.seen[0].headers)
    assert "there are several in one place" in caplog.text


async def test_who_is_refused_again_and_again_fills_no_log(
    roads: Roads, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """Each reason is told of an address once a minute, with how often it came meanwhile."""
    async with roads(proxy_jwt(provider)) as road:
        for _ in range(5):
            for text in (forged(provider), token(provider, aud="other")):
                with pytest.raises(Refused):
                    await road.raw(shows=(("Proxy-Authorization", basic("jwt", text)),))
        first = len(caplog.records)
        now = clock.now()
        road.step(Identify)._clock = lambda: now + 61
        with pytest.raises(Refused):
            await road.raw(shows=(("Proxy-Authorization", basic("jwt", forged(provider))),))

    assert first == 2
    assert caplog.records[-1].getMessage() == (
        "a token or key that 127.0.0.1 showed was not taken: its signature is not its issuer's; "
        "so were 4 more since that was last said"
    )


async def test_whom_nobody_knows_the_log_tells_of_too(
    roads: Roads, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    async with roads(header_jwt(provider)) as road, road.client() as client:
        for _ in range(3):
            assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 401

    assert [record.getMessage() for record in caplog.records] == [
        "a call from 127.0.0.1 was refused: it shows nothing by which a source of the policy knows who calls"
    ]


async def test_where_there_are_other_ways_nobody_is_asked_for_a_token_at_once(
    roads: Roads, provider: Provider
) -> None:
    """The call decides, in the provider's shape; the policy may say otherwise."""
    networks = "  - networks: {10.0.0.0/8: {team: office}}\n"
    policy = f"identity:\n  - proxy_jwt: {{issuer: '{provider.issuer}', audience: tollway}}\n{networks}"
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CLAUDE.url, json=CLAUDE.body)
        assert await road.rows() == []  # strangers do not write into the ledger
    assert answer.status_code == 401
    assert answer.headers["x-should-retry"] == "false"
    assert answer.json()["type"] == "error"
    assert "does not know who calls" in refusal(answer)

    asking = policy.replace("audience: tollway", "audience: tollway, challenge: true")
    async with roads(asking) as road:
        with pytest.raises(Refused) as refused:
            await road.raw()
    assert refused.value.response.status == 407


async def test_anonymous_callers_pass_where_the_policy_allows_it(roads: Roads, provider: Provider) -> None:
    policy = header_jwt(provider, more="anonymous: allow\n")
    async with roads(policy) as road, road.client() as client:
        assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
        (row,) = await road.rows()

    assert (row.user, row.identity, row.verified) == (None, None, False)


async def test_where_strangers_may_call_nobody_is_asked_for_a_token(roads: Roads, provider: Provider) -> None:
    """Though tokens are all that the policy knows callers by; unless it says so."""
    policy = proxy_jwt(provider, "anonymous: allow\n")
    async with roads(policy) as road, road.client() as client:
        assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
        (row,) = await road.rows()
    assert (row.user, row.identity, row.verified) == (None, None, False)

    async with roads(policy.replace("audience: tollway", "audience: tollway, challenge: true")) as road:
        with pytest.raises(Refused) as refused:
            await road.raw()
    assert refused.value.response.status == 407


async def test_a_gateways_header_says_who_calls_and_goes_no_further(roads: Roads, provider: Provider) -> None:
    headers = {"Cf-Access-Jwt-Assertion": token(provider), "authorization": "Bearer made-up-key-of-ann"}
    async with roads(header_jwt(provider)) as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body, headers=headers)
        (row,) = await road.rows()

    assert answer.status_code == 200
    assert (row.user, row.identity) == ("ann@example.com", "header_jwt")
    seen = dict(road.sim.seen[0].headers)
    assert "cf-access-jwt-assertion" not in seen
    assert seen["authorization"] == "Bearer made-up-key-of-ann"


async def test_a_providers_own_key_is_no_token(roads: Roads, provider: Provider) -> None:
    """Where the same header may hold either; a token there goes to nobody but us."""
    policy = header_jwt(provider, "authorization", "anonymous: allow\n")
    async with roads(policy) as road, road.client() as client:
        for value in ("Bearer sk-made-up", f"Bearer {token(provider)}", f"Bearer {forged(provider)}"):
            headers = {"authorization": value, "x-api-key": "made-up"}
            await client.post(CLAUDE.url, json=CLAUDE.body, headers=headers)
        rows = await road.rows()

    assert [(row.user, row.status) for row in rows] == [(None, 200), ("ann@example.com", 200)]
    assert [dict(seen.headers).get("authorization") for seen in road.sim.seen] == ["Bearer sk-made-up", None]


@pytest.mark.parametrize("header", ["authorization", "x-api-key"])
async def test_a_token_of_ours_is_no_credential_of_the_providers(
    roads: Roads, provider: Provider, header: str
) -> None:
    """Each would be another, and with the flags of a plan's log-in its calls would be taken for covered."""
    headers = {
        header: f"Bearer {token(provider)}",
        "anthropic-beta": "claude-code-20250219,oauth-2025-04-20",
    }
    async with roads(header_jwt(provider, header)) as road, road.client() as client:
        assert (await client.post(CLAUDE.url, json=CLAUDE.body, headers=headers)).status_code == 200
        (row,) = await road.rows()

    assert (row.user, row.billing, row.credential) == ("ann@example.com", Billing.METERED, None)


async def test_what_nothing_reads_needs_a_name_too(roads: Roads, provider: Provider) -> None:
    """It may cost."""
    async with roads(header_jwt(provider)) as road, road.client() as client:
        answer = await client.post(UNKNOWN.url, json=UNKNOWN.body)

    assert answer.status_code == 401
    assert road.sim.seen == []


async def test_what_costs_nothing_needs_no_name(roads: Roads, provider: Provider) -> None:
    """Lists of models, telemetry; but what is shown to us is not shown to others there either."""
    headers = {"cf-access-jwt-assertion": token(provider)}
    async with roads(header_jwt(provider)) as road, road.client() as client:
        await client.get(PASSING.url, headers=headers)

    assert "cf-access-jwt-assertion" not in dict(road.sim.seen[0].headers)


async def test_keys_that_were_changed_are_found(roads: Roads, provider: Provider) -> None:
    async with roads(proxy_jwt(provider)) as road:
        async with road.client(token=token(provider)) as client:
            assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
        provider.rotate("b")
        async with road.client(token=token(provider, key="b")) as client:
            assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200


async def test_without_the_issuers_keys_nobody_is_refused_for_good(
    roads: Roads, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """It is down: try again, says the answer."""
    provider.status = 500
    with caplog.at_level(logging.WARNING):
        async with roads(header_jwt(provider)) as road, road.client() as client:
            headers = {"cf-access-jwt-assertion": token(provider)}
            answer = await client.post(CHAT.url, json=CHAT.body, headers=headers)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "could not be fetched" in refusal(answer)
    assert "it answered with status 500" in caplog.text


async def test_limits_know_callers_by_their_claims(roads: Roads, provider: Provider) -> None:
    limits = """
limits:
  - {name: intern-day, match: {role: intern}, amount: 0 USD, window: day, then: [block]}
  - {name: center, per: claim.cost_center, amount: 100 USD, window: day}
  - {name: team, per: team, amount: 100 USD, window: day}
"""
    policy = proxy_jwt(provider, limits).replace("user: email", "user: email, role: 'roles[0]'")
    async with roads(policy) as road:
        answers = []
        for roles in (["intern"], ["senior"]):
            async with road.client(token=token(provider, roles=roles)) as client:
                answers.append(await client.post(CHAT.url, json={**CHAT.body, "max_tokens": 10}))
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [429, 200]
    assert [row.limits for row in rows] == [("intern-day", "center", "team"), ("center", "team")]
    assert "intern-day" in refusal(answers[0])


async def test_a_new_policy_knows_callers_by_its_own_sources(
    roads: Roads, provider: Provider, tmp_path: Path
) -> None:
    from tollway.policy.load import load

    async with roads(proxy_jwt(provider)) as road:
        callers: Any = road.step(Identify)._callers
        callers.swap(load("version: 1\nidentity: [{networks: {127.0.0.0/8: {user: me}}}]\n", "x"))
        async with road.client() as client:
            await client.post(CHAT.url, json=CHAT.body)
        (row,) = await road.rows()

    assert (row.user, row.network, row.identity) == ("me", "127.0.0.0/8", "networks")
    assert callers._keeping == {}


def test_the_test_issuer_signs_with_what_it_publishes(provider: Provider) -> None:
    """(Or these tests would show nothing.)"""
    assert json.loads(provider.keys)["keys"][0]["n"] == jwk(rsa_key("a"), "a")["n"]


@pytest.mark.parametrize("shown", ["proxy-authorization", "authorization", "x-api-key"])
async def test_behind_an_address_of_a_providers_own_each_call_shows_who_it_is_of(
    roads: Roads, provider: Provider, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--mode reverse:URL`: there is no CONNECT; a token in a header does as well, and a key of ours."""
    monkeypatch.setenv("COMPANY_KEY", "made-up-company-key")
    policy = f"""
identity:
  - proxy_jwt: {{issuer: "{provider.issuer}", audience: tollway}}
  - header_jwt: {{header: authorization, issuer: "{provider.issuer}", audience: tollway}}
  - virtual_keys: true
claims: {{user: email}}
credentials: {{anthropic: {{inject: env:COMPANY_KEY}}}}
"""
    async with roads(policy, modes=("reverse:https://api.anthropic.com",)) as road:
        text = token(provider) if shown != "x-api-key" else given(road, user="ann@example.com")
        async with httpx.AsyncClient() as client:
            headers = {shown: text if shown == "x-api-key" else f"Bearer {text}"}
            known = await client.post(f"{road.proxy.url}{CLAUDE.path}", json=CLAUDE.body, headers=headers)
            nobody = await client.post(f"{road.proxy.url}{CLAUDE.path}", json=CLAUDE.body)
        (row,) = await road.rows()

    assert (known.status_code, nobody.status_code) == (200, 401)
    assert (row.user, row.verified) == ("ann@example.com", True)
    assert text not in str(road.sim.seen[0].headers)
    assert dict(road.sim.seen[0].headers)["x-api-key"] == "made-up-company-key"


async def test_before_another_proxy_what_is_shown_to_us_goes_no_further(
    roads: Roads, provider: Provider, tmp_path: Path
) -> None:
    """`--mode upstream:URL`."""
    both, folder = tmp_path / "both.pem", tmp_path / "before"  # two proxies of one process trust the same
    folder.mkdir()
    async with roads("", set_options=(f"ssl_verify_upstream_trusted_ca={both}",)) as behind:
        own = store.root_path(paths.data_dir() / "ca")
        both.write_bytes(own.read_bytes() + behind.sim.root_ca.read_bytes())
        async with running_road(
            folder,
            behind.sim,
            policy="version: 1" + proxy_jwt(provider),
            modes=(f"upstream:{behind.proxy.url}",),
            set_options=(f"ssl_verify_upstream_trusted_ca={both}",),
            hosts=(),
        ) as road:
            async with road.client(token=token(provider)) as client:
                answer = await client.post(CLAUDE.url, json=CLAUDE.body)
            (row,) = await road.rows()
        (second,) = await behind.rows()

    assert answer.status_code == 200
    assert (row.user, second.user) == ("ann@example.com", None)
    assert "proxy-authorization" not in dict(behind.sim.seen[0].headers)


async def test_while_the_issuer_is_down_a_key_that_is_not_at_hand_may_be_a_new_one(
    roads: Roads, provider: Provider
) -> None:
    """Whoever signs in meanwhile is told to try again, and whose key is at hand goes on."""
    async with roads(header_jwt(provider)) as road, road.client() as client:
        old, new = ({"cf-access-jwt-assertion": token(provider, key=name)} for name in ("a", "b"))
        first = await client.post(CHAT.url, json=CHAT.body, headers=old)
        provider.status = 500
        answers = [await client.post(CHAT.url, json=CHAT.body, headers=each) for each in (new, old)]

    assert first.status_code == 200
    assert [answer.status_code for answer in answers] == [503, 200]
    assert answers[0].headers["retry-after"] == "5"
