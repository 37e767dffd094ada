"""Which headers go on, and which end at the forwarder."""

import h11
import pytest

from tollway.forwarding.headers import has_body, onward, value, with_token


def request(*headers: tuple[str, str]) -> h11.Request:
    """A request with these."""
    return h11.Request(method="POST", target="http://a.example/", headers=[("Host", "a.example"), *headers])


def test_what_is_not_of_one_connection_goes_on_as_it_was_written() -> None:
    given = [("X-Own", "1"), ("x-own", "2"), ("Authorization", "Bearer made-up"), ("Content-Length", "3")]

    assert onward(request(*given).headers) == [
        (b"Host", b"a.example"), (b"X-Own", b"1"), (b"x-own", b"2"), (b"Authorization", b"Bearer made-up"),
        (b"Content-Length", b"3"),
    ]  # fmt: skip


def test_what_is_of_one_connection_ends_here() -> None:
    given = [
        ("Connection", "keep-alive, X-Hop , content-length"), ("X-Hop", "1"), ("Proxy-Connection", "close"),
        ("Keep-Alive", "timeout=5"), ("TE", "trailers"), ("Upgrade", "websocket"), ("Content-Length", "3"),
        ("Proxy-Authorization", "Basic made-up"), ("Proxy-Authenticate", "Basic"), ("Connection", "x-too"),
        ("X-Too", "1"),
    ]  # fmt: skip

    assert onward(request(*given).headers) == [(b"Host", b"a.example"), (b"Content-Length", b"3")]


def test_the_token_stands_in_the_place_of_whatever_the_client_showed() -> None:
    given = [("Proxy-Authorization", "Basic one"), ("proxy-authorization", "Bearer two")]

    assert with_token(request(*given).headers, "made-up") == [
        (b"Host", b"a.example"),
        (b"Proxy-Authorization", b"Bearer made-up"),
    ]


@pytest.mark.parametrize(
    ("headers", "has"),
    [
        ((), False),
        ((("Content-Length", "0"),), False),
        ((("Content-Length", "1"),), True),
        ((("Transfer-Encoding", "chunked"),), True),
    ],
)
def test_a_body_is_announced(headers: tuple[tuple[str, str], ...], has: bool) -> None:
    assert has_body(request(*headers).headers) is has


def test_of_several_headers_the_last_counts() -> None:
    headers = request(("A", "1"), ("a", "2")).headers

    assert (value(headers, b"a"), value(headers, b"b")) == ("2", None)
