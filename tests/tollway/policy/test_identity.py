"""The sections `identity`, `claims` and `anonymous` of a policy; data/policies/bad has what is refused."""

import pytest

from tollway.identity.claims import parse
from tollway.policy.identity import Caller, ProxyTokens, Source
from tollway.policy.load import load

ISSUER = "https://login.example.com/"


def test_networks_say_who_calls_from_there() -> None:
    """At least one network, and something to be known by."""
    networks = Source.model_validate({"networks": {"10.20.0.0/16": {"team": "platform"}}}).networks

    assert networks is not None
    assert list(networks.values()) == [Caller(team="platform")]
    assert Caller.model_validate({"groups": ["a", "b"]}).groups == ("a", "b")
    with pytest.raises(ValueError, match="say who calls from there: service, user, team, role or groups"):
        Caller()
    with pytest.raises(ValueError, match="at least 1"):
        Source.model_validate({"networks": {}})


def test_an_issuer_and_an_audience_are_enough_to_take_tokens() -> None:
    found = ProxyTokens.model_validate({"issuer": ISSUER, "audience": "tollway"})

    assert (found.audience, found.algorithms, found.jwks) == (("tollway",), ("RS256", "ES256"), None)
    assert not found.challenge


def test_everything_that_a_source_of_tokens_may_say() -> None:
    policy = load(
        f"""
version: 1
identity:
  - proxy_jwt: {{issuer: "{ISSUER}", audience: [a, b], algorithms: [ES384], jwks: keys.json, challenge: true}}
  - header_jwt:
      header: Cf-Access-Jwt-Assertion
      issuer: https://acme.cloudflareaccess.com
      audience: 4714c1358e
      jwks: https://acme.cloudflareaccess.com/cdn-cgi/access/certs
      claims: {{user: email}}
claims: {{user: sub, team: {{claim: "groups[0]", strip: team-}}, groups: groups, cost_center: department}}
anonymous: allow
limits: [{{name: center, per: [claim.cost_center, team], amount: 5 USD, window: day}}]
""",
        "x.yaml",
    )
    proxy, header = policy.identity

    assert proxy.proxy_jwt is not None
    assert (proxy.proxy_jwt.audience, proxy.proxy_jwt.jwks, proxy.proxy_jwt.challenge) == (
        ("a", "b"),
        "keys.json",
        True,
    )
    assert header.header_jwt is not None
    assert header.header_jwt.header == "cf-access-jwt-assertion"
    assert policy.claims["team"] == parse("groups[0]", strip="team-")
    assert [sorted(names) for names in policy.claims_in_use()] == [
        ["cost_center", "groups", "team", "user"],
        ["user"],
    ]
    assert policy.anonymous == "allow"


def test_by_default_nobody_is_asked_and_then_everybody() -> None:
    """Where there is a source, whom it does not know may not call."""
    assert load("version: 1\n", "x").anonymous == "refuse"
