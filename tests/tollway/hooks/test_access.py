"""Step 5, over real sockets: what the access rules deny does not leave."""

from typing import Any

import pytest

from tests.tollway.calls import BATCH, CHAT, CLAUDE, GEMINI, PASSING, TALK, UNKNOWN, Call, refusal
from tests.tollway.hooks.denied import Roads, post, roads
from tests.tollway.identity.issuer import CLAIMS, rsa_key, signed
from tests.tollway.issuers.provider import Provider, providing
from tests.tollway.road import Road
from tollway import clock
from tollway.governing import Governing
from tollway.hooks.budget import Budget
from tollway.ledger.open import open_books
from tollway.ledger.store import Budgets
from tollway.policy.load import load
from tollway.proxy import put_in_force

__all__ = ["roads"]

FRONTIER = """
access:
  - {name: frontier, deny: {model: [gpt-4o, claude-sonnet-4-5, gemini-2.5-pro]}}
"""


def parts(road: Road) -> tuple[Governing, Budgets]:
    """What another policy is put in force with."""
    budget = road.step(Budget)
    return budget.governing, budget.ledger


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI], ids=["openai", "anthropic", "gemini"])
async def test_what_a_rule_denies_is_refused_in_its_providers_shape(
    roads: Roads, call: Call, http2: bool
) -> None:
    async with roads(FRONTIER) as road, road.client(http2=http2) as client:
        answer = await post(client, call)

        assert answer.status_code == 403
        assert answer.headers["x-should-retry"] == "false"
        assert refusal(call, answer.content)[1].startswith("Tollway: the access rule frontier denies")
        assert road.sim.seen == []


async def test_a_refusal_is_in_the_ledger_and_holds_nothing(roads: Roads) -> None:
    limits = (
        "limits: [{name: day, amount: 1 USD, window: day}, {name: ten, amount: 10 requests, window: day}]"
    )
    async with roads(FRONTIER + limits) as road, road.client() as client:
        await post(client, CHAT, **{"x-tollway-tags": "project=apollo"})

        (row,) = await road.rows()
        assert (row.error, row.state, row.cost.nano, row.status) == ("access_denied", "done", 0, None)
        assert (row.model, row.tags, row.limits) == ("gpt-4o", {"project": "apollo"}, ())
        books = open_books(road.ledger_url)
        try:
            assert not any(row.settled or row.held for row in books.buckets(0))
        finally:
            books.close()


async def test_what_no_rule_denies_leaves_as_it_came(roads: Roads) -> None:
    async with roads(FRONTIER) as road, road.client() as client:
        other = Call(CHAT.host, CHAT.path, {"model": "gpt-4o-mini", "messages": TALK})

        assert (await post(client, other)).is_success
        assert (await post(client, PASSING)).status_code == 404  # the simulator's own word
        assert [seen.path for seen in road.sim.seen] == [CHAT.path, PASSING.path]


async def test_what_nothing_reads_is_refused_if_it_may_be_denied(roads: Roads) -> None:
    async with roads(FRONTIER) as road, road.client() as client:
        answers = [await post(client, call) for call in (UNKNOWN, BATCH)]
        broken = await client.post(CHAT.url, content=b'{"model": "gpt-4o-mini"')
        twice = await client.post(CHAT.url, content=b'{"model": "gpt-4o", "model": "gpt-4o-mini"}')

        assert [answer.status_code for answer in answers] == [403, 403]
        assert (broken.status_code, twice.status_code) == (400, 403)
        assert road.sim.seen == []
        rows = await road.rows()
        assert {row.error for row in rows} == {"access_denied", "unreadable"}


async def test_what_nothing_reads_passes_if_the_policy_lets_it(roads: Roads) -> None:
    faults = "faults: {unknown_call: pass, batch: allow}\n"
    async with roads(faults + FRONTIER) as road, road.client() as client:
        for call in (UNKNOWN, BATCH):
            await post(client, call)

        assert [seen.path for seen in road.sim.seen] == [UNKNOWN.path, BATCH.path]


async def test_rules_know_who_calls(roads: Roads) -> None:
    policy = """
identity: [{networks: {127.0.0.0/8: {role: intern}}}]
access: [{name: interns, deny: {role: intern, provider: openai}}]
"""
    async with roads(policy) as road, road.client() as client:
        assert (await post(client, CHAT)).status_code == 403
        assert (await post(client, CLAUDE)).is_success


async def test_what_costs_nothing_is_not_asked_for(roads: Roads) -> None:
    async with roads("access: [{default: deny}]") as road, road.client() as client:
        assert (await post(client, CHAT)).status_code == 403
        assert (await post(client, UNKNOWN)).status_code == 403
        await post(client, PASSING)
        await client.get("https://api.openai.com/v1/models")

        assert [seen.path for seen in road.sim.seen] == [PASSING.path, "/v1/models"]


async def test_roles_and_groups_of_tokens_decide(roads: Roads) -> None:
    """Of a caller in more groups than a token can say, nobody knows that it is in none that is denied."""
    with providing() as provider:
        policy = f"""
identity: [{{proxy_jwt: {{issuer: "{provider.issuer}", audience: tollway}}}}]
claims: {{user: email, role: "roles[0]", groups: groups}}
access:
  - {{name: interns, deny: {{role: intern}}}}
  - {{name: contractors, deny: {{group: contractors}}}}
"""
        said: list[dict[str, Any]] = [
            {"roles": ["senior"], "groups": ["search"]},
            {"roles": ["intern"], "groups": ["search"]},
            {"roles": ["senior"], "groups": ["contractors"]},
            {"roles": ["senior"], "hasgroups": True},
        ]
        answers = []
        async with roads(policy) as road:
            for claims in said:
                async with road.client(token=token(provider, claims)) as client:
                    answers.append(await post(client, CHAT))

    assert [answer.status_code for answer in answers] == [200, 403, 403, 403]
    assert "in more groups than its token can say" in answers[-1].text


def token(provider: Provider, claims: dict[str, Any]) -> str:
    """A token of Ann's."""
    now = int(clock.now())
    who = {"iss": provider.issuer, "aud": "tollway", "exp": now + 600, "iat": now, "email": "ann@example.com"}
    return signed(who | claims, rsa_key("a"), header={"kid": "a"})


async def test_another_policy_holds_at_once(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        assert (await post(client, CHAT)).is_success
        await put_in_force(load("version: 1\n" + FRONTIER, "p"), *parts(road))
        assert (await post(client, CHAT)).status_code == 403
        await put_in_force(load("version: 1", "p"), *parts(road))
        assert (await post(client, CHAT)).is_success


async def test_a_target_that_is_denied_is_passed_over(roads: Roads) -> None:
    """The reason is in the ledger, and the next rule of the route is tried."""
    policy = """
access: [{name: no-mini, deny: {model: gpt-4o-mini}}]
limits: [{name: day, match: {model: gpt-4o}, amount: 0.000001 USD, window: day, then: [{route: down}, block]}]
routes: {down: [{from: gpt-4o, to: openai/gpt-4o-mini}, {from: gpt-4o, to: openai/gpt-4.1-nano}]}
"""
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body | {"max_tokens": 100})

        assert answer.is_success
        assert road.sim.seen[0].json["model"] == "gpt-4.1-nano"


async def test_where_every_target_is_denied_the_reason_is_told(roads: Roads) -> None:
    policy = """
access: [{name: no-mini, deny: {model: "*mini*"}}]
limits: [{name: day, match: {model: gpt-4o}, amount: 0.000001 USD, window: day, then: [{route: down}, block]}]
routes: {down: [{from: gpt-4o, to: openai/gpt-4o-mini}]}
"""
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body | {"max_tokens": 100})

        assert answer.status_code in (402, 429, 400, 403)
        (row,) = await road.rows()
        assert row.action is not None
        assert "skipped: openai/gpt-4o-mini: the access rule no-mini denies gpt-4o-mini" in row.action


async def test_what_nobody_vouches_for_allows_nothing(roads: Roads) -> None:
    """A token for a provider may say anything of its bearer."""
    policy = """
identity: [{provider_token: {claims: {team: dep}}}]
anonymous: allow
access: [{allow: {team: search}}, {default: deny}]
"""
    headers = {"authorization": f"Bearer {signed({**CLAIMS, 'dep': 'search'})}"}
    async with roads(policy) as road, road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body, headers=headers)
        (row,) = await road.rows()

    assert (answer.status_code, row.team, row.error) == (403, "search", "access_denied")
