"""Keys for strangers, and keys that no call gets: sound, and hardly meant."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.credential_doubts import NEVER, NOBODY_ASKED, STRANGERS, credential_doubts

KNOWN = "identity: [{networks: {10.0.0.0/8: {team: a}}}]\n"
ALLOWED = f"{KNOWN}anonymous: allow\n"
INJECT = ("credentials", "openai", 0, "inject")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("credentials: {openai: {inject: env:A}}", [(("credentials", "openai"), NOBODY_ASKED)]),
        ("credentials: {openai: passthrough}", []),
        (f"{KNOWN}credentials: {{openai: {{inject: env:A}}}}", []),
        (
            f"{KNOWN}credentials: {{openai: {{match: {{tag.a: b}}, inject: env:A}}}}",
            [
                (
                    ("credentials", "openai", 0, "match", "tag.a"),
                    "clients choose their tag.a: one that says so gets this key",
                )
            ],
        ),
    ],
)
def test_a_key_that_anybody_can_call_with_is_no_key(text: str, found: list[object]) -> None:
    assert list(credential_doubts(policy(text))) == found


@pytest.mark.parametrize(
    ("entry", "is_strangers"),
    [
        ("{inject: env:A}", True),
        ("{match: {operation: chat}, inject: env:A}", True),
        ("{match: {team: {not: a}}, inject: env:A}", True),
        ("{match: {team: a}, inject: env:A}", False),
        ("{match: {network: 10.0.0.0/8}, inject: env:A}", False),
        ("{passthrough: true}", False),
    ],
)
def test_a_key_that_strangers_get_is_doubted(entry: str, is_strangers: bool) -> None:
    found = list(credential_doubts(policy(f"{ALLOWED}credentials: {{openai: [{entry}]}}")))

    assert found == [(INJECT, STRANGERS)] * is_strangers


def test_a_claim_keeps_strangers_out() -> None:
    text = f"{ALLOWED}claims: {{center: c}}\n".replace("{networks", "{proxy_jwt: {TOKENS}}, {networks")
    text = text.replace("TOKENS", "issuer: 'https://login.example.com/', audience: tollway")

    entry = "{match: {claim.center: a}, inject: env:A}"
    assert list(credential_doubts(policy(f"{text}credentials: {{openai: {entry}}}"))) == []


def test_what_stands_behind_an_entry_for_every_call_never_holds() -> None:
    entries = "[{match: {team: a}, inject: env:A}, {inject: env:B}, {match: {team: b}, inject: env:C}]"

    found = list(credential_doubts(policy(f"{KNOWN}credentials: {{openai: {entries}}}")))
    assert found == [(("credentials", "openai", 2), NEVER)]
