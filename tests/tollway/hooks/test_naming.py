"""What a request calls its host, in all places where it does."""

import pytest
from mitmproxy.http import Headers, Request

from tollway.hooks.naming import authorities, authority, name


def request(version: bytes, called: bytes, *hosts: bytes) -> Request:
    made = Request.make("POST", "https://api.openai.com/v1/chat/completions")
    made.headers = Headers([(b"Host", host) for host in hosts])
    made.data.authority, made.data.http_version = called, version
    return made


def test_an_address_is_named_as_urls_have_it() -> None:
    assert authority("llm.corp.example", 443) == "llm.corp.example"
    assert authority("2001:db8::1", 443) == "[2001:db8::1]"
    assert authority("2001:db8::1", 8000) == "[2001:db8::1]:8000"


@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/2.0"])
@pytest.mark.parametrize("called", [b"", b"evil.example"])
@pytest.mark.parametrize("hosts", [(), (b"a.example",), (b"a.example", b"b.example")])
def test_all_names_of_a_request_are_made_one(version: bytes, called: bytes, hosts: tuple[bytes, ...]) -> None:
    asked = request(version, called, *hosts)
    found = [*(host.decode() for host in hosts), *([called.decode()] if called else [])]
    assert authorities(asked) == found

    name(asked, "api.openai.com")

    assert set(authorities(asked)) == {"api.openai.com"}
