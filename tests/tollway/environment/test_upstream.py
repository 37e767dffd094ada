"""The proxy that HTTPS_PROXY names, and what of it may be shown."""

import os
import ssl
from pathlib import Path

import pytest

from tollway.environment.upstream import Upstream, key_of_tollways, named, trust, upstream
from tollway.identity.virtual_key import made


@pytest.mark.parametrize(
    ("url", "scheme", "place", "login"),
    [
        ("http://proxy.example:8080", "http", "proxy.example:8080", (None, "")),
        ("http://proxy.example", "http", "proxy.example:80", (None, "")),
        ("https://proxy.example/", "https", "proxy.example:443", (None, "")),
        ("proxy.example:3128", "http", "proxy.example:3128", (None, "")),
        (" http://[::1]:8080 ", "http", "[::1]:8080", (None, "")),
        ("http://jwt:a.b.c@proxy.example:1", "http", "proxy.example:1", ("jwt", "a.b.c")),
        ("http://a%40b:p%3Aq@proxy.example:1", "http", "proxy.example:1", ("a@b", "p:q")),
        ("http://token@proxy.example:1", "http", "proxy.example:1", ("token", "")),
        ("HTTP://Proxy.Example:1", "http", "proxy.example:1", (None, "")),
    ],
)
def test_a_url_names_it(url: str, scheme: str, place: str, login: tuple[str | None, str]) -> None:
    found = upstream(url)

    assert (found.scheme, found.place, (found.user, found.password)) == (scheme, place, login)
    assert repr(found) == f"Upstream({scheme}://{place})"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://jwt:secret", "it is not http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT"),
        ("http://[::1:secret@", "it is not http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT"),
        ("http://proxy:99999", "it is not http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT"),
        ("socks5://jwt:secret@proxy:1080", "it is no http:// or https:// proxy"),
        ("http://jwt:secret@", "it names no host"),
        ("", "it names no host"),
    ],
)
def test_what_is_wrong_is_said_without_quoting_it(url: str, why: str) -> None:
    """What stands in the wrong place may be a token."""
    with pytest.raises(ValueError, match="it ") as error:
        upstream(url)

    assert str(error.value) == why
    assert error.value.__cause__ is None


def test_it_is_shown_what_its_url_says() -> None:
    assert upstream("http://proxy:1").credentials is None
    assert upstream("http://jwt:x@proxy:1").credentials == "Basic and0Ong="
    assert Upstream(scheme="http", host="h", port=1, user="").credentials == "Basic Og=="


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "", "https_proxy": ""}, None),
        ({"HTTP_PROXY": "http://a:1"}, None),
        ({"https_proxy": "http://b:1"}, "http://b:1"),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1"}, "http://a:1"),
    ],
)
def test_https_proxy_names_it_in_both_spellings(environment: dict[str, str], url: str | None) -> None:
    assert named(environment) == url


def test_the_users_own_roots_are_trusted(tmp_path: Path) -> None:
    assert trust({}).verify_mode is ssl.CERT_REQUIRED
    with pytest.raises(OSError, match="No such file"):
        trust({"SSL_CERT_FILE": str(tmp_path / "none.pem")})


def test_a_key_that_tollway_gave_out_is_told_from_others() -> None:
    key = made(os.urandom(32))

    assert key_of_tollways({"OPENAI_API_KEY": "sk-made-up", "GEMINI_API_KEY": key}) == key
    assert key_of_tollways({"OPENAI_API_KEY": f"{key} ", "OTHER": key}) is None
