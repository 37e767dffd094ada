"""What an answer is likely to have."""

import pytest

from tollway.budget.likely import TYPICAL, likely_output
from tollway.model import Asked


@pytest.mark.parametrize(
    ("operation", "most", "tokens"),
    [
        ("chat", None, TYPICAL),
        ("chat", 64_000, TYPICAL),
        ("completion", 20, 20),
        ("chat", 0, TYPICAL),
        ("embeddings", None, 0),
        ("images", None, 0),
    ],
)
def test_an_answer_has_as_much_as_most_have_or_as_its_caller_allows(
    operation: str, most: int | None, tokens: int
) -> None:
    """A maximum of 0 is none: some hosts take it for the model's own."""
    assert likely_output(operation, Asked(max_output_tokens=most)) == tokens


def test_what_was_not_read_is_likely_to_be_refused() -> None:
    assert likely_output("chat", None) == 0
