"""What is said of callers, and hardly meant."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.identity_doubts import ASKS_ALL, HINT, NO_KEYS, NO_TOKENS, NOBODY_ASKED, identity_doubts

TOKENS = "issuer: 'https://login.example.com/', audience: tollway"
NETWORKS = "{networks: {10.0.0.0/8: {team: a}}}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("anonymous: allow", []),
        ("anonymous: refuse", [(("anonymous",), NOBODY_ASKED)]),
        (f"identity: [{NETWORKS}]\nanonymous: refuse", []),
    ],
)
def test_where_nobody_is_asked_nobody_is_refused(text: str, found: list[object]) -> None:
    assert list(identity_doubts(policy(text))) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (NETWORKS, [(("claims",), NO_TOKENS)]),
        ("{provider_token: {claims: {user: email}}}", [(("claims",), NO_TOKENS)]),
        (f"{{proxy_jwt: {{{TOKENS}, claims: {{user: email}}}}}}", [(("claims",), NO_TOKENS)]),
        (f"{{proxy_jwt: {{{TOKENS}}}}}", []),
        (f"{{header_jwt: {{header: X-Token, {TOKENS}}}}}", []),
    ],
)
def test_names_that_no_source_gives_are_nobodys(source: str, found: list[object]) -> None:
    assert list(identity_doubts(policy(f"identity: [{source}]\nclaims: {{user: email}}"))) == found


@pytest.mark.parametrize(("anonymous", "doubts"), [("allow", 1), ("refuse", 0)])
def test_who_is_asked_for_a_token_is_no_stranger(anonymous: str, doubts: int) -> None:
    text = f"identity: [{{proxy_jwt: {{{TOKENS}, challenge: true}}}}]\nanonymous: {anonymous}"

    found = list(identity_doubts(policy(text)))
    assert found == [(("identity", 0, "proxy_jwt", "challenge"), ASKS_ALL)] * doubts


@pytest.mark.parametrize(
    ("credentials", "doubts"),
    [("{}", 1), ("{openai: passthrough}", 1), ("{openai: {inject: env:A}}", 0)],
)
def test_keys_of_ours_that_stand_for_none_are_doubted(credentials: str, doubts: int) -> None:
    text = f"identity: [{NETWORKS}, {{virtual_keys: true}}]\ncredentials: {credentials}"

    assert list(identity_doubts(policy(text))) == [(("identity", 1, "virtual_keys"), NO_KEYS)] * doubts


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("per: user", ["user"]),
        ("per: [user, model], match: {team: a}", ["team", "user"]),
        ("per: role", []),
        ("per: user, enforce: soft", []),
    ],
)
@pytest.mark.parametrize("anonymous", ["allow", "refuse"])
def test_a_hint_holds_nobody_to_a_hard_limit(more: str, names: list[str], anonymous: str) -> None:
    """It counts only where strangers may call."""
    source = "{provider_token: {claims: {user: email, team: dep}}}"
    limit = f"{{name: a, amount: 1 USD, window: day, {more}}}"
    text = f"identity: [{source}]\nanonymous: {anonymous}\nlimits: [{limit}]"

    found = list(identity_doubts(policy(text)))
    said = [(("identity", 0, "provider_token", "claims", name), HINT.format(name)) for name in names]
    assert found == (said if anonymous == "allow" else [])
