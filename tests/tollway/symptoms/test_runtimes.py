"""Runtimes of this machine, asked themselves."""

from pathlib import Path

import pytest

from tests.tollway.ca.clients import tool
from tests.tollway.proxies import answer, saying
from tests.tollway.road import Road
from tests.tollway.symptoms.ways import SECONDS, bare, over_tls
from tollway import paths
from tollway.ca import store
from tollway.diagnosis.trust import Outcome, View
from tollway.environment.upstream import upstream
from tollway.symptoms.program import Printed
from tollway.symptoms.runtimes import Runtime, asked, runtimes

RUNTIMES = {each.name: each for each in runtimes()}
SECRET = "made-up-" + "s" * 20


def own_root() -> Path:
    """That of the proxy of a test."""
    return store.root_path(paths.data_dir() / "ca")


def led(url: str, home: Path, **more: str) -> dict[str, str]:
    """An environment that leads to a proxy, and trusts what the system trusts."""
    return {**bare(home), "HTTPS_PROXY": url, "https_proxy": url, "LC_ALL": "C", **more}


async def view(name: str, url: str, environment: dict[str, str], seconds: float = SECONDS) -> View:
    """What one makes of a proxy."""
    return await asked(RUNTIMES[name], upstream(url), environment, seconds)


NAMES = [("Python", "python3"), ("Node", "node"), ("curl", "curl"), ("git", "git")]
VARIABLES = {
    "Python": "SSL_CERT_FILE",
    "Node": "NODE_EXTRA_CA_CERTS",
    "curl": "CURL_CA_BUNDLE",
    "git": "GIT_SSL_CAINFO",
}


@pytest.mark.parametrize(("name", "program"), NAMES)
async def test_one_that_is_told_of_the_root_trusts_the_proxy(
    road: Road, tmp_path: Path, name: str, program: str
) -> None:
    tool(program)
    environment = led(road.proxy.url, tmp_path / "user", **{VARIABLES[name]: str(own_root())})

    found = await view(name, road.proxy.url, environment)

    assert (found.outcome, found.said, found.roots) == (Outcome.ACCEPTED, "", VARIABLES[name])
    assert road.sim.connections == []


@pytest.mark.parametrize(("name", "program"), NAMES)
async def test_one_that_is_not_refuses_it_in_its_own_words(
    road: Road, tmp_path: Path, name: str, program: str
) -> None:
    tool(program)

    found = await view(name, road.proxy.url, led(road.proxy.url, tmp_path / "user"))

    assert found.outcome is Outcome.REFUSED
    assert "certificate" in found.said
    assert "roots" in found.roots


@pytest.mark.parametrize(("name", "program"), NAMES)
async def test_a_call_that_fails_otherwise_shows_no_credentials(
    tmp_path: Path, name: str, program: str
) -> None:
    tool(program)
    async with saying(answer(502, f"not {SECRET}")) as other:
        url = other.url.replace("://", f"://jwt:{SECRET}@")
        found = await view(name, url, led(url, tmp_path / "user"))

    assert found.outcome is Outcome.FAILED
    assert found.said
    assert SECRET not in repr(found)
    if name != "git":  # which waits to be asked
        assert any("proxy-authorization" in head.lower() for head in other.heads)


async def test_a_log_in_is_not_shown_as_it_stands_in_the_url_either(tmp_path: Path) -> None:
    """Coded, that is."""
    url = "http://a%40b:made%2Fup-secret@127.0.0.1:1"
    (tmp_path / "curl").write_text(
        '#!/bin/sh\necho "no: $HTTPS_PROXY, made%2Fup-secret, made/up-secret" >&2; exit 5\n'
    )
    (tmp_path / "curl").chmod(0o755)
    environment = led(url, tmp_path / "user", PATH=f"{tmp_path}:/usr/bin:/bin")

    found = await view("curl", url, environment)

    assert found.said == "no: http://...@127.0.0.1:1, ..., ..."


async def test_a_proxy_over_tls_is_gone_through(road: Road, tmp_path: Path) -> None:
    """Both roots have to be trusted: that of the proxy itself comes first."""
    tool("node")
    async with over_tls(road, tmp_path / "front") as (url, root):
        both = tmp_path / "both.pem"
        both.write_bytes(root.read_bytes() + own_root().read_bytes())
        environment = led(url, tmp_path / "user")
        trusting = await view("Node", url, {**environment, "NODE_EXTRA_CA_CERTS": str(both)})
        refusing = await view("Node", url, environment)

    assert (trusting.outcome, refusing.outcome) == (Outcome.ACCEPTED, Outcome.REFUSED)


async def test_nodes_version_says_whether_its_calls_come_here(road: Road, tmp_path: Path) -> None:
    """As of one that says it is 24: what it would do if it were."""
    script = '#!/bin/sh\necho \'{"outcome": "accepted", "said": "", "version": "24.1.0"}\'\n'
    (tmp_path / "node").write_text(script)
    (tmp_path / "node").chmod(0o755)
    environment = led(road.proxy.url, tmp_path / "user", PATH=f"{tmp_path}:/usr/bin:/bin")

    untold = await view("Node", road.proxy.url, environment)
    told = await view("Node", road.proxy.url, {**environment, "NODE_USE_ENV_PROXY": "1"})
    optioned = await view("Node", road.proxy.url, {**environment, "NODE_OPTIONS": "--use-env-proxy"})

    assert untold.runtime == told.runtime == "Node 24.1.0"
    assert untold.past is not None
    assert untold.past.always
    assert told.past is optioned.past is None


async def test_one_that_is_not_installed_is_absent(tmp_path: Path) -> None:
    url = "http://127.0.0.1:1"
    for name in RUNTIMES:
        found = await view(name, url, led(url, tmp_path, PATH=str(tmp_path)))

        assert found == View(runtime=name, outcome=Outcome.ABSENT)


async def test_one_that_hangs_is_late(tmp_path: Path) -> None:
    slow = Runtime(
        name="slow", words=("sleep", "600"), variables=(), otherwise="", read=RUNTIMES["curl"].read
    )

    found = await asked(slow, upstream("http://127.0.0.1:1"), bare(tmp_path / "user"), 0.1)

    assert found == View(runtime="slow", outcome=Outcome.LATE)


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ('warning\n{"outcome": "absent", "said": "no", "version": "3"}\n', (Outcome.ABSENT, "no", "3")),
        ("", (Outcome.FAILED, "its last line", "")),
        ("[]", (Outcome.FAILED, "its last line", "")),
        ('{"outcome": "odd", "said": "", "version": ""}', (Outcome.FAILED, "its last line", "")),
    ],
)
def test_a_script_that_does_not_answer_has_failed(out: str, expected: tuple[Outcome, str, str]) -> None:
    printed = Printed(status=1, out=out, err="Traceback\nits last line\n")

    assert RUNTIMES["Python"].read(printed) == expected
