"""Proxies with access rules, and calls through them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.calls import Call
from tests.tollway.road import HOSTS, Road
from tests.tollway.road import road as running_road

MORE_HOSTS = ("bedrock-runtime.us-east-1.amazonaws.com", "openrouter.ai")
Roads = Callable[..., AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Makes proxies of a policy."""
    monkeypatch.setenv("GROQ_KEY", "made-up-groq-key")

    @asynccontextmanager
    async def made(policy: str, **options: Any) -> AsyncIterator[Road]:
        sim.scenario = Scenario()
        hosts = (*HOSTS, *MORE_HOSTS)
        async with running_road(
            tmp_path, sim, policy="version: 1\n" + policy, hosts=hosts, **options
        ) as road:
            yield road

    return made


async def post(client: httpx.AsyncClient, call: Call, **headers: str) -> httpx.Response:
    return await client.post(call.url, content=call.content, headers=headers)
