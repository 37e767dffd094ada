"""Texts of proxies that are processes of their own: of several on one ledger, and of one that is killed."""

import asyncio
import json
import os
import signal
import ssl
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.tollway.calls import CLAUDE
from tests.tollway.command import Office, caller
from tests.tollway.office import authority, office, providers

__all__ = ["authority", "office", "providers"]
POLICY = "version: 1\nrecord: [{keep: 1d}]\n"


def shown(office: Office, call: str) -> dict[str, Any]:
    """What `tollway show` prints of a call."""
    done = office.run("show", call, "--format", "json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def facts(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """What a proxy says of itself once it listens."""
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def is_kept(office: Office, said: str) -> bool:
    """Whether a text of any call has it."""
    return any(said in json.dumps(shown(office, row.id)) for row in office.calls())


async def call(proxy: dict[str, Any], said: str, stream: bool = False) -> str | None:
    """Make a call; its id, unless the proxy dies meanwhile."""
    body = {**CLAUDE.body, "messages": [{"role": "user", "content": said}], "stream": stream}
    trust = ssl.create_default_context(cafile=proxy["ca"])
    with suppress(httpx.TransportError):
        async with httpx.AsyncClient(proxy=proxy["url"], verify=trust, timeout=120) as client:
            answer = await client.post(CLAUDE.url, json=body)
            return answer.headers["x-tollway-call"]
    return None


@pytest.mark.slow
async def test_of_one_that_is_killed_there_is_what_it_kept_and_another_goes_on(
    office: Office, tmp_path: Path
) -> None:
    """The request of a call in flight is there; its answer, which had not ended, is not."""
    assert office.sim is not None
    (tmp_path / "policy.yaml").write_text(POLICY)
    words = ("--listen", "127.0.0.1:0", "--format", "json", "--policy", str(tmp_path / "policy.yaml"))
    with office.start("serve", *words) as one, office.start("serve", *words) as other:
        first, second = facts(one), facts(other)
        whole = await call(first, "to the first")
        office.sim.default(gate="never")
        asking = asyncio.ensure_future(call(first, "to be killed", stream=True))
        async with asyncio.timeout(60):
            while len(await asyncio.to_thread(office.sim.seen)) < 2:
                pass
        file = office.home / "ledger.db.texts.db"
        async with asyncio.timeout(60):
            while not await asyncio.to_thread(is_kept, office, "to be killed"):
                pass
        os.kill(first["pid"], signal.SIGKILL)
        assert await asking is None
        office.sim.reset()
        after = await call(second, "to the other")
        other.send_signal(signal.SIGTERM)
        other.wait(60)

    assert whole is not None
    assert after is not None
    assert file.stat().st_mode & 0o777 == 0o600
    for id, said in ((whole, "to the first"), (after, "to the other")):
        found = shown(office, id)
        assert said in found["request"]["text"]
        assert "The simulator answers" in found["response"]["text"]
    (killed,) = [row.id for row in office.calls() if row.id not in (whole, after)]
    found = shown(office, killed)
    assert "to be killed" in found["request"]["text"]
    assert "text" not in found["response"]


@pytest.mark.slow
def test_run_keeps_texts_too_by_the_policy_that_it_is_given(office: Office, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY)

    done = office.run(
        "run", "--policy", str(tmp_path / "policy.yaml"), "--", *caller((CLAUDE.url, CLAUDE.content.decode()))
    )

    (row,) = office.calls()
    assert done.returncode == 0, done.stderr
    assert "say hi" in office.run("show", row.id[:20]).stdout
