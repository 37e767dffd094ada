"""All conditions of a policy are found, wherever they stand."""

from tests.tollway.policy.written import policy
from tollway.policy.matches import matches

TEXT = """
limits: [{name: a, match: {team: a}, amount: 1 USD, window: day}]
access: [{allow: {team: b}, unless: {team: c}}, {default: deny}]
routes: {r: [{from: x, when: {team: d}, to: openai/gpt-5}]}
always: [{match: {team: e}, route: r}]
on_request: [{match: {team: f}, routes: [r]}]
credentials: {openai: {match: {team: g}, inject: env:A}}
record: [{match: {team: h}}]
"""


def test_each_comes_with_the_way_to_it() -> None:
    found = {way: match["team"].values for way, match in matches(policy(TEXT)) if match}

    assert found == {
        ("limits", 0, "match"): ("a",),
        ("access", 0, "allow"): ("b",),
        ("access", 0, "unless"): ("c",),
        ("routes", "r", 0, "when"): ("d",),
        ("always", 0, "match"): ("e",),
        ("on_request", 0, "match"): ("f",),
        ("credentials", "openai", 0, "match"): ("g",),
        ("record", 0, "match"): ("h",),
    }
