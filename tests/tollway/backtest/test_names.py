"""Which attributes a policy goes by."""

from tests.tollway.policy.written import policy
from tollway.backtest.names import names


def test_what_any_part_asks_of_calls_is_named() -> None:
    found = names(
        policy("""
limits: [{name: a, match: {team: x}, per: [user, tag.project], amount: 1 USD, window: day}]
rates: [{name: b, match: {program: y}, per: group, allow: 5 requests / minute}]
access: [{deny: {model: "*opus*"}, unless: {role: lead}}, {default: deny}]
routes: {r: [{from: "*", when: {claim.site: berlin, time: 22:00-06:00}, to: openai/gpt-5-mini}]}
always: [{match: {network: office}, route: r}]
cache: [{match: {service: ci}, ttl: 1h}]
claims: {site: site}
identity: [{proxy_jwt: {issuer: https://login.example.com/, audience: x}}]
""")
    )

    assert found == (
        "claim.site", "group", "model", "network", "program", "provider", "role", "service", "tag.project",
        "team", "user",
    )  # fmt: skip


def test_where_a_call_goes_always_counts() -> None:
    assert names(policy("")) == ("model", "provider")
