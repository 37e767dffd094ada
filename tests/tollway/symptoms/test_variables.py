"""The proxy that an environment leads to."""

import pytest

from tollway.symptoms.variables import seen

HOSTS = ("api.openai.com", "api.anthropic.com")
SECRET = "made-up-" + "s" * 20
URL = f"http://jwt:{SECRET}@proxy.example:8080"


@pytest.mark.parametrize(
    ("environment", "option", "source", "place"),
    [
        ({"HTTPS_PROXY": URL}, None, "HTTPS_PROXY", "proxy.example:8080"),
        ({"https_proxy": URL}, None, "https_proxy", "proxy.example:8080"),
        ({"https_proxy": URL, "HTTPS_PROXY": "http://p:1"}, None, "HTTPS_PROXY", "p:1"),
        ({"HTTPS_PROXY": URL}, "http://p:1", "--proxy", "p:1"),
        ({}, None, "HTTPS_PROXY", None),
    ],
)
def test_it_is_named_as_clients_read_it(
    environment: dict[str, str], option: str | None, source: str, place: str | None
) -> None:
    named, proxy = seen(environment, option, HOSTS)

    assert (named.source, named.place) == (source, place)
    assert (proxy.place if proxy else None) == place
    assert SECRET not in repr(named)


@pytest.mark.parametrize(
    ("url", "secure", "logs_in", "local"),
    [
        (URL, False, True, False),
        ("https://127.0.0.1:1", True, False, True),
        ("http://[::1]:1", False, False, True),
        ("http://localhost:1", False, False, True),
        ("http://10.0.0.1:1", False, False, False),
    ],
)
def test_what_may_be_shown_of_it_is_known(url: str, secure: bool, logs_in: bool, local: bool) -> None:
    named, _ = seen({"HTTPS_PROXY": url}, None, HOSTS)

    assert (named.secure, named.logs_in, named.local) == (secure, logs_in, local)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        (
            f"socks5h://jwt:{SECRET}@p:1080",
            "it is no http:// or https:// proxy: Tollway does not speak SOCKS",
        ),
        (f"ftp://jwt:{SECRET}@p", "it is no http:// or https:// proxy"),
        (f"http://jwt:{SECRET}", "it is not http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT"),
    ],
)
def test_what_is_no_proxy_is_said_and_not_quoted(url: str, fault: str) -> None:
    named, proxy = seen({"HTTPS_PROXY": url}, None, HOSTS)

    assert (named.fault, named.place, proxy) == (fault, None, None)
    assert SECRET not in repr(named)


def test_spellings_that_differ_and_all_proxy_alone_are_told() -> None:
    both, _ = seen({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1"}, None, HOSTS)
    same, _ = seen({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://a:1"}, None, HOSTS)
    alone, _ = seen({"all_proxy": "http://a:1"}, None, HOSTS)

    assert (both.differ, same.differ) == (True, False)
    assert alone.only_all_proxy


@pytest.mark.parametrize(
    ("no_proxy", "passed_by"),
    [
        ({"NO_PROXY": "*"}, HOSTS),
        ({"no_proxy": ".openai.com,10.0.0.0/8"}, HOSTS[:1]),
        ({"NO_PROXY": "localhost,internal.example"}, ()),
    ],
)
def test_providers_that_no_proxy_covers_are_told(
    no_proxy: dict[str, str], passed_by: tuple[str, ...]
) -> None:
    assert seen({"HTTPS_PROXY": URL, **no_proxy}, None, HOSTS)[0].passed_by == passed_by
