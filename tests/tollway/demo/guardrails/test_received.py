"""What a provider has of a request, by what it says of it."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from tollway.demo.guardrails.received import Received, received
from tollway.demo.guardrails.stops import asking, going_on
from tollway.demo.simulator import Got
from tollway.errors import TollwayError

VALUES = ("nora@there.net", "4929 1")
MASKS = ("REDACTED_EMAIL_k3v7q2mfa6zd", "REDACTED_CARD_a3v7q2mfa6zd")
FIRST = asking(*VALUES)


def got(body: Any) -> Got:
    """A body at the provider, with placeholders for the values."""
    text = json.dumps(body)
    for value, mask in zip(VALUES, MASKS, strict=True):
        text = text.replace(value, mask)
    return Got(hashlib.sha256(text.encode()).hexdigest(), len(text), json.loads(text))


def test_it_is_what_was_sent_with_placeholders_in_it() -> None:
    found = received(FIRST, VALUES, got(FIRST.body))

    assert found.masks == MASKS
    assert json.loads(found.body) == got(FIRST.body).json
    assert len(found.body) == got(FIRST.body).size


@pytest.mark.parametrize(
    "other",
    [
        replace(got(FIRST.body), sha256="0"),
        got({**FIRST.body, "messages": []}),
        got({**FIRST.body, "max_tokens": 9}),
        Got(hashlib.sha256(json.dumps(FIRST.body).encode()).hexdigest(), 9, FIRST.body),
    ],
    ids=["another byte", "no placeholder", "another number", "nothing taken out"],
)
def test_any_other_change_ends_the_tour(other: Got) -> None:
    """It says that no other byte was changed: that has to be so."""
    with pytest.raises(TollwayError, match="with placeholders and no other change"):
        received(FIRST, VALUES, other)


def test_the_next_turn_has_the_bytes_of_the_first() -> None:
    """All but the two that end its JSON."""
    second = going_on(FIRST, "The number.", MASKS[0])
    first = received(FIRST, VALUES, got(FIRST.body))

    again = received(second, VALUES, got(second.body)).again(first)

    assert again == len(first.body) - len("]}")


def test_another_placeholder_ends_the_tour() -> None:
    with pytest.raises(TollwayError, match="the same placeholder in each turn"):
        Received(b"a", MASKS).again(Received(b"a", MASKS[::-1]))


def test_what_stands_for_a_value_may_be_put_back() -> None:
    found = received(FIRST, VALUES, got(FIRST.body))

    assert found.back(f"To {MASKS[0]}, {MASKS[1]}, {MASKS[0][:-1]}", VALUES) == (
        f"To {VALUES[0]}, {VALUES[1]}, {MASKS[0][:-1]}"
    )
