"""`tollway.inspection.failure`: errors in a provider's own words."""

from typing import Any

import pytest

from tollway.inspection.failure import MOST, failure


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"error": {"type": "rate_limit_error", "message": "Slow down."}}, "rate_limit_error: Slow down."),
        ({"error": {"status": "UNAVAILABLE"}}, "UNAVAILABLE: UNAVAILABLE"),
        ({"error": {"message": "Broken."}}, "Broken."),
        ({"error": {"code": 400}}, "error"),
        ({"error": "out of memory"}, "out of memory"),
        ({"response": {"error": {"code": "server_error", "message": "Again."}}}, "server_error: Again."),
        ({"message": "1 validation error"}, "1 validation error"),
        ({"detail": "No key."}, "No key."),
        ({"message": {"role": "assistant"}}, None),
        ({"choices": [], "message": "ok"}, None),
        ({"error": None}, None),
        ({"error": {}}, None),
        ({"message": "x" * 3000}, "x" * MOST),
    ],
)
def test_an_error(answer: dict[str, Any], said: str | None) -> None:
    """None where there is none."""
    assert failure(answer) == said
