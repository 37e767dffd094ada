"""`tollway whoami`, as a process: what is printed, and with which status it ends."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from tests.tollway.command import Office
from tests.tollway.identified import Roads, forged, proxy_jwt, token
from tests.tollway.issuers.provider import Provider

SECRET = "made-up-" + "s" * 20


async def run(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`tollway whoami WORDS`."""
    return await asyncio.to_thread(Office(home, None, variables).run, "whoami", *words)


async def test_it_says_who_one_is_through_the_proxy(roads: Roads, provider: Provider, home: Path) -> None:
    text = token(provider)
    async with roads(proxy_jwt(provider)) as road:
        url = road.proxy.url.replace("://", f"://jwt:{text}@")
        people = await run(home, HTTPS_PROXY=url)
        program = await run(home, "--format", "json", https_proxy=url)
        assert await road.rows() == []

    assert (people.returncode, people.stderr) == (0, "")
    assert people.stdout.splitlines() == [
        "ann@example.com, team search (proxy_jwt, verified)",
        "cost_center: 4711",
        "address: 127.0.0.1",
    ]
    assert json.loads(program.stdout) == {
        "known": True, "identity": "proxy_jwt", "verified": True, "user": "ann@example.com",
        "team": "search", "role": None, "service": None, "groups": [], "network": None,
        "claims": {"cost_center": "4711"}, "address": "127.0.0.1", "may_call": True, "message": None,
    }  # fmt: skip


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "refused"])
async def test_the_status_says_whether_one_may_call(
    roads: Roads, provider: Provider, home: Path, allowed: bool
) -> None:
    policy = proxy_jwt(provider, "anonymous: allow\n" if allowed else "")
    async with roads(policy) as road:
        done = await run(home, "--proxy", road.proxy.url)

    assert (done.returncode, done.stderr) == (0 if allowed else 1, "")
    assert done.stdout.startswith("Tollway does not know who calls")


async def test_a_refused_token_is_said_and_not_shown(roads: Roads, provider: Provider, home: Path) -> None:
    text = forged(provider)
    async with roads(proxy_jwt(provider)) as road:
        done = await run(home, "--proxy", road.proxy.url.replace("://", f"://jwt:{text}@"))

    assert (done.returncode, done.stdout) == (1, "")
    assert "refuses these credentials (401): Tollway did not accept the token" in done.stderr
    assert "doctor" not in done.stderr
    assert text not in done.stderr


@pytest.mark.parametrize(
    ("words", "variables", "status", "said"),
    [
        ((), {}, 2, "no proxy is named: set HTTPS_PROXY, or use --proxy"),
        ((), {"HTTPS_PROXY": f"socks5://jwt:{SECRET}@p:1"}, 2, "HTTPS_PROXY: it is no http:// or https://"),
        (("--proxy", f"http://jwt:{SECRET}"), {}, 2, "--proxy: it is not http://HOST:PORT"),
        (("--proxy", f"http://jwt:{SECRET}@127.0.0.1:1"), {}, 1, "127.0.0.1:1 can't be reached: "),
        (
            ("--proxy", "http://p:1"),
            {"SSL_CERT_FILE": "/none"},
            1,
            "SSL_CERT_FILE can't be read: No such",
        ),
        (("--format", "yaml"), {}, 2, "'yaml' is not one of 'text', 'json'"),
    ],
    ids=["none", "socks", "no host", "nobody", "no roots", "format"],
)
async def test_what_is_wrong_is_said_in_a_sentence(
    home: Path, words: tuple[str, ...], variables: dict[str, str], status: int, said: str
) -> None:
    done = await run(home, *words, **variables)

    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert SECRET not in done.stderr
    assert "Traceback" not in done.stderr


async def test_without_an_answer_it_is_said_what_looks_for_the_reason(home: Path) -> None:
    done = await run(home, "--proxy", "http://127.0.0.1:1")

    assert done.stderr == (
        "tollway: 127.0.0.1:1 can't be reached: Connection refused; `tollway doctor` looks for the reason\n"
    )
