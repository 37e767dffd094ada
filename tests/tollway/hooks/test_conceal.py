"""What a caller shows as a credential is remembered as long as its call runs, where texts are kept."""

import os

import pytest

from tests.tollway.calls import CHAT, PASSING
from tests.tollway.identified import Roads, basic
from tollway import exchange
from tollway.hooks.conceal import Conceal
from tollway.hooks.settle import Settle

ALL = "record: [{}]\n"


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[str]]:
    """What is known of each call's as it ends."""
    found: list[frozenset[str]] = []
    settle = Settle.response

    def response(self: Settle, flow: object) -> object:
        known = exchange.of(flow)  # type: ignore[arg-type]
        if known is not None:
            found.append(known.secrets)
        return settle(self, flow)  # type: ignore[arg-type]

    monkeypatch.setattr(Settle, "response", response)
    return found


def made_up() -> str:
    return f"made-up-{os.urandom(8).hex()}"


async def test_it_is_what_the_call_shows_and_what_opened_its_tunnel(
    roads: Roads, secrets: list[frozenset[str]]
) -> None:
    key, word, in_query = made_up(), made_up(), made_up()
    async with roads(ALL) as road:
        async with road.client(token=word) as client:
            await client.post(f"{CHAT.url}?key={in_query}", json=CHAT.body, headers={"x-api-key": key})
        await road.call()

    assert {key, word, in_query} <= secrets[0]


async def test_a_request_that_shows_it_to_the_proxy_itself_counts_too(
    roads: Roads, secrets: list[frozenset[str]]
) -> None:
    """Without a tunnel it comes with each request."""
    word = made_up()
    shown = f"Proxy-Authorization: {basic('jwt', word)}"
    request = CHAT.http1(shown).replace(b"/v1", b"http://api.openai.com/v1", 1)
    async with roads(ALL) as road:
        async with await road.plain() as client:
            await client.send(request)
            await client.response()
        await road.call()

    assert word in secrets[0]


@pytest.mark.parametrize(("policy", "call"), [("", CHAT), (ALL, PASSING)])
async def test_where_nothing_is_kept_nothing_is_remembered(
    roads: Roads, secrets: list[frozenset[str]], policy: str, call: object
) -> None:
    async with roads(policy) as road, road.client() as client:
        await client.post(call.url, json={}, headers={"x-api-key": made_up()})  # type: ignore[attr-defined]

    assert secrets == [frozenset()]


async def test_what_opened_a_tunnel_is_forgotten_with_it(roads: Roads) -> None:
    async with roads(ALL) as road:
        conceal = road.step(Conceal)
        async with road.client(token=made_up()) as client:
            await client.post(CHAT.url, json=CHAT.body)
            assert len(conceal._shown) == 1
        await road.call()
        await road.proxy.steps.drain.stop(5)

    assert conceal._shown == {}
