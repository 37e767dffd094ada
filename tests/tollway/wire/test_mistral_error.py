"""A refusal is said as Mistral says it."""

import json

import pytest

from tollway.wire.mistral_error import error


@pytest.mark.parametrize(
    ("status", "kind"), [(403, "forbidden"), (402, "invalid_request_error"), (503, "server_error")]
)
def test_an_error_is_an_object_of_its_own(status: int, kind: str) -> None:
    """Its type follows the status."""
    assert json.loads(error(status, "no", "limit_reached")) == {
        "object": "error", "message": "no", "type": kind, "param": None, "code": "limit_reached",
    }  # fmt: skip
