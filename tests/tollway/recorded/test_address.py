"""Where a request went is shown without what must not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.recorded.address import Address, address


@pytest.mark.parametrize(
    ("url", "parts", "shown"),
    [
        (
            "https://api.openai.com/v1/chat",
            ("https", "api.openai.com", 443, "/v1/chat", ""),
            "https://api.openai.com/v1/chat",
        ),
        (
            "HTTPS://user:secret@A.example:443?key=secret#secret",
            ("https", "a.example", 443, "/", "key=secret"),
            "https://a.example/",
        ),
        ("http://a.example:8080/%2F?a=b", ("http", "a.example", 8080, "/%2F", "a=b"), "http://a.example:8080/%2F"),
        ("wss://a.example/x", ("wss", "a.example", 443, "/x", ""), "wss://a.example/x"),
        ("http://[::1]:11434/api", ("http", "::1", 11434, "/api", ""), "http://[::1]:11434/api"),
    ],
)  # fmt: skip
def test_a_url_has_parts_and_a_shape_that_may_be_shown(url: str, parts: Address, shown: str) -> None:
    found = address(url)

    assert found is not None
    assert tuple(found) == parts
    assert found.shown == shown


def test_what_no_encoding_can_say_can_be_shown() -> None:
    """mitmproxy has paths that are no UTF-8 with lone surrogates."""
    found = address("https://a.example/x\udcff/y?z")

    assert found is not None
    assert found.shown == "https://a.example/x\ufffd\ufffd\ufffd/y"


@pytest.mark.parametrize(
    "url", ["data:image/png;base64,AAAA", "blob:https://a.example/1", "chrome-extension://x/y"]
)
def test_other_schemes_have_no_address(url: str) -> None:
    assert address(url) is None


@pytest.mark.parametrize(
    "url", ["", "/v1/chat", "https:///v1", "https://[::1", "https://a.example:port/", "//a.example"]
)
def test_what_is_no_url_is_said_to_be_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        address(url)


@given(st.text())
def test_any_text_has_an_address_or_is_no_url(text: str) -> None:
    try:
        found = address(text)
    except ValueError:
        return
    assert found is None or found.shown.encode()
