"""Rights that clients would give themselves: sound, and hardly meant."""

from tests.tollway.policy.written import policy
from tollway.policy.on_request_doubts import on_request_doubts

ROUTES = "routes: {r: [{from: x, to: openai/y}]}\n"


def test_who_may_ask_is_not_for_the_client_to_say() -> None:
    found = on_request_doubts(policy(f"{ROUTES}on_request: [{{match: {{tag.a: b, model: x}}, routes: [r]}}]"))

    why = "clients choose their tag.a: one that says so may ask for these routes"
    assert list(found) == [(("on_request", 0, "match", "tag.a"), why)]


def test_what_others_say_of_a_call_is_no_doubt() -> None:
    assert list(on_request_doubts(policy(f"{ROUTES}on_request: [{{routes: [r]}}]"))) == []
