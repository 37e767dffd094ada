"""Step 5, over real sockets: what the access rules deny does not leave."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.calls import BATCH, CHAT, CLAUDE, GEMINI, PASSING, TALK, UNKNOWN, Call, refusal
from tests.tollway.identity.issuer import CLAIMS, rsa_key, signed
from tests.tollway.issuers.provider import Provider, providing
from tests.tollway.road import HOSTS, Road
from tests.tollway.road import road as running_road
from tollway import clock
from tollway.governing import Governing
from tollway.hooks.budget import Budget
from tollway.ledger.open import open_books
from tollway.ledger.store import Budgets
from tollway.policy.load import load
from tollway.proxy import put_in_force

FRONTIER = """
access:
  - {name: frontier, deny: {model: [gpt-4o, claude-sonnet-4-5, gemini-2.5-pro]}}
"""
MORE_HOSTS = ("bedrock-runtime.us-east-1.amazonaws.com", "openrouter.ai")

Roads = Callable[..., AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Makes proxies of a policy."""
    monkeypatch.setenv("GROQ_KEY", "made-up-groq-key")

    @asynccontextmanager
    async def made(policy: str, **options: Any) -> AsyncIterator[Road]:
        sim.scenario = Scenario()
        hosts = (*HOSTS, *MORE_HOSTS)
        async with running_road(
            tmp_path, sim, policy="version: 1\n" + policy, hosts=hosts, **options
        ) as road:
            yield road

    return made


def parts(road: Road) -> tuple[Governing, Budgets]:
    """What another policy is put in force with."""
    budget = road.step(Budget)
    return budget.governing, budget.ledger


async def post(client: httpx.AsyncClient, call: Call, **headers: str) -> httpx.Response:
    return await client.post(call.url, content=call.content, headers=headers)


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


OPUS = "access: [{name: opus, deny: {model: claude-opus-4-8}}]"
CHAT_AT_OPENROUTER = "/api/v1/chat/completions"


def at_openrouter(**body: Any) -> Call:
    return Call("openrouter.ai", CHAT_AT_OPENROUTER, {"messages": TALK, **body})


def at_anthropic(**body: Any) -> Call:
    return Call(CLAUDE.host, CLAUDE.path, {"max_tokens": 64, "messages": TALK, **body})


def at_bedrock(model: str, action: str = "converse") -> Call:
    body = {"messages": [{"role": "user", "content": [{"text": "hi"}]}]}
    return Call("bedrock-runtime.us-east-1.amazonaws.com", f"/model/{model}/{action}", body)


EVASIONS = [
    at_anthropic(model="CLAUDE-OPUS-4-8"),
    at_anthropic(model="claude-opus-4-8-20260528"),
    at_anthropic(model="claude-opus-4-8[1m]"),
    at_anthropic(model="claude-haiku-4-5", fallbacks=[{"model": "claude-opus-4-8"}]),
    at_anthropic(
        model="claude-haiku-4-5",
        tools=[{"type": "advisor_20260301", "name": "a", "model": "claude-opus-4-8"}],
    ),
    at_anthropic(Model="claude-opus-4-8", model="claude-haiku-4-5"),
    at_anthropic(),
    at_openrouter(model="anthropic/claude-opus-4.8"),
    at_openrouter(model="anthropic/claude-4.8-opus-20260528"),
    at_openrouter(model="~anthropic/claude-opus-4.8:nitro"),
    at_openrouter(model="anthropic/claude-opus-4.8-fast"),
    at_openrouter(model="anthropic/claude-opus-4.8:batch"),
    at_openrouter(model="openrouter/auto"),
    at_openrouter(model="@preset/mine"),
    at_openrouter(model="openai/gpt-5", models=["anthropic/claude-opus-4.8"]),
    at_openrouter(models=["openai/gpt-5", "anthropic/claude-opus-4.8"]),
    at_openrouter(model="openai/gpt-5", preset="mine"),
    at_bedrock("us.anthropic.claude-opus-4-8-v1:0"),
    at_bedrock("us.anthropic.claude-opus-4-8-v1%3A0"),
    at_bedrock("us.anthropic.claude-opus-4-8-v1:0", "invoke"),
    at_bedrock("us.anthropic.claude-opus-4-8-v1:0", "converse-stream"),
    at_bedrock("us.anthropic.cl%61ude-opus-4-8-v1:0"),
    at_bedrock("arn:aws:bedrock:us-east-1:1:inference-profile%2Fus.anthropic.claude-opus-4-8-v1:0"),
    at_bedrock("arn:aws:bedrock:us-east-1:1:application-inference-profile%2Fa1b2c3"),
    at_bedrock("x/../us.anthropic.claude-opus-4-8-v1:0"),
    at_bedrock("anthropic.claude-haiku-4-5%2F..%2Fanthropic.claude-opus-4-8-v1:0"),
]
"""Ways to ask for a model that is denied."""


async def test_a_model_that_is_denied_can_not_be_asked_for_by_another_name(roads: Roads) -> None:
    async with roads(OPUS) as road, road.client() as client:
        got_by = [call for call in EVASIONS if (await post(client, call)).status_code != 403]

        assert got_by == []
        assert road.sim.seen == []


PRO = "access: [{name: pro, deny: {model: gemini-2.5-pro}}]"
FLASH = "/v1beta/models/gemini-2.5-flash:generateContent"
PATHS = [
    "/v1beta/models/gemini-2.5-pro:generateContent",
    "/v1beta/models/Gemini-2.5-Pro:generateContent",
    "/v1beta/models/gemini-2.5-pro-preview-05-06:generateContent",
    "/v1beta/models/gemini-pro-latest:generateContent",
    "/v1beta/models/gemini-2%2E5-pro:generateContent",
    "/v1beta/models/gemini-2.5-pro%3AgenerateContent",
    "/v1beta/models/gemini-2.5-flash%2F..%2Fgemini-2.5-pro:generateContent",
    "/v1beta/models/x:generateContent/../gemini-2.5-pro:generateContent",
    f"{FLASH}#/../gemini-2.5-pro:generateContent",
    "/v1beta/models/gemini-2.5-flash%3F/../gemini-2.5-pro:generateContent",
    "/v1beta/models/gemini-2.5-flash\\..\\gemini-2.5-pro:generateContent",
    "/v1beta//models/./gemini-2.5-pro:generateContent",
    "/v1beta/models/gemini-2.5-pro:batchGenerateContent",
    "/v1beta/models/gemini-2.5-flash:batchGenerateContent",
    "/v1beta/openai/chat/completions",
    "/v1beta/tunedModels/1234:generateContent",
]
"""Paths by which it may be reached."""


async def test_a_model_that_is_denied_is_not_reached_by_another_path(roads: Roads) -> None:
    async with roads(PRO) as road:
        got_by = []
        for path in PATHS:
            raw = await road.raw(GEMINI.host)
            await raw.send(Call(GEMINI.host, path, GEMINI.body).http1())
            got_by += [path] if (await raw.response()).status not in (400, 403) else []
            raw.close()

        assert got_by == []
        assert road.sim.seen == []


async def test_a_path_and_a_body_may_not_name_different_models(roads: Roads) -> None:
    async with roads(PRO) as road, road.client() as client:
        flash = Call(GEMINI.host, FLASH, GEMINI.body)
        both = Call(GEMINI.host, FLASH, GEMINI.body | {"model": "models/gemini-2.5-pro"})
        routed = Call(
            GEMINI.host, FLASH, GEMINI.body | {"generationConfig": {"routingConfig": {"autoMode": {}}}}
        )

        assert [(await post(client, call)).status_code for call in (flash, both, routed)] == [200, 403, 403]


WHISPER = "access: [{name: whisper, deny: {model: whisper-1}}]"
TRANSCRIBE = "https://api.openai.com/v1/audio/transcriptions"


def form(*heads: str) -> bytes:
    """A form with a sound and these heads of fields, the last of which has the model that is denied."""
    texts = ["gpt-4o-mini-transcribe"] * (len(heads) - 1) + ["whisper-1"]
    fields = [
        f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n"
        for head, text in zip(heads, texts, strict=True)
    ]
    sound = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n'
    return "".join([*fields, sound, "--b--\r\n"]).encode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (form('name="model"'), "multipart/form-data; boundary=b"),
        (form('name="model"', 'name="model"'), "multipart/form-data; boundary=b"),
        (form('name="model"', "name=model"), "multipart/form-data; boundary=b"),
        (form('name="model"', 'name="x"; name="model"'), "multipart/form-data; boundary=b"),
        (form('name="model"', "name*=utf-8''model"), "multipart/form-data; boundary=b"),
        (form('name="model"'), "multipart/form-data; boundary=c; boundary=b"),
        (form('name="model"'), "application/json"),
        (b'{"model": "whisper-1"}', "multipart/form-data; boundary=b"),
    ],
)
async def test_a_form_is_no_way_around_a_rule(roads: Roads, body: bytes, kind: str) -> None:
    async with roads(WHISPER) as road, road.client() as client:
        answer = await client.post(TRANSCRIBE, content=body, headers={"content-type": kind})

        assert answer.status_code in (400, 403)
        assert road.sim.seen == []


async def test_models_that_are_not_denied_are_not_taken_for_it(roads: Roads) -> None:
    calls = [
        at_anthropic(model="claude-haiku-4-5"),
        at_anthropic(model="claude-opus-4-1-20250805"),
        at_openrouter(model="anthropic/claude-opus-4.5", models=["openai/gpt-5"]),
        at_bedrock("us.anthropic.claude-opus-4-5-20251101-v1:0"),
    ]
    async with roads(OPUS) as road, road.client() as client:
        assert [(await post(client, call)).status_code for call in calls] == [200] * len(calls)


FORGED = [
    b'{"model": "claude-opus-4-8", "model": "claude-haiku-4-5"}',
    b'{"model": "claude-haiku-4-5", "\\u006dodel": "claude-opus-4-8"}',
    b'{"model": "claude-haiku-4-5", "fallbacks": [{"model": "claude-opus-4-8"}], "fallbacks": []}',
    b'\xef\xbb\xbf{"model": "claude-opus-4-8"}',
    b'{"model": "claude-opus-4-8",}',
    b'/* */{"model": "claude-opus-4-8"}',
    b'[{"model": "claude-opus-4-8"}]',
    b'{"model": "claude-haiku-4-5"}{"model": "claude-opus-4-8"}',
    '{"model": "claude-opus-4-8"}'.encode("utf-16"),
    b"",
]
"""Bodies in which a reader may find a model that another does not."""


async def test_a_body_in_which_readers_may_differ_does_not_leave(roads: Roads) -> None:
    async with roads(OPUS) as road, road.client() as client:
        answers = [await client.post(CLAUDE.url, content=body) for body in FORGED]
        coded = await client.post(CLAUDE.url, content=CLAUDE.content, headers={"content-encoding": "snappy"})

        assert {answer.status_code for answer in (*answers, coded)} == {400, 403}
        assert road.sim.seen == []


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
