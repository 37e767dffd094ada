"""How a system is set up."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from tests.tollway.page.test_html import Read
from tollway.page.html import written
from tollway.page.setup import NAMES, Root, Setup, setup, system_of

ROOT = Root(pem=b"PEM", id="0f1e2d3c", fingerprint="AA:BB", ends=datetime(2031, 11, 28, tzinfo=UTC))
SAID = Setup(root=ROOT, proxy="http://10.0.0.1:8080", takes_tokens=False, target="debian")


def text(said: Setup) -> str:
    """What a reader sees."""
    return Read(written(setup(said))).text


@pytest.mark.parametrize(
    ("agent", "target"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36", "windows"),
        ("Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1", "windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", "macos"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", None),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9)", None),
        ("Mozilla/5.0 (X11; Fedora; Linux x86_64; rv:140.0) Gecko/20100101", "rhel"),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142", "debian"),
        ("curl/8.5.0", None),
        ("", None),
        ("x" * 5000 + "Windows", None),
    ],
)
def test_a_browser_says_which_system_it_runs_on(agent: str, target: str | None) -> None:
    assert system_of(agent) == target


@pytest.mark.parametrize("target", [*NAMES])
def test_each_system_has_its_commands(target: str) -> None:
    said = text(replace(SAID, target=target))

    assert f"2. {NAMES[target]} trusts it" in said
    assert "tollway-ca.pem" in said
    assert "0f1e2d3c" in said
    assert "AA:BB" in said
    assert "2031-11-28" in said


def test_a_system_that_is_not_known_is_shown_one_with_the_others_beside_it() -> None:
    found = written(setup(replace(SAID, target=None)))

    assert f"2. {NAMES['debian']} trusts it" in found
    assert "aria-current" not in found
    assert all(f'href="/setup?for={each}"' in found for each in NAMES)


def test_variables_are_those_of_the_systems_shell() -> None:
    assert "export HTTPS_PROXY='http://10.0.0.1:8080'" in text(SAID)
    assert "export REQUESTS_CA_BUNDLE='/etc/ssl/certs/ca-certificates.crt'" in text(SAID)
    windows = text(replace(SAID, target="windows"))
    assert "$env:HTTPS_PROXY = 'http://10.0.0.1:8080'" in windows
    assert "curl.exe --proxy http://10.0.0.1:8080 -o tollway-ca.pem" in windows
    assert "--shell powershell" in windows


def test_a_token_has_its_place() -> None:
    said = text(replace(SAID, takes_tokens=True))

    assert "Put your token in the place of TOKEN." in said
    assert "export HTTPS_PROXY='http://jwt:TOKEN@10.0.0.1:8080'" in said


def test_where_the_network_leads_to_the_proxy_there_is_nothing_to_set() -> None:
    said = text(replace(SAID, proxy=None))

    assert "Nothing to do" in said
    assert "--proxy" not in said
    assert "HTTPS_PROXY" not in said


@pytest.mark.parametrize("target", [*NAMES])
def test_while_one_root_takes_anothers_place_systems_get_both(target: str) -> None:
    other = replace(ROOT, id="cafecafe", fingerprint="CC:DD")
    said = text(replace(SAID, target=target, others=(other,)))

    for each in (ROOT, other):
        assert each.fingerprint in said
        assert f"tollway-ca-{each.id}.pem 'http://tollway.internal/ca.pem?id={each.id}'" in said
        assert said.count(f"tollway-ca-{each.id}.pem") > 1
    assert "is being replaced" in said
    assert "being replaced" not in text(SAID)
