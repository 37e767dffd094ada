"""Who calls is said where the policy looks, and nowhere else: headers that any client can set say nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.calls import CHAT
from tests.tollway.forgeries import Issuers, good
from tests.tollway.road import road
from tests.tollway.showing import plain, policy, two_issuers


@pytest.fixture
def issuers() -> Iterator[Issuers]:
    """Two identity providers."""
    with two_issuers() as both:
        yield both


FORGED = {
    "X-Goog-Authenticated-User-Email": "accounts.google.com:boss@example.com",
    "X-Goog-Authenticated-User-Id": "accounts.google.com:1",
    "X-Goog-IAP-JWT-Assertion": "TOKEN",
    "Cf-Access-Authenticated-User-Email": "boss@example.com",
    "Cf-Access-Jwt-Assertion": "TOKEN",
    "X-Forwarded-User": "boss",
    "X-Forwarded-Email": "boss@example.com",
    "X-Forwarded-For": "10.1.2.3",
    "Forwarded": "for=10.1.2.3",
    "X-Real-IP": "10.1.2.3",
    "X-Remote-User": "boss",
    "X-User": "boss",
    "X-Tollway-User": "boss",
    "X-Tollway-Team": "board",
    "X-Tollway-Role": "chief",
    "X-Tollway-Identity": "proxy_jwt",
    "X-Tollway-Tags": "user=boss,team=board,role=chief,network=10.0.0.0/8,claim.user=boss",
    "X-Assertion-2": "TOKEN",
    "X_Assertion": "TOKEN",
    "Authorization": "Bearer TOKEN",
    "Cookie": "CF_Authorization=TOKEN",
    "X-Claude-Code-Session-Id": "boss",
}
"""Headers that say who calls elsewhere. TOKEN: a good one of the boss's, where the policy does not look."""


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("anonymous", ["refuse", "allow"])
async def test_a_header_that_the_policy_does_not_name_says_nothing_of_who_calls(
    tmp_path: Path, home: Path, sim: Simulator, issuers: Issuers, name: str, anonymous: str
) -> None:
    sim.scenario = Scenario()
    value = FORGED[name].replace("TOKEN", good(issuers.ours, email="boss@example.com"))
    office = "{networks: {10.0.0.0/8: {user: office}}}, "
    said = policy(issuers, f"anonymous: {anonymous}\n").replace("identity: [", f"identity: [{office}")
    async with road(tmp_path, sim, policy=said) as proxy, await proxy.raw() as raw:
        await raw.send(CHAT.http1(f"{name}: {value}"))
        answer = await raw.response()
        rows = await proxy.rows()

    assert answer.status == {"refuse": 401, "allow": 200}[anonymous]
    assert len(sim.seen) == len(rows) == (anonymous == "allow")
    for row in rows:
        assert (row.user, row.team, row.role, row.service, row.network) == (None,) * 5
        assert (row.identity, row.verified, row.claims) == (None, False, {})


@pytest.mark.parametrize(
    "query",
    ["?token=TOKEN", "?access_token=TOKEN", "?id_token=TOKEN&jwt=TOKEN", "?x-assertion=TOKEN", "?key=TOKEN"],
)
async def test_a_token_in_an_address_says_nothing_of_who_calls(
    tmp_path: Path, home: Path, sim: Simulator, issuers: Issuers, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Addresses are logged and kept everywhere."""
    ann = good(issuers.ours)
    path = query.replace("TOKEN", ann).encode()
    async with road(tmp_path, sim, policy=policy(issuers)) as proxy:
        async with await proxy.raw() as raw:
            await raw.send(CHAT.http1().replace(b" HTTP/1.1", path + b" HTTP/1.1", 1))
            assert (await raw.response()).status == 401
        async with await proxy.plain() as raw:
            await raw.send(plain(CHAT).replace(b"http://", f"http://jwt:{ann}@".encode(), 1))
            assert (await raw.response()).status in (400, 401)
        assert await proxy.rows() == []

    assert sim.seen == []
    assert ann not in caplog.text
