"""The script that the user's Python runs, run by this one."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tollway.proxies import answer, saying
from tests.tollway.road import Road
from tollway import paths
from tollway.asking import TUNNELLED
from tollway.ca import store
from tollway.symptoms.scripts import handshake
from tollway.symptoms.scripts.handshake import causes

CLIENTS = ["urllib.request", "httpx", "requests"]
UNSET = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NO_PROXY", "no_proxy")


async def outcome(client: str, url: str, proxy: str = "", **variables: str) -> tuple[str, str]:
    """What it prints of a client that goes to a URL."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-W", "ignore", handshake.__file__, client, url],
        env={**kept, "https_proxy": proxy, **variables},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    said = json.loads(ran.stdout)
    assert said["version"] == sys.version.split()[0]
    return said["outcome"], said["said"]


def trusting() -> dict[str, str]:
    """What has clients trust the proxy of a test."""
    root = str(store.root_path(paths.data_dir() / "ca"))
    return {"SSL_CERT_FILE": root, "REQUESTS_CA_BUNDLE": root}


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_client_that_trusts_the_root_is_accepted(road: Road, client: str) -> None:
    pytest.importorskip(client)

    assert await outcome(client, TUNNELLED, road.proxy.url, **trusting()) == ("accepted", "")


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_client_that_does_not_refuses_in_openssls_words(road: Road, client: str) -> None:
    pytest.importorskip(client)

    assert await outcome(client, TUNNELLED, road.proxy.url) == (
        "refused",
        "unable to get local issuer certificate",
    )


async def test_a_refusal_over_tls_is_an_answer(road: Road) -> None:
    """The proxy has no such page: it was trusted enough to say so."""
    found = await outcome("urllib.request", TUNNELLED + "s", road.proxy.url, **trusting())

    assert found == ("accepted", "")


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_fails_otherwise_is_told(client: str) -> None:
    pytest.importorskip(client)
    async with saying(answer(502, "no")) as other:
        found, said = await outcome(client, TUNNELLED, other.url)

    assert found == "failed"
    assert "502" in said


async def test_a_client_that_is_not_installed_is_absent() -> None:
    assert (await outcome("no_such_client", TUNNELLED))[0] == "absent"


def test_causes_are_found_however_they_are_kept_and_a_ring_of_them_ends() -> None:
    first, second, third = ValueError("first"), OSError("second"), KeyError("third")
    first.__cause__, second.__context__, third.__cause__ = second, third, first

    assert causes(RuntimeError(first))[1:] == [first, second, third]


def test_it_needs_nothing_of_tollways() -> None:
    """It is run by a Python that has no Tollway."""
    script = Path(handshake.__file__).read_text("utf-8")

    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, "no_such_client", TUNNELLED],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert json.loads(ran.stdout)["outcome"] == "absent"
