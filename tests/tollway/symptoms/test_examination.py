"""Set-ups, right and wrong, as a whole."""

import asyncio
import os
import shutil
import socket
import sqlite3
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import closing
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Host, Scenario, Simulator
from tests.tollway.identified import Roads, basic, forged, given, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.observe.asking import listening_at
from tests.tollway.observe.test_pages import said
from tests.tollway.proxies import answer, saying, served
from tests.tollway.road import Road
from tests.tollway.symptoms.ways import SECONDS, bare, joined, over_tls
from tollway import clock, paths
from tollway.ca.make import make
from tollway.diagnosis.finding import Finding, Verdict
from tollway.diagnosis.path import RUNTIMES
from tollway.environment.prepare import prepare
from tollway.observe.door import Door
from tollway.observe.pages import pages
from tollway.readiness.check import fail, ok
from tollway.symptoms.examination import HOSTS, Setup, examine
from tollway.symptoms.files import READERS

SECRET = "made-up-" + "s" * 20
WELL, WRONG, DOUBTFUL, LEFT = Verdict.WELL, Verdict.WRONG, Verdict.DOUBTFUL, Verdict.NOT_CHECKED


class Report:
    """All findings, by subject."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings

    def __getitem__(self, subject: str) -> Finding:
        """The first of a subject."""
        return next(each for each in self.findings if each.subject == subject)

    def of(self, *subjects: str) -> list[Verdict]:
        """The verdicts on these."""
        return [self[subject].verdict for subject in subjects]

    @property
    def wrong(self) -> set[str]:
        """What is."""
        return {each.subject for each in self.findings if each.verdict is WRONG}


Examined = Callable[..., Any]
pytestmark = pytest.mark.slow
OPENSSL = READERS[0].name


@pytest.fixture
def examined(tmp_path: Path, home: Path) -> Examined:
    """Examines an environment that has nothing in it but what is given."""

    async def run(variables: dict[str, str] | None = None, **setup: Any) -> Report:
        environment = {**bare(tmp_path / "user"), **(variables or {})}
        settings = {"seconds": SECONDS, "ledger": f"sqlite:{tmp_path}/ledger.db", **setup}
        return Report(await examine(Setup(environment=environment, **settings)))

    return run


def client(road: Road, tmp_path: Path, url: str = "") -> dict[str, str]:
    """What `tollway env` prints."""
    user = bare(tmp_path / "user")
    return prepare(url or road.proxy.url, paths.data_dir() / "ca", road.proxy.authority, user).variables


async def test_a_client_that_is_set_up_right_has_nothing_wrong(
    road: Road, examined: Examined, tmp_path: Path
) -> None:
    told = format_datetime(clock.utc(clock.now()), usegmt=True)
    road.sim.scenario = Scenario(headers=(("date", told),))

    report = await examined(client(road, tmp_path))

    assert report.wrong == set()
    assert (
        report.of("proxy variables", "proxy", "identity", "certificates", "providers", "clock") == [WELL] * 6
    )
    assert report.of("authority", "ledger", "policy") == [WELL, WELL, LEFT]
    assert report["providers"].reason == f"reached through the proxy: {', '.join(HOSTS)}"
    assert report[OPENSSL].verdict is WELL
    assert {seen.method for seen in road.sim.seen} == {"HEAD"}
    assert await road.rows() == []


async def test_a_client_that_is_told_of_the_proxy_alone_trusts_nothing(
    road: Road, examined: Examined
) -> None:
    report = await examined({"HTTPS_PROXY": road.proxy.url})

    assert {"Python", OPENSSL} <= report.wrong
    assert report.of("proxy", "identity", "certificates", "providers") == [WELL] * 4
    assert report[OPENSSL].remedy == 'eval "$(tollway env --proxy "$HTTPS_PROXY")"'


async def test_a_proxy_that_runs_says_of_itself_what_ails_it(examined: Examined) -> None:
    """Where its admin address is named."""
    told = pages(Door(), said(ok("ca", "lasts"), fail("store", "is full")))
    async with listening_at(("127.0.0.1", 0), told) as place:
        report = await examined(admin=place)

    assert (report["running"].verdict, report["running"].reason) == (WRONG, "store: is full")


async def test_without_a_proxy_nothing_beyond_it_is_checked(examined: Examined) -> None:
    report = await examined()

    assert report.wrong == {"proxy variables"}
    assert report.of("certificates", RUNTIMES, "providers", "clock") == [LEFT] * 4


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            f"socks5://jwt:{SECRET}@127.0.0.1:1080",
            "HTTPS_PROXY: it is no http:// or https:// proxy: Tollway does not speak SOCKS",
        ),
        (
            f"http://jwt:{SECRET}",
            "HTTPS_PROXY: it is not http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT",
        ),
    ],
    ids=["socks", "broken"],
)
async def test_what_names_no_proxy_is_said(examined: Examined, url: str, reason: str) -> None:
    report = await examined({"HTTPS_PROXY": url})

    assert (report.wrong, report["proxy variables"].reason) == ({"proxy variables"}, reason)
    assert SECRET not in repr(report.findings)


async def test_a_port_where_nobody_listens(examined: Examined) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        report = await examined({"HTTPS_PROXY": f"http://jwt:{SECRET}@{place}"})

    assert report.wrong == {"proxy"}
    assert report["proxy"].reason == f"{place} can't be reached: Connection refused"
    assert report["proxy"].remedy == f"start it: tollway serve --listen {place}"
    assert report.of("identity", "certificates", RUNTIMES, "providers", "clock") == [LEFT] * 5
    assert SECRET not in repr(report.findings)


@pytest.mark.parametrize(
    "said", [answer(404, "no"), b"220 mail.example ESMTP\r\n", answer(200, "hi")], ids=["web", "mail", "page"]
)
async def test_a_port_that_is_no_tollway(examined: Examined, said: bytes) -> None:
    async with saying(said) as other:
        report = await examined({"HTTPS_PROXY": f"{other.url.replace('://', f'://jwt:{SECRET}@')}"})

    assert report.wrong == {"proxy"}
    assert "is no Tollway" in report["proxy"].reason
    assert report.of("identity", "certificates", RUNTIMES, "providers", "clock") == [LEFT] * 5
    assert SECRET not in repr(report.findings)
    assert basic("jwt", SECRET).removeprefix("Basic ") not in repr(report.findings)


async def test_a_proxy_that_is_no_tollway_and_tunnels_leads_past_any(
    examined: Examined, sim: Simulator
) -> None:
    """As a company's may: its tunnels end at the providers' own certificates."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"CONNECT"):
            writer.write(answer(404, "no"))
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await joined((reader, writer), sim.address, sim.port)

    async with served(serve) as url:
        report = await examined({"HTTPS_PROXY": url})

    assert report.wrong == {"proxy", "certificates"}
    assert "issued by CN=Tollway simulator" in report["certificates"].reason
    assert report.of(RUNTIMES, "providers") == [LEFT, WELL]


async def test_a_token_that_is_not_taken_is_all_that_is_wrong(
    roads: Roads, provider: Provider, examined: Examined
) -> None:
    bad = forged(provider)
    async with roads(proxy_jwt(provider)) as road:
        report = await examined({"HTTPS_PROXY": road.proxy.url.replace("://", f"://jwt:{bad}@")})

    assert report.wrong == {"identity"}
    assert "Tollway did not accept the token" in report["identity"].reason
    assert report["certificates"].reason == "the proxy does not let this client through"
    assert bad not in repr(report.findings)


async def test_who_shows_nothing_to_a_proxy_that_asks_is_told_how(
    roads: Roads, provider: Provider, examined: Examined, tmp_path: Path
) -> None:
    async with roads(proxy_jwt(provider)) as road:
        report = await examined(client(road, tmp_path))

    assert report.wrong == {"identity"}
    assert report["identity"].remedy == (
        f"show it a token: export HTTPS_PROXY=http://jwt:TOKEN@127.0.0.1:{road.proxy.port}"
    )


async def test_a_token_that_is_taken_says_who_one_is(
    roads: Roads, provider: Provider, examined: Examined, tmp_path: Path
) -> None:
    text = token(provider)
    async with roads(proxy_jwt(provider)) as road:
        url = road.proxy.url.replace("://", f"://jwt:{text}@")
        report = await examined(client(road, tmp_path, url))

    assert report.wrong == set()
    assert report["identity"].reason == "ann@example.com, team search (proxy_jwt, verified)"
    assert text not in repr(report.findings)


async def test_a_key_of_tollways_says_who_one_is(roads: Roads, examined: Examined, tmp_path: Path) -> None:
    """Where programs have it, in the place of a provider's. Whom the client does not trust is shown none."""
    async with roads("identity: [{virtual_keys: true}]\n") as road:
        text = given(road, user="ann")
        known = await examined({**client(road, tmp_path), "ANTHROPIC_API_KEY": text})
        shutil.rmtree(paths.data_dir() / "ca")
        untrusted = await examined({"HTTPS_PROXY": road.proxy.url, "ANTHROPIC_API_KEY": text})

    assert known["identity"].reason == "ann (virtual_keys, verified)"
    assert untrusted["identity"].verdict is WRONG
    assert text not in repr((known.findings, untrusted.findings))


async def test_a_root_that_is_another_tollways(road: Road, examined: Examined, tmp_path: Path) -> None:
    file = tmp_path / "other.pem"
    file.write_bytes(make(["api.openai.com"], clock.utc(clock.now())).root_pem())

    report = await examined({"HTTPS_PROXY": road.proxy.url, "SSL_CERT_FILE": str(file)}, ca=file)

    assert {"certificates", OPENSSL} <= report.wrong
    assert f"go back to Tollway Root {road.proxy.authority.id}; {file} is " in report["certificates"].reason
    assert (report[OPENSSL].remedy or "").startswith(
        'eval "$(tollway env --proxy "$HTTPS_PROXY" --ca tollway-ca.pem)"'
    )


async def test_a_no_proxy_that_covers_providers(road: Road, examined: Examined, tmp_path: Path) -> None:
    """It does not keep the rest from being checked."""
    report = await examined({**client(road, tmp_path), "NO_PROXY": "*", "no_proxy": "*"})

    assert report.wrong == {"NO_PROXY"}


async def test_hosts_may_be_chosen(road: Road, examined: Examined) -> None:
    report = await examined({"HTTPS_PROXY": road.proxy.url}, hosts=("api.mistral.ai",))

    assert report["providers"].reason == "reached through the proxy: api.mistral.ai"


async def test_the_option_comes_before_the_variable(road: Road, examined: Examined) -> None:
    report = await examined({"HTTPS_PROXY": "http://127.0.0.1:1"}, proxy=road.proxy.url)

    assert report.of("proxy variables", "proxy") == [WELL, WELL]
    assert report[OPENSSL].remedy == f'eval "$(tollway env --proxy {road.proxy.url})"'


async def test_a_proxy_over_tls_is_checked_itself(road: Road, examined: Examined, tmp_path: Path) -> None:
    async with over_tls(road, tmp_path / "front") as (url, root):
        untrusted = await examined({"HTTPS_PROXY": url})
        trusted = await examined({"HTTPS_PROXY": url, "SSL_CERT_FILE": str(root)})
        missing = await examined({"HTTPS_PROXY": url, "SSL_CERT_FILE": "/none"})

    assert untrusted.wrong == {"proxy"}
    assert "its certificate is not trusted: " in untrusted["proxy"].reason
    assert trusted.of("proxy", "identity", "certificates", "providers") == [WELL] * 4
    assert missing.wrong == {"proxy"}


async def test_providers_that_the_proxy_does_not_reach(
    road: Road, examined: Examined, tmp_path: Path
) -> None:
    road.sim.hosts["api.anthropic.com"] = Host(trusted=False)

    report = await examined(client(road, tmp_path))

    assert report.wrong == {"providers"}
    (found,) = (each for each in report.findings if each.verdict is WRONG)
    assert found.reason == "api.anthropic.com: the answer is 502 Bad Gateway"


async def test_a_clock_that_is_wrong(road: Road, examined: Examined, tmp_path: Path) -> None:
    told = format_datetime(clock.utc(clock.now() - 7200), usegmt=True)
    road.sim.scenario = Scenario(headers=(("date", told),))

    report = await examined(client(road, tmp_path))

    assert report.wrong == set()
    assert report["clock"].verdict is DOUBTFUL
    assert "this machine's is 2 h ahead of api.openai.com's" in report["clock"].reason


async def test_a_server_of_its_own_is_checked_too(examined: Examined, tmp_path: Path) -> None:
    """Whatever the network is like."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nlimits: 5\n")
    (tmp_path / "text.db").write_bytes(b"no database, and long enough to be seen as none" * 100)

    report = await examined(policy=policy, ledger=f"sqlite:{tmp_path}/text.db")

    assert report.wrong == {"proxy variables", "policy", "ledger"}
    assert report["policy"].reason.startswith(f"{policy}:2:9: limits: ")
    assert report["ledger"].reason == f"ledger {tmp_path}/text.db: its file is no SQLite database"


async def test_the_end_comes_in_time_whatever_hangs(examined: Examined, tmp_path: Path, road: Road) -> None:
    """A proxy that takes connections and says nothing, and a ledger that another program holds."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read()

    ledger = tmp_path / "ledger.db"
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        async with served(serve) as url, asyncio.timeout(SECONDS / 2):
            report = await examined({"HTTPS_PROXY": url}, seconds=4.0, ledger=f"sqlite:{ledger}")

    assert report.wrong == {"proxy", "ledger"}
    assert "did not answer within" in report["proxy"].reason
    assert report["ledger"].remedy == "close what is writing to it (a database browser?)"


async def test_nothing_is_made_or_changed(examined: Examined, home: Path) -> None:
    before = dict(os.environ)

    await examined(ledger=None)

    assert not home.exists()
    assert dict(os.environ) == before
