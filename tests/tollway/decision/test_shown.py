"""A decision as text and as JSON."""

import json
from fractions import Fraction
from typing import Any

from tests.tollway.decision.calls import call, decided
from tollway.decision.call import Call
from tollway.decision.shown import as_json, as_text

TEXT = """
identity: [{networks: {10.0.0.0/8: {team: a}}}]
access:
  - {name: no-opus, deny: {model: "*opus*"}}
  - {name: chats, allow: {operation: chat}}
  - {default: deny}
limits:
  - {name: month, per: team, amount: 5 USD, window: month, at: {80%: {route: down}, 95%: {route: trial}}}
  - {name: hour, amount: 9 requests, window: hour, enforce: soft, then: [wait 3s, {route: down}, {route: up}]}
  - {name: any, amount: 9 requests, window: rolling 90m, then: [block]}
routes:
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}]
  up: [{from: gpt-4o-mini, to: openai/gpt-5}]
  night: [{from: gpt-4o, when: {time: 22:00-06:00}, to: openai/gpt-4.1}]
  trial: [{from: "gpt-*", split: {90%: openai/gpt-5, 10%: openai/gpt-4.1}}]
always:
  - {match: {team: a}, route: down}
  - {route: night}
"""
LINES = {0: 5, 1: 6}
NOTHING: dict[str, Any] = {
    "leads_to": None, "why_not": None, "stays": False, "set": {}, "left_out": [], "may_be_left_out": [],
    "not_as": {}, "on_failure": None, "may_wait": False,
}  # fmt: skip
"""What is said where nothing is done."""


def shown(asked: Call, text: str = TEXT) -> str:
    return as_text(decided(text, asked), asked, "p.yaml", LINES)


def test_the_tree_says_what_was_decided_in_its_order() -> None:
    assert (
        shown(call(shares={"month": Fraction(15, 100)}, stream=True, size=120_000))
        == """\
allowed: the access rule chats allows it (p.yaml:6)
comes: tue 12:00, 120 KB, stream, no tools, no images
always[0] (p.yaml:18): not for this call: team must be a, and is absent
always[1] (p.yaml:19): route night
  from gpt-4o (p.yaml:15): no: time must be 22:00-06:00, and is 12:00
  leads nowhere: no rule of it sends openai/gpt-4o on
month at 80% (p.yaml:9): route down
  from gpt-4o (p.yaml:13): yes: openai/gpt-4o-mini
  leads to openai/gpt-4o-mini
  a conversation with a prompt cache may wait, where it would lose more than it saves
goes to: openai/gpt-4o-mini
limits: month, hour, any
  month (p.yaml:9): hard, 5 USD a month per team, 15% left
    at 80%: route down, reached
    at 95%: route trial to openai/gpt-5
    then: clamp, wait 3s, block
  hour (p.yaml:10): soft, 9 requests an hour, 100% left
    then: wait 3s, route down (leads nowhere), route up to openai/gpt-5, block
  any (p.yaml:11): hard, 9 requests in any 90m, 100% left
    then: block"""
    )


SPLIT = """
access: [{name: no-five, deny: {model: gpt-5}}]
routes: {r: [{from: gpt-4o, split: {50%: openai/gpt-5, 30%: openai/gpt-4.1, 20%: openai/same}}]}
always: [{route: r}]
"""


def test_shares_are_told_with_the_one_that_a_caller_is_in() -> None:
    """One that can't be had is told with the reason."""
    assert (
        shown(call(), SPLIT)
        == """\
allowed: no access rule denies it
comes: tue 12:00, 0 B, no stream, no tools, no images
always[0] (p.yaml:5): route r
  from gpt-4o (p.yaml:4): yes: 50% openai/gpt-5, 30% openai/gpt-4.1, 20% openai/gpt-4o
    not openai/gpt-5: the access rule no-five denies gpt-5 at openai (chat)
    openai/gpt-4.1, as 30% do: name --session or --user to see where one goes
  leads to openai/gpt-4.1
  a conversation with a prompt cache may wait, where it would lose more than it saves
goes to: openai/gpt-4.1
limits: none"""
    )
    said = [shown(call(user=f"u{i}"), SPLIT) for i in range(20)]
    assert [text for text in said if "openai/gpt-4o, with the 20% that u" in text]
    assert [text for text in said if "openai/gpt-4.1, with the 30% that u" in text]


def test_what_access_denies_is_told_as_ever() -> None:
    assert shown(call("claude-opus-5", provider="anthropic")) == (
        "denied: the access rule no-opus denies claude-opus-5 at anthropic (chat) (p.yaml:5)\n"
        "also allow: chats (p.yaml:6)\n"
        "limits: month, hour, any"
    )


def test_a_route_that_is_not_allowed_is_all_that_is_told() -> None:
    said = "no route 'up' may be asked for with this call (x-tollway-route): there are none"
    asked = call(wish="up")

    assert shown(asked) == f"refused: Tollway: {said}"
    found = as_json(decided(TEXT, asked), asked, LINES)
    assert (found["allowed"], found["why"], found["refused"]) == (
        False,
        f"Tollway: {said}",
        f"Tollway: {said}",
    )


def test_without_routes_the_limits_follow_at_once() -> None:
    assert (
        shown(call(), "limits: [{name: day, amount: 5 USD, window: day}]")
        == """\
allowed: no access rule denies it
limits: day
  day (p.yaml:2): hard, 5 USD a day, 100% left
    then: clamp, wait 3s, block"""
    )


def test_the_tree_says_what_guardrails_look_for() -> None:
    text = (
        "guardrails: [{name: keys, find: secrets, do: block}, {find: [card, iban], in: response, do: redact,"
        " generic: redact, shadow: true}, {name: w, words: [ab], in: both, do: flag}]"
    )

    assert shown(call(), text).splitlines()[2:] == [
        "guardrail keys (p.yaml:2): block secrets in its request; flag what only looks like one",
        "guardrail guardrails[1] (p.yaml:2): redact card, iban in its answer; in shadow",
        "guardrail w (p.yaml:2): flag w in its request and answer",
    ]


def test_whether_its_answer_would_be_kept_is_told() -> None:
    """As it comes, wherever it goes."""
    text = (
        "cache: [{name: vectors, match: {operation: embeddings}, ttl: 30d, scope: company},"
        " {ttl: 1h, scope: team}]"
    )

    assert shown(call(operation="embeddings"), text).splitlines()[2:] == [
        "cache vectors (p.yaml:2): would be cached for 30d, scope company",
    ]
    assert shown(call(), text).splitlines()[2:] == [
        "cache cache[1] (p.yaml:2): not cached: nobody vouches for who calls, so no scope is open to it",
    ]


def test_json_has_the_same_keys_each_time() -> None:
    keys = {
        "allowed", "rule", "by", "why", "rules", "limits", "refused", "circumstances", "target", "set",
        "on_failure", "who", "steps", "held_by", "rates", "guarded", "cached", "kept",
    }  # fmt: skip
    for asked in (call(), call("claude-opus-5", provider="anthropic"), call(wish="up")):
        assert as_json(decided(TEXT, asked), asked, LINES).keys() == keys


def test_json_says_all_that_the_tree_does() -> None:
    asked = call(team="a", session="s1")
    found: dict[str, Any] = json.loads(json.dumps(as_json(decided(TEXT, asked), asked, LINES)))

    assert (found["allowed"], found["rule"], found["target"], found["who"]) == (
        True,
        "chats",
        "openai/gpt-4o-mini",
        "s1",
    )
    assert found["limits"] == [limit["name"] for limit in found["held_by"]] == ["month", "hour", "any"]
    assert found["circumstances"] == {
        "day": "tue", "time": "12:00", "size": 0, "stream": False, "tools": False, "images": False,
    }  # fmt: skip
    target = {"target": "openai/gpt-4o-mini", "share": 100, "chosen": True, "why_not": None}
    rule = {"line": 13, "from": "gpt-4o", "holds": True, "why_not": None, "targets": [target]}
    route = {
        **NOTHING,
        "name": "down",
        "line": 13,
        "leads_to": "openai/gpt-4o-mini",
        "may_wait": True,
        "rules": [rule],
    }
    assert found["steps"] == [{"by": "always[0]", "line": 18, "at": None, "why_not": None, "route": route}]
    up = {**NOTHING, "does": "route up", "leads_to": "openai/gpt-5", "may_wait": True}
    assert found["held_by"][1]["then"][2] == up
    assert found["held_by"][0]["levels"][0]["reached"] is False


CHAIN = """
credentials: {groq: {inject: env:GROQ_KEY}}
routes:
  r:
    - from: "gpt-*"
      to: [same, openai/o1-mini, groq/openai/gpt-oss-120b]
      on: [429, 5xx, timeout 20s]
      retries: 2
      breaker: {failures: 3, rest: 90s}
      set: {temperature: 0.2, seed: 7}
always: [{route: r}]
limits: [{name: day, amount: 1 USD, window: day, then: [{route: r}]}]
"""


def test_a_chain_is_told_with_what_is_set_and_what_follows_a_failure() -> None:
    assert (
        shown(call(tools=True), CHAIN)
        == """\
allowed: no access rule denies it
comes: tue 12:00, 0 B, no stream, tools, no images
always[0] (p.yaml:12): route r
  from gpt-* (p.yaml:6): yes: openai/gpt-4o, else openai/o1-mini, else groq/openai/gpt-oss-120b
    not openai/o1-mini: it has tools, and o1-mini calls none
  leads to openai/gpt-4o, where it is
goes to: openai/gpt-4o
  sets temperature 0.2, seed 7
  not for calls in openai_responses, which lacks some of that
  on 429, 5xx, timeout 20s: groq/openai/gpt-oss-120b; each is tried 2 times more before the next
  after 3 failures in a row a target comes last for 90s
limits: day
  day (p.yaml:13): hard, 1 USD a day, 100% left
    then: route r to openai/gpt-4o (else groq/openai/gpt-oss-120b; sets temperature 0.2, seed 7), block"""
    )


def test_json_has_what_is_set_and_what_follows_a_failure() -> None:
    asked = call(tools=True)
    found: dict[str, Any] = json.loads(json.dumps(as_json(decided(CHAIN, asked), asked, LINES)))

    (step,) = found["steps"]
    assert found["set"] == step["route"]["set"] == {"temperature": 0.2, "seed": 7}
    assert found["on_failure"] == step["route"]["on_failure"]
    assert found["on_failure"] == {
        "on": ["429", "5xx", "timeout 20s"],
        "retries": 2,
        "breaker": {"failures": 3, "rest": "90s"},
        "then": [
            stop("openai/o1-mini", why_not="it has tools, and o1-mini calls none", left_out=["temperature"]),
            stop("groq/openai/gpt-oss-120b"),
        ],
    }


def stop(target: str, **more: Any) -> dict[str, Any]:
    lacks = {"openai_responses": "set seed: openai_responses has none"}
    nothing: dict[str, Any] = {"why_not": None, "left_out": [], "may_be_left_out": [], "not_as": lacks}
    return {"target": target, **nothing, **more}


RATED = """
rates:
  - {name: often, match: {operation: chat}, per: [team, user], allow: 60 requests / minute, burst: 5}
  - {name: none, match: {operation: images}, allow: 1 at once}
  - {name: wide, allow: 2M tokens / hour, then: [{route: down}]}
routes: {down: [{from: gpt-4o, to: openai/gpt-4o-mini}]}
"""


def test_the_rates_that_it_meets_are_told_with_what_they_do() -> None:
    assert shown(call(), RATED).splitlines()[-4:] == [
        "rate often (p.yaml:4): 60 requests / minute, 5 of them at once per team, user",
        "  then: wait 10s, block",
        "rate wide (p.yaml:6): 2M tokens / hour",
        "  then: route down to openai/gpt-4o-mini, block",
    ]
    said = as_json(decided(RATED, call()), call(), LINES)["rates"]
    assert [(rate["name"], rate["allow"], rate["burst"]) for rate in said] == [
        ("often", "60 requests / minute", "5"), ("wide", "2M tokens / hour", None),
    ]  # fmt: skip
