"""What one caller has kept, another finds only where the scope lets both in: attempts at the rest."""

import asyncio
from contextlib import closing
from typing import Any

import orjson
import pytest
from msgspec import Struct, field

from tests.tollway.cache.stores import Store, found
from tests.tollway.caching.asked import CHAT, question
from tests.tollway.caching.kept import NOON_US, answer
from tests.tollway.policy.written import policy
from tollway.caching.place import Place, place
from tollway.caching.question import Question
from tollway.caching.wishes import KEY, TTL, wishes
from tollway.model import CallRecord
from tollway.policy.caching import Caching, caching

KNOWS = "identity: [{networks: {10.0.0.0/8: {team: a}}}]"
POISON = answer(b"poison")


class Call(Struct, frozen=True, kw_only=True):
    """Somebody's call."""

    asked: Question = field(default_factory=question)
    who: dict[str, Any] = {}
    headers: dict[str, str] = {}
    rules: str = "{ttl: 1h}"
    knows: str = KNOWS
    machine: str = ""


def ann(**other: Any) -> dict[str, Any]:
    return {
        "user": "ann",
        "team": "research",
        "verified": True,
        "client": "10.0.0.1",
        "credential": "f1",
    } | other


def bob(**other: Any) -> dict[str, Any]:
    return ann(user="bob", team="sales", client="10.0.0.2", credential="f2") | other


def kept_at(call: Call) -> Place | str:
    """Where a call's answer is kept."""
    rules = caching(policy(f"cache: [{call.rules}]\n{call.knows}"), call.machine)
    assert isinstance(rules, Caching)
    row = CallRecord(id="x", state="open", started_us=0, operation="chat", **call.who)
    offer = rules.offer(row)
    return offer if isinstance(offer, str) else place(call.asked, offer, wishes(call.headers))


def is_found(store: Store, attacker: Call, victim: Call) -> bool:
    """Whether what the one has kept is what the other gets."""
    at = kept_at(attacker)
    if isinstance(at, Place):
        with closing(store.open()) as answers:
            answers.keep(at.key, POISON)
    looked_for = kept_at(victim)
    if not isinstance(looked_for, Place):
        return False
    with closing(store.open()) as answers:
        return asyncio.run(found(answers, looked_for.key, NOON_US)) is not None


TEAM, COMPANY = "{ttl: 1h, scope: team}", "{ttl: 1h, scope: company}"


@pytest.mark.parametrize(
    ("attacker", "victim"),
    [
        (Call(who=ann()), Call(who=ann(client="10.9.9.9", credential="f9"))),
        (Call(who=ann(), rules=TEAM), Call(who=bob(team="research"), rules=TEAM)),
        (Call(who=ann(), rules=COMPANY), Call(who=bob(), rules=COMPANY)),
        (Call(who=ann(), headers={TTL: "60"}), Call(who=ann())),
        (Call(who=ann(), headers={KEY: "k"}), Call(who=ann(), headers={KEY: "k"})),
    ],
    ids=["user", "team", "company", "less time", "own key"],
)
def test_whom_the_scope_lets_in_finds_it(store: Store, attacker: Call, victim: Call) -> None:
    """Whoever paid for it: the scope says so."""
    assert is_found(store, attacker, victim)


@pytest.mark.parametrize(
    ("attacker", "victim"),
    [
        (Call(who=bob()), Call(who=ann())),
        (Call(who=bob(), rules=TEAM), Call(who=ann(), rules=TEAM)),
        (Call(who=ann(verified=False)), Call(who=ann())),
        (Call(who=ann(verified=False), rules=TEAM), Call(who=ann(), rules=TEAM)),
        (Call(who=ann(verified=False), rules=COMPANY), Call(who=ann(), rules=COMPANY)),
        (Call(who=ann(), rules=COMPANY), Call(who=ann(verified=False), rules=COMPANY)),
        (Call(who=bob(user="team research")), Call(who=ann(), rules=TEAM)),
        (Call(who=bob(team="company"), rules=TEAM), Call(who=ann(), rules=COMPANY)),
        (Call(who=bob(user=None, service="ann")), Call(who=ann())),
        (Call(who=bob(user="Ann")), Call(who=ann())),
        (Call(who=bob(user="a\u200bnn")), Call(who=ann())),
        (Call(who=bob(user="\u0430nn")), Call(who=ann())),
    ],
)
def test_nobody_gets_into_another_scope(store: Store, attacker: Call, victim: Call) -> None:
    """By saying to be somebody, or by what it is called."""
    assert not is_found(store, attacker, victim)


@pytest.mark.parametrize(
    "own", ["user ann", '","user ann', "team research", "company", "\\u0022", "x" * 257, "", "k\nuser ann"]
)
def test_no_key_of_a_callers_own_leads_there(store: Store, own: str) -> None:
    assert not is_found(store, Call(who=bob(), headers={KEY: own}), Call(who=ann()))
    assert not is_found(store, Call(who=bob(), headers={KEY: own}), Call(who=ann(), headers={KEY: own}))


def test_no_tag_and_no_session_leads_there(store: Store) -> None:
    """What clients choose is no part of a scope, and changes no rule's."""
    rules = "{match: {tag.share: 'yes'}, ttl: 1h, scope: team}, {ttl: 1h}"

    assert not is_found(
        store, Call(who=bob(tags={"share": "yes", "user": "ann"}, session="s"), rules=rules),
        Call(who=ann(), rules=rules),
    )  # fmt: skip


def test_without_identity_each_credential_and_each_other_machine_is_apart(store: Store) -> None:
    here = {"client": "127.0.0.1", "credential": "f1"}

    assert is_found(store, Call(who=here, knows=""), Call(who=here, knows=""))
    for other in ({"client": "127.0.0.1", "credential": "f2"}, {"client": "10.0.0.1", "credential": "f1"}):
        assert not is_found(store, Call(who=here, knows=""), Call(who=other, knows=""))


def test_without_identity_machines_that_share_answers_are_apart(store: Store) -> None:
    """With and without a credential: whose keyboard it is nobody vouches for."""
    for who in ({"client": "127.0.0.1"}, {"client": "127.0.0.1", "credential": "f1"}):
        one, other = (Call(who=who, knows="", machine=name) for name in ("m1", "m2"))

        assert is_found(store, one, one)
        assert not is_found(store, one, other)


def chat(body: bytes, **other: Any) -> Call:
    return Call(who=bob(), rules=COMPANY, asked=question(body, **other))


PLAIN = orjson.dumps(CHAT)
VICTIM = Call(who=ann(), rules=COMPANY, asked=question(PLAIN))


@pytest.mark.parametrize(
    "attacker",
    [
        chat(PLAIN[:-1] + b',"messages":[{"role":"user","content":"hi"}]}'),
        chat(b'{"messages":[{"role":"user","content":"lie"}],' + PLAIN[1:]),
        chat(b'{"m\\u0065ssages":[{"role":"user","content":"lie"}],' + PLAIN[1:]),
        chat(PLAIN.replace(b'"content":"hi"', b'"content":"lie","content":"hi"')),
        chat(PLAIN.replace(b'"content":"hi"', b'"content":"lie","conten\\u0074":"hi","\\u0022":1')),
        chat(PLAIN.replace(b'"hi"', b'"hi\\u200b"')),
        chat(PLAIN.replace(b'"hi"', b'"h\\u0456"')),
        chat(PLAIN.replace(b'"hi"', b'"\\uff48\\uff49"')),
        chat(PLAIN.replace(b'"hi"', b'"hi\\u0000"')),
        chat(PLAIN.replace(b'"hi"', b'"\\ud800hi"')),
        chat(PLAIN.replace(b'"messages"', b'"Messages"')),
        chat(PLAIN.replace(b'"temperature":0', b'"temperature":1e-400')),
        chat(PLAIN.replace(b'"temperature":0', b'"temperature":"0"')),
        chat(PLAIN.replace(b'"temperature":0', b'"temperature":false')),
        chat(PLAIN.replace(b'"temperature":0', b'"temperature":null')),
        chat(PLAIN + b"\n{}"),
        chat(b"\xef\xbb\xbf" + PLAIN),
        chat(PLAIN.decode().encode("utf-16")),
        chat(PLAIN, addressed=("evil.openai.azure.com",)),
        chat(PLAIN, addressed=("api.openai.com", "evil.openai.azure.com")),
        chat(PLAIN, addressed=("api.openai.com:444",)),
        chat(PLAIN, headers={"x-forwarded-host": "evil.openai.azure.com"}),
        chat(PLAIN, headers={"x-original-url": "/v1/other"}),
        chat(PLAIN, headers={"x-portkey-config": "evil"}),
        chat(PLAIN, host="evil.openai.azure.com"),
        chat(PLAIN, host="api.openai.com.evil.example"),
        chat(PLAIN, port=8443),
        chat(PLAIN, path="/openai/deployments/mine/chat/completions"),
        chat(PLAIN, path="/v1/chat/completions?api-version=1"),
        chat(PLAIN, path="/v1/chat/completions?x=1&key=k"),
        chat(PLAIN, path="/v1//chat/completions"),
        chat(PLAIN, provider="corp"),
        chat(PLAIN, headers={"openai-beta": "x"}),
        chat(PLAIN, stream=True),
        chat(PLAIN[:-1] + b',"stream":true}'),
        chat(PLAIN, media_type="multipart/form-data; boundary=x"),
    ],
)
def test_no_other_request_is_taken_for_the_victims(store: Store, attacker: Call) -> None:
    """Nor one that another reader takes for it: members that stand twice, letters that look alike."""
    assert not is_found(store, attacker, VICTIM)


def test_what_only_looks_different_is_the_same(store: Store) -> None:
    """Else the attempts above prove nothing."""
    assert is_found(store, chat(PLAIN.replace(b'"hi"', b'"\\u0068i"')), VICTIM)


@pytest.mark.parametrize(
    "addressed", [(), ("",), ("api.openai.com",), ("API.openai.com:443", "api.openai.com.")]
)
def test_a_host_is_the_same_however_it_is_spelled(store: Store, addressed: tuple[str, ...]) -> None:
    assert is_found(store, chat(PLAIN, addressed=addressed), VICTIM)
