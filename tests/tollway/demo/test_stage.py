"""Where a tour is played."""

import ssl
from pathlib import Path

import httpx
import pytest

from tollway.demo.stage import stage
from tollway.ledger.open import open_books
from tollway.model import CallRecord
from tollway.policy.schema import Policy

pytestmark = pytest.mark.slow


async def test_programs_are_led_through_a_proxy_for_which_every_host_is_the_simulator(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By their environment alone, in which no other proxy is left; their calls are in the ledger."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "*")
    calls: list[CallRecord] = []

    async with stage(tmp_path, Policy(version=1), calls.append) as found:
        variables = found.environment
        assert {variables[name] for name in variables if name.lower() == "http_proxy"} == {found.proxy.url}
        assert "*" not in variables.get("NO_PROXY", "")
        trust = ssl.create_default_context(cafile=variables["SSL_CERT_FILE"])
        async with httpx.AsyncClient(proxy=variables["HTTPS_PROXY"], verify=trust, timeout=120) as client:
            body = {"model": "claude-opus-4-8", "max_tokens": 9, "messages": []}
            answer = await client.post("https://api.anthropic.com/v1/messages", json=body)
        assert len(found.line) == 0

    assert answer.json()["model"] == "claude-opus-4-8"
    books = open_books(f"sqlite:{home / 'ledger.db'}")
    try:
        assert [call.id for call in books.calls()] == [call.id for call in calls] != []
    finally:
        books.close()
