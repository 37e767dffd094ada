"""Rules as the file writes them."""

from typing import Any

import msgspec
import pytest

from tollway.guardrails.found import Tier
from tollway.guardrails.secrets.rule import Rule

RULE: dict[str, Any] = {
    "kind": "acme_key",
    "source": "Acme, API reference",
    "tier": "certain",
    "keywords": ["acme_"],
    "pattern": "acme_[a-z]{8}",
}


def test_a_rule_needs_five_things() -> None:
    """The rest has values that ask nothing."""
    rule = msgspec.convert(RULE, Rule)

    assert (rule.tier, rule.keywords, rule.least, rule.looks) == (Tier.CERTAIN, ("acme_",), 0, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "Acme-Key"}, "kind"),
        ({"source": ""}, "source"),
        ({"tier": "perhaps"}, "perhaps"),
        ({"keywords": []}, "keywords"),
        ({"keywords": ["ACME"]}, "keywords"),
        ({"pattern": "(?<=a)b"}, "acme_key: '(?<=a)b' is no RE2"),
        ({"each": "("}, "is no RE2"),
        ({"classes": 5}, "classes"),
        ({"checksum": "luhn"}, "luhn"),
        ({"looks": "odd"}, "odd"),
        ({"holds": "json"}, "json"),
        ({"entrophy": 3}, "entrophy"),
    ],
)
def test_a_wrong_rule_is_refused(wrong: dict[str, Any], said: str) -> None:
    """The message names what is wrong."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(RULE | wrong, Rule)

    assert said in str(caught.value)
