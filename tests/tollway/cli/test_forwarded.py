"""`tollway run --token-command`, as a process: a program, the forwarder, a Tollway, the provider."""

import asyncio
import json
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.command import Office, caller
from tests.tollway.identified import Roads, forged, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.terminal import Terminal
from tollway import paths
from tollway.ca import store
from tollway.cli.forwarded import refuse

pytestmark = pytest.mark.slow  # each starts processes

CALL = (CHAT.url, json.dumps(CHAT.body))
SECRET = "made-up-" + "s" * 40


async def run(
    home: Path, command: str, *words: str, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """`tollway run --token-command COMMAND WORDS`."""
    office = Office(home, None, environment)
    return await asyncio.to_thread(office.run, "run", "--token-command", command, *words)


def leading(url: str) -> dict[str, str]:
    """The environment of a user of a company's Tollway, whose CA is trusted here."""
    return {"HTTPS_PROXY": url, "SSL_CERT_FILE": str(store.root_path(paths.data_dir() / "ca"))}


async def test_a_programs_calls_have_the_name_that_the_token_says(
    roads: Roads, provider: Provider, home: Path, tmp_path: Path
) -> None:
    """It is metered there, and not here; the old token of HTTPS_PROXY is shown to nobody."""
    file = tmp_path / "token"
    file.write_text(token(provider))
    async with roads(proxy_jwt(provider)) as road:
        url = road.proxy.url.replace("://", f"://jwt:{forged(provider)}@")
        done = await run(home, f"cat {file}", "--", *caller(CALL, CALL), environment=leading(url))
        rows = await road.rows()

    assert (done.returncode, done.stdout, done.stderr) == (0, "200\n200\n", "")
    assert [(row.user, row.identity) for row in rows] == [("ann@example.com", "proxy_jwt")] * 2


async def test_the_program_sees_the_port_its_password_and_what_it_had(home: Path) -> None:
    """Both spellings; certificates are left as they are."""
    given = {
        "HTTPS_PROXY": "http://jwt:old@127.0.0.1:9",
        "NO_PROXY": "git.example",
        "CURL_CA_BUNDLE": "/x.pem",
        "SSL_CERT_FILE": "/y.pem",
    }

    done = await run(home, f"echo {SECRET}", "--", "env", "-0", environment=given)

    seen = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
    assert seen["HTTPS_PROXY"].startswith("http://tollway:")
    assert {seen[name] for name in ("https_proxy", "HTTP_PROXY", "http_proxy")} == {seen["HTTPS_PROXY"]}
    assert seen["NO_PROXY"] == seen["no_proxy"] == "git.example,localhost,127.0.0.1,::1"
    assert (seen["CURL_CA_BUNDLE"], seen["SSL_CERT_FILE"]) == ("/x.pem", "/y.pem")
    assert seen["NODE_USE_ENV_PROXY"] == "1"
    assert SECRET not in done.stdout
    assert not (home / "ledger.db").exists()


@pytest.mark.parametrize(
    ("script", "status"), [("exit 3", 3), ("kill -9 $$", 137), ("cat; echo said >&2; exit 0", 0)]
)
async def test_status_and_streams_are_the_programs(home: Path, script: str, status: int) -> None:
    office = Office(home, None, {"HTTPS_PROXY": "http://127.0.0.1:9"})
    words = ("--token-command", "echo made-up", "--", "sh", "-c", script)

    done = await asyncio.to_thread(lambda: office.run("run", *words, input="hello"))

    assert done.returncode == status
    assert (done.stdout, done.stderr) == (("hello", "said\n") if "cat" in script else ("", ""))


def test_ctrl_c_is_the_programs(home: Path) -> None:
    office = Office(home, None, {"HTTPS_PROXY": "http://127.0.0.1:9"})
    script = "trap 'echo got; exit 7' INT; echo ready; read line"

    with Terminal(
        office.words("run", "--token-command", "echo made-up", "sh", "-c", script), office.variables
    ) as terminal:
        terminal.wait_for("ready")
        terminal.press("\x03")
        terminal.wait_for("got\r\n")
        assert terminal.wait() == 7


def test_ctrl_c_while_the_first_token_is_waited_for_ends_it(home: Path, tmp_path: Path) -> None:
    """With the command, and without the program."""
    office = Office(home, None, {"HTTPS_PROXY": "http://127.0.0.1:9"})
    command = f"echo $$ > {tmp_path}/name; exec sleep 600"

    with office.start("run", "--token-command", command, "echo", "started") as process:
        while not (tmp_path / "name").exists() or not (tmp_path / "name").read_text():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert not Path(f"/proc/{(tmp_path / 'name').read_text().strip()}/cwd").exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("echo log in again >&2; exit 1", "tollway: the token command ended with status 1: log in again\n"),
        (f"echo {SECRET} oops", "tollway: what the token command printed is no token\n"),
        ("true", "tollway: the token command printed nothing\n"),
    ],
)
async def test_without_a_first_token_no_program_starts(home: Path, command: str, said: str) -> None:
    environment = {"HTTPS_PROXY": "http://127.0.0.1:9"}

    done = await run(home, command, "--", "echo", "started", environment=environment)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        ((), {}, "--token-command: HTTPS_PROXY names no proxy; set it to your company's Tollway"),
        (
            (),
            {"HTTPS_PROXY": f"socks5://jwt:{SECRET}@p:1"},
            "HTTPS_PROXY: it is no http:// or https:// proxy",
        ),
        (("--tag", "a=b"), {"HTTPS_PROXY": "http://p:1"}, "--tag: not with --token-command"),
        (
            ("--policy", "x", "--ledger", "sqlite:x", "--set", "a=b", "--connect-to", "::a:1"),
            {"HTTPS_PROXY": "http://p:1"},
            "--policy, --ledger, --connect-to, --set: not with --token-command, which starts no proxy",
        ),
    ],
)
async def test_wrong_use_is_said_in_a_sentence(
    home: Path, words: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    done = await run(home, f"echo {SECRET}", *words, "--", "echo", "started", environment=environment)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert SECRET not in done.stderr


async def test_a_proxy_over_tls_is_checked_by_the_users_roots(home: Path, sim: Simulator) -> None:
    """The simulator is no proxy, and says so."""
    given = {"HTTPS_PROXY": f"https://{sim.address}:{sim.port}", "SSL_CERT_FILE": str(sim.root_ca)}
    words = ("--", *caller(("http://a.example/x", "-")))

    done = await run(home, "echo made-up", *words, environment=given)
    broken = await run(home, "echo made-up", *words, environment={**given, "SSL_CERT_FILE": "/none"})

    assert done.stdout == "404\n"
    assert [seen.header("proxy-authorization") for seen in sim.seen] == ["Bearer made-up"]
    assert (broken.returncode, broken.stderr) == (
        1,
        "tollway: SSL_CERT_FILE can't be read: No such file or directory\n",
    )


def test_a_node_that_reads_no_variables_is_told(home: Path, tmp_path: Path) -> None:
    """Its calls go past any proxy."""
    node = tmp_path / "node"
    node.write_text('#!/bin/sh\n[ "$1" = --version ] && echo v20.20.2\nexit 0\n')
    node.chmod(0o755)
    office = Office(home, None, {"HTTPS_PROXY": "http://127.0.0.1:9"})

    done = office.run("run", "--token-command", "echo made-up", str(node), "app.js")

    assert "fetch in Node 20.20.2 does not read HTTPS_PROXY" in done.stderr


def test_options_about_a_proxy_of_ones_own_are_refused() -> None:
    refuse({"--tag": (), "--policy": None})
    with pytest.raises(click.UsageError, match="--tag: not with"):
        refuse({"--tag": ("a",), "--policy": None})
