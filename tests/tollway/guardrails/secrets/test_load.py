"""The rules of the package."""

from collections import Counter

import pytest

from tests.detection import secret_values as made
from tollway.guardrails.found import Tier
from tollway.guardrails.secrets import load
from tollway.guardrails.secrets.rule import Rule


@pytest.mark.parametrize("rule", load.rules(), ids=lambda rule: rule.kind)
def test_a_rule_says_where_its_shape_is_from(rule: Rule) -> None:
    """A document, and not another scanner."""
    assert not any(
        name in rule.source.lower() for name in ("leaks", "kingfisher", "trufflehog", "detect-secrets")
    )


def test_every_certain_kind_has_examples() -> None:
    """The corpus makes values of it."""
    certain = {rule.kind for rule in load.rules() if rule.tier is Tier.CERTAIN}

    assert certain - set(made.CERTAIN) == set()


def test_a_kind_has_one_tier() -> None:
    """Policies may rely on it."""
    tiers = {(rule.kind, rule.tier) for rule in load.rules()}

    assert [kind for kind, times in Counter(kind for kind, _ in tiers).items() if times > 1] == []


def test_the_pack_is_made_once() -> None:
    """Its patterns are compiled then."""
    assert load.pack() is load.pack()
