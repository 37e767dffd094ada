"""A refusal is said as Cohere says it."""

import json

from tollway.wire.cohere_error import error


def test_an_error_is_a_message() -> None:
    """Of an `ApiError`, the SDK shows the body."""
    assert json.loads(error(403, "no", "limit_reached")) == {"message": "no", "code": "limit_reached"}
