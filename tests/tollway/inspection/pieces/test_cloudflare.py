"""`tollway.inspection.pieces.cloudflare`: Cloudflare's Workers AI by its own path."""

from typing import Any

import pytest

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Text
from tollway.inspection.pieces.cloudflare import pieces


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([{"result": {"response": "Nine."}, "success": True}], "Nine."),
        ([{"response": "Mile "}, {"response": "nine."}], "Mile nine."),
        ([{"choices": [{"index": 0, "delta": {"content": "Nine."}}]}], "Nine."),
        ([{"result": {"text": "Pay."}}], "Pay."),
        ([{"result": {"data": [[0.1, 0.2]]}}], "[vectors: 1, numbers in each: 2]"),
    ],
)
def test_by_what_the_result_has(messages: list[dict[str, Any]], said: str) -> None:
    """Whole, or streamed without the wrapper."""
    assert blocks_of(pieces, *messages) == (Text(said),)
