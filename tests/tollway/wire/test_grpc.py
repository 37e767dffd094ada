"""A call of gRPC is known by its content type, and refused by headers alone."""

from urllib.parse import unquote

import pytest

from tollway.wire.grpc import is_grpc, refused


@pytest.mark.parametrize(
    ("content_type", "is_one"),
    [
        ("application/grpc", True),
        ("application/grpc+proto", True),
        (" Application/gRPC; charset=x", True),
        ("application/grpc-web+proto", True),
        ("application/json", False),
        ("application/connect+proto", False),
        ("", False),
    ],
)
def test_it_is_known_by_its_content_type(content_type: str, is_one: bool) -> None:
    assert is_grpc(content_type) is is_one


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "3"), (401, "16"), (403, "7"), (402, "7"), (429, "8"), (502, "14"), (503, "14")],
)
def test_each_refusal_has_a_code_of_grpcs(status: int, code: str) -> None:
    assert refused(status, "no")["grpc-status"] == code


@pytest.mark.parametrize("message", ["the limit day can't hold it", "50 %", "ä\n\x00", ""])
def test_a_message_is_of_characters_that_headers_take(message: str) -> None:
    said = refused(403, message)["grpc-message"]

    assert said.isascii()
    assert said.isprintable()
    assert unquote(said) == message
