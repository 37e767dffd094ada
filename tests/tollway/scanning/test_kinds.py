"""Kingfisher's names, and ours."""

import pytest

from tests.tollway.scanning.conftest import NO_WHEEL
from tollway.guardrails.secrets import load
from tollway.guardrails.secrets.secret_engine import SecretEngine
from tollway.scanning.kinds import kinds

SDK = pytest.importorskip("kingfisher_sdk", reason=NO_WHEEL)


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("betterleaks.github-pat", "github_token"),
        ("veles.secrets/sendgrid", "sendgrid_key"),
        ("betterleaks.abuseipdb-api-key.1", "abuseipdb_api_key"),
        ("veles.secrets/packagistsecret", "packagistsecret"),
        ("custom.Acme--Key", "custom_acme_key"),
    ],
)
def test_a_rule_has_our_name_or_its_own_in_our_spelling(rule: str, kind: str) -> None:
    """Policies name kinds in one way."""
    assert kinds().of(rule) == kind


def test_our_names_are_those_of_our_rules() -> None:
    """The same kind has one name in both engines."""
    ours = {rule.kind for rule in load.rules()}

    assert set(kinds().named.values()) - ours == set()


def test_the_table_names_rules_that_there_are(kingfisher: SecretEngine) -> None:
    """Of the release that is pinned. The fixture compiled them."""
    there = {rule["id"] for rule in SDK.Rules().metadata()}

    assert (set(kinds().named) | kinds().passed_over) - there == set()
