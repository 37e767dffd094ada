"""Which calls a filter shows."""

import pytest

from tests.tollway.ledger.samples import FULL
from tollway.live.matching import matches


@pytest.mark.parametrize(
    ("filter", "shown"),
    [
        ("", True),
        ("sonnet", True),
        ("SONNET Ann", True),
        ("user:ann", True),
        ("user:sonnet", False),
        ("user:ann model:latest", True),
        ("ann opus", False),
        ("status:200", True),
        ("status:20 clamp", True),
        ("action:wait", True),
        ("colour:red", False),
        ("state:open", False),
        (":", False),
    ],
)
def test_every_word_has_to_match(filter: str, shown: bool) -> None:
    """A field, if it names one; the model that was asked for is one of its model's names."""
    assert matches(FULL, filter) is shown
