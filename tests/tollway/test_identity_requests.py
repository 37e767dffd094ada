"""Odd requests over raw sockets: nobody is taken for another, whatever is sent where, and in which order."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator
from tests.simulator.client import RawClient, Refused
from tests.simulator.client_http2 import Http2Client
from tests.tollway.calls import CHAT, CLAUDE
from tests.tollway.forgeries import Issuers, claims, good
from tests.tollway.identity.issuer import document, rsa_key, signed
from tests.tollway.issuers.provider import KEYS
from tests.tollway.road import Road, road
from tests.tollway.showing import HEADER, connect, line, plain, policy, shows, two_issuers
from tollway import clock, paths
from tollway.ca import store
from tollway.hooks.identify import Identify
from tollway.identity.remembered import LONGEST_SECONDS
from tollway.issuers.keeping import COOLDOWN_SECONDS
from tollway.policy.load import load


@pytest.fixture
def issuers() -> Iterator[Issuers]:
    """Two identity providers."""
    with two_issuers() as both:
        yield both


@pytest.fixture
async def proxy(tmp_path: Path, home: Path, sim: Simulator, issuers: Issuers) -> AsyncIterator[Road]:
    """One that takes tokens of both."""
    sim.scenario = Scenario()
    async with road(tmp_path, sim, policy=policy(issuers)) as found:
        yield found


@pytest.fixture
def ann(issuers: Issuers) -> str:
    """Her token."""
    return good(issuers.ours)


@pytest.fixture
def bob(issuers: Issuers) -> str:
    """His, of the same issuer."""
    return good(issuers.ours, email="bob@example.com")


async def users(proxy: Road) -> list[str | None]:
    """Of all calls, in the order in which they began."""
    return [row.user for row in await proxy.rows()]


ANN, BOB = "ann@example.com", "bob@example.com"


async def test_each_request_without_a_tunnel_is_its_own(proxy: Road, ann: str, bob: str) -> None:
    """On one connection, sent at once: who shows nothing is nobody, whoever came before."""
    async with await proxy.plain() as raw:
        await raw.send(
            plain(CHAT, line(ann))
            + plain(CHAT)
            + plain(CHAT, line(bob))
            + plain(CHAT, line(ann))
            + plain(CHAT)
        )
        statuses = [(await raw.response()).status for _ in range(5)]

    assert statuses == [200, 401, 200, 200, 401]
    assert await users(proxy) == [ANN, BOB, ANN]


async def test_tunnels_at_once_are_apart(proxy: Road, ann: str, bob: str) -> None:
    """Over HTTP/2, their calls in turns."""
    clients = [
        await Http2Client.on(await proxy.raw(alpn=("h2",), shows=shows(token))) for token in (ann, bob)
    ]
    for _ in range(3):
        for client in clients:
            stream = await client.request(CHAT.host, CHAT.path, [], CHAT.content)
            assert (await client.answer(stream)).status == 200
    streams = [(client, await client.request(CHAT.host, CHAT.path, [], CHAT.content)) for client in clients]
    for client, stream in reversed(streams):
        assert (await client.answer(stream)).status == 200
    for client in clients:
        client.raw.close()

    assert await users(proxy) == [ANN, BOB] * 4


async def test_a_tunnel_is_of_who_opened_it(proxy: Road, ann: str, bob: str) -> None:
    """Another's token within changes nothing; where none was shown before, it says who calls."""
    async with await proxy.raw(shows=shows(ann)) as raw:
        for lines in ((line(bob),), (), (line(bob), line(ann))):
            await raw.send(CHAT.http1(*lines))
            assert (await raw.response()).status == 200
    client = await Http2Client.on(await proxy.raw(alpn=("h2",)))
    async with client.raw:
        statuses = []
        for headers in ([("proxy-authorization", f"Bearer {bob}")], []):
            stream = await client.request(CHAT.host, CHAT.path, headers, CHAT.content)
            statuses.append((await client.answer(stream)).status)

    assert statuses == [200, 401]
    assert await users(proxy) == [ANN, ANN, ANN, BOB]
    assert not any(
        name.lower() == "proxy-authorization" for seen in proxy.sim.seen for name, _ in seen.headers
    )


async def test_a_tunnel_to_an_address_is_known_by_the_name_in_its_hello(
    tmp_path: Path, home: Path, sim: Simulator, issuers: Issuers, ann: str
) -> None:
    """As of clients that look names up themselves; what was shown when it was opened counts."""
    sim.scenario = Scenario()
    async with road(tmp_path, sim, policy=policy(issuers), hosts=("192.0.2.1",)) as proxy:
        raw = await RawClient.open(
            "192.0.2.1", 443, proxy=(proxy.proxy.host, proxy.proxy.port), proxy_headers=shows(ann),
            tls="api.openai.com", root_ca=store.root_path(paths.data_dir() / "ca"),
        )  # fmt: skip
        async with raw:
            await status(raw, 200)

        assert await users(proxy) == [ANN]


async def test_a_tunnel_in_a_tunnel_is_none(proxy: Road, ann: str, bob: str) -> None:
    """Nor does asking for one change who calls."""
    async with await proxy.raw(shows=shows(ann)) as raw:
        await raw.send(connect(CLAUDE.host, line(bob)))
        assert (await raw.response("CONNECT")).status >= 400
    client = await Http2Client.on(await proxy.raw(alpn=("h2",), shows=shows(ann)))
    async with client.raw:
        client.h2.config.validate_outbound_headers = False
        inner = await client.request(
            "api.anthropic.com:443", "/", [("proxy-authorization", f"Bearer {bob}")], b"", method="CONNECT"
        )
        await client.answer(inner)
        if not client.raw.ended:
            stream = await client.request(CHAT.host, CHAT.path, [], CHAT.content)
            await client.answer(stream)

    assert set(await users(proxy)) <= {ANN}


async def test_requests_for_tunnels_are_taken_one_by_one(proxy: Road, ann: str, bob: str) -> None:
    """Sent at once: what comes after the first goes through its tunnel: it is hers, whoever is named."""
    async with await proxy.plain() as raw:
        await raw.send(connect(CHAT.host, line(ann)) + connect(CHAT.host, line(bob)) + plain(CHAT, line(bob)))
        first = await raw.response("CONNECT")
        await raw.receive_until(lambda data: False)

    assert first.status == 200
    assert await users(proxy) == [ANN]


async def test_a_407_is_no_introduction(proxy: Road, issuers: Issuers, ann: str) -> None:
    """Two in one write: the first is refused, and ends the connection; the second is not looked at."""
    forged = signed({"iss": issuers.ours.issuer, "aud": "tollway", "exp": 2**40}, rsa_key("evil"))
    async with await proxy.plain() as raw:
        await raw.send(connect(CHAT.host, line(forged)) + plain(CHAT, line(ann)))
        assert (await raw.response("CONNECT")).status == 407
        await raw.receive_until(lambda data: False)

    assert await users(proxy) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("Proxy-Authorization : Bearer TOKEN",),
        ("Proxy-Authorization:\tBearer TOKEN",),
        ("Proxy-Authorization: Bearer\tTOKEN",),
        ("Proxy-Authorization: Bearer", " TOKEN"),
        ("proxy_authorization: Bearer TOKEN",),
        ("Proxy-Authorization: Bearer TOKEN\0",),
        ("Proxy-Authorization: Bearer TOKEN TOKEN",),
        ("Proxy-Authorization: TOKEN",),
        ("Proxy-Authorization: Negotiate TOKEN",),
        ("Authorization: Bearer TOKEN",),
        ("Proxy-Authorization: Bearer BOB", "Proxy-Authorization: Bearer TOKEN"),
        ("Proxy-Authorization: Basic =", "Proxy-Authorization: Bearer TOKEN"),
        ("Proxy-Authorization: Bearer TOKEN, Bearer BOB",),
        ("Connection: Proxy-Authorization", "Proxy-Authorization: Bearer TOKEN"),
        ("Proxy-Authorization: Bearer TOKEN" + "\xff" * 70_000,),
        ("Proxy-Authorization: " + "Bearer \xff, " * 7_000 + "Bearer TOKEN",),
    ],
)
async def test_however_it_is_written_it_is_hers_or_nobodys(
    proxy: Road, ann: str, bob: str, lines: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    """And it goes no further, nor into the log."""
    said = [text.replace("TOKEN", ann).replace("BOB", bob) for text in lines]
    async with await proxy.plain() as raw:
        await raw.send(plain(CHAT, *said))
        response = await raw.response()
    async with await proxy.plain() as raw:
        await raw.send(connect(CHAT.host, *said))
        tunnel = await raw.response("CONNECT")

    assert (response.status == 200) <= (await users(proxy) == [ANN])
    assert response.status in (200, 400, 401)
    assert tunnel.status in (200, 400, 407)
    assert set(await users(proxy)) <= {ANN}
    assert all(ann not in str(seen.headers) for seen in proxy.sim.seen if lines[0][:5].lower() == "proxy")
    assert ann not in caplog.text


async def test_a_token_in_another_spelling_is_one_and_the_same(proxy: Road, ann: str) -> None:
    header, claims, signature = ann.split(".")
    for spelling in (ann, f"{header}==.{claims}.{signature}", f"{header}.{claims}=.{signature}=="):
        async with await proxy.raw(shows=shows(spelling)) as raw:
            await raw.send(CHAT.http1(f"{HEADER}: {ann}"))
            assert (await raw.response()).status == 200

    assert await users(proxy) == [ANN] * 3


async def test_a_key_that_was_revoked_counts_for_some_minutes_at_most(
    proxy: Road, issuers: Issuers, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its issuer's keys were fetched without it: for a token that was verified by it before.

    Any other is refused at once.
    """
    callers = proxy.step(Identify)._callers
    now, elapsed = clock.now(), 0.0
    monkeypatch.setattr(callers, "_now", lambda: now + elapsed)
    raw = await proxy.raw(shows=shows(good(issuers.ours, exp=int(now) + 3600)))
    await status(raw, 200)

    issuers.ours.rotate("b")
    for keeping, _ in callers._keeping.values():
        monkeypatch.setattr(keeping, "_asked", -COOLDOWN_SECONDS)
        await keeping.renewed("b")
    with pytest.raises(Refused):
        await proxy.raw(shows=shows(good(issuers.ours, jti="new")))
    elapsed = LONGEST_SECONDS - 1
    await status(raw, 200)
    elapsed = LONGEST_SECONDS
    await status(raw, 401)
    raw.close()


async def test_keys_that_change_again_and_again_are_found_by_one_fetch_each(
    proxy: Road, issuers: Issuers, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many come with the new one at once; those who come with the one before wait for nobody."""
    monkeypatch.setattr("tollway.issuers.keeping.COOLDOWN_SECONDS", 0.0)
    first = await proxy.raw(shows=shows(ann))
    await status(first, 200)
    asked = issuers.ours.asked.count(KEYS)

    for kid in ("b", "c", "d"):
        issuers.ours.rotate(kid)
        token = signed(claims(issuers.ours), rsa_key(kid), header={"kid": kid})
        tunnels = await asyncio.gather(*(proxy.raw(shows=shows(token)) for _ in range(20)))
        for raw in (*tunnels, first):
            await status(raw, 200)
        for raw in tunnels:
            raw.close()
        asked += 1
        assert issuers.ours.asked.count(KEYS) == asked
    first.close()


async def status(raw: RawClient, wanted: int) -> None:
    await raw.send(CHAT.http1())
    assert (await raw.response()).status == wanted


async def test_a_policy_that_changes_amid_calls_holds_from_the_next_one_on(
    proxy: Road, issuers: Issuers, ann: str
) -> None:
    """For tunnels that stand, too; to and fro."""
    callers = proxy.step(Identify)._callers
    both = load(policy(issuers), "x")
    theirs = load(policy(Issuers(issuers.theirs, issuers.theirs)), "x")
    client = await Http2Client.on(await proxy.raw(alpn=("h2",), shows=shows(ann)))
    async with client.raw:
        proxy.sim.scenario = Scenario(gate="end")
        admitted = await client.request(CHAT.host, CHAT.path, [], CHAT.content)
        await proxy.sim.wait_for(lambda seen: True)
        callers.swap(theirs)
        with pytest.raises(Refused):
            await proxy.raw(shows=shows(ann))
        callers.swap(both)
        proxy.sim.open("end")
        assert (await client.answer(admitted)).status == 200
        again = await client.request(CHAT.host, CHAT.path, [], CHAT.content)
        assert (await client.answer(again)).status == 200
        callers.swap(theirs)
        refused = await client.request(CHAT.host, CHAT.path, [], CHAT.content)
        assert (await client.answer(refused)).status == 401

    assert await users(proxy) == [ANN, ANN]


@pytest.mark.parametrize("keys", [document(), b"{}", b"", b"[]", b'{"keys": {}}', b'{"keys": [null, 7, {}]}'])
async def test_an_issuer_without_keys_lets_nobody_in_and_holds_up_nobody_elses(
    tmp_path: Path, home: Path, sim: Simulator, issuers: Issuers, keys: bytes
) -> None:
    """There is nothing to check with: try again, hears who comes with its tokens."""
    sim.scenario = Scenario()
    token = good(issuers.ours)
    issuers.ours.keys = keys
    said = {"iss": issuers.theirs.issuer, "aud": "tollway", "exp": 2**40, "email": BOB}
    async with road(tmp_path, sim, policy=policy(issuers)) as proxy:
        for _ in range(2):
            with pytest.raises(Refused) as refused:
                await proxy.raw(shows=shows(token))
            assert refused.value.response.status == 503
        async with await proxy.raw(shows=shows(signed(said, rsa_key("theirs"), header={"kid": "a"}))) as raw:
            await status(raw, 200)

        assert await users(proxy) == [BOB]


async def test_who_leaves_while_keys_are_fetched_leaves_nothing(proxy: Road, issuers: Issuers) -> None:
    """Neither a tunnel nor what was shown for it."""
    token = signed(
        {"iss": issuers.ours.issuer, "aud": "tollway", "exp": 2**40}, rsa_key("new"), header={"kid": "new"}
    )
    clients = [await proxy.plain() for _ in range(5)]
    for client in clients:
        await client.send(connect(CHAT.host, line(token)))
    await asyncio.sleep(0)
    for client in clients:
        client.reset()
    with pytest.raises(Refused):
        await proxy.raw(shows=shows(token))

    assert proxy.step(Identify)._shown == {}
