"""What the proxy says of a caller to that caller, over real sockets, and to nobody else."""

import ssl
from pathlib import Path

import httpx
import pytest

from tests.simulator import Simulator
from tests.simulator.client import RawClient, Refused
from tests.tollway.identified import Roads, basic, forged, given, header_jwt, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock, paths
from tollway.ca import store

HTTP, HTTPS = "http://tollway.internal/whoami", "https://tollway.internal/whoami"
BOTH = pytest.mark.parametrize("url", [HTTP, HTTPS], ids=["http", "https"])
ANN = {
    "known": True, "identity": "proxy_jwt", "verified": True, "user": "ann@example.com", "team": "search",
    "role": None, "service": None, "groups": [], "network": None, "claims": {"cost_center": "4711"},
    "address": "127.0.0.1", "may_call": True, "message": None,
}  # fmt: skip
WITH_NETWORKS = """
identity:
  - proxy_jwt: {{issuer: "{}", audience: tollway}}
  - networks: {{10.0.0.0/8: {{team: a}}}}
"""


async def untouched(road: Road) -> bool:
    """Whether nothing of it reached the network or the ledger, and nothing of it stays."""
    return road.sim.seen == [] and await road.rows() == [] and nothing_left(road)


@BOTH
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_who_shows_a_token_hears_what_is_made_of_it(
    roads: Roads, provider: Provider, url: str, http2: bool
) -> None:
    async with roads(proxy_jwt(provider)) as road, road.client(http2, token=token(provider)) as client:
        answers = [await client.get(url), await client.get(f"{url}?twice=1")]
        assert await untouched(road)

    for answer in answers:
        assert answer.status_code == 200
        assert answer.json() == ANN
        assert answer.headers["cache-control"] == "no-store"


@BOTH
async def test_a_header_says_who_asks_too(roads: Roads, provider: Provider, url: str) -> None:
    async with roads(header_jwt(provider)) as road, road.client() as client:
        answer = await client.get(url, headers={"Cf-Access-Jwt-Assertion": token(provider)})
        assert await untouched(road)

    assert (answer.json()["user"], answer.json()["identity"]) == ("ann@example.com", "header_jwt")


@BOTH
@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "refused"])
async def test_a_stranger_hears_whether_strangers_may_call(
    roads: Roads, provider: Provider, url: str, allowed: bool
) -> None:
    """With 200: that is what was asked."""
    policy = WITH_NETWORKS.format(provider.issuer) + ("anonymous: allow\n" if allowed else "")
    async with roads(policy) as road, road.client() as client:
        answer = await client.get(url)
        assert await untouched(road)

    said = answer.json()
    assert answer.status_code == 200
    assert (said["known"], said["may_call"], said["user"], said["identity"]) == (False, allowed, None, None)
    assert (said["message"] is None) is allowed


async def test_without_a_policy_nobody_is_known_and_all_may_call(road: Road) -> None:
    async with road.client() as client:
        said = (await client.get(HTTP)).json()

    assert (said["known"], said["may_call"], said["address"]) == (False, True, "127.0.0.1")


async def test_a_network_is_an_identity(roads: Roads) -> None:
    policy = "identity: [{networks: {127.0.0.0/8: {service: ci, groups: [eng, ops]}}}]\n"
    async with roads(policy) as road, road.client() as client:
        said = (await client.get(HTTPS)).json()

    assert (said["service"], said["groups"], said["network"]) == ("ci", ["eng", "ops"], "127.0.0.0/8")


async def test_more_groups_than_a_token_can_say_are_unknown(roads: Roads, provider: Provider) -> None:
    policy = proxy_jwt(provider).replace("user: email", "user: email, groups: groups")
    async with roads(policy) as road:
        async with road.client(token=token(provider, groups=None, hasgroups=True)) as client:
            said = (await client.get(HTTP)).json()

    assert (said["user"], said["groups"]) == ("ann@example.com", None)


async def test_a_token_that_is_not_taken_is_not_explained(roads: Roads, provider: Provider) -> None:
    """As elsewhere: at the tunnel 407, at a plain request 401, with the same words."""
    async with roads(proxy_jwt(provider)) as road:
        for text in (forged(provider), token(provider, exp=int(clock.now()) - 61)):
            async with road.client(token=text) as client:
                plain = await client.get(HTTP)
            with pytest.raises(Refused) as refused:
                await road.raw("tollway.internal", shows=(("Proxy-Authorization", basic("jwt", text)),))

            words = "Tollway did not accept the token or key that says who calls"
            assert plain.status_code == 401
            assert plain.json()["error"]["message"].startswith(words)
            assert refused.value.response.status == 407
            assert refused.value.response.body.decode().startswith(words)
        assert await untouched(road)


async def test_where_a_token_is_asked_for_a_tunnel_to_the_proxy_needs_one(
    roads: Roads, provider: Provider
) -> None:
    """As one to a provider does: so clients that wait for a 407 can try out that they answer it."""
    async with roads(proxy_jwt(provider)) as road:
        with pytest.raises(Refused) as refused:
            await road.raw("tollway.internal")

    assert refused.value.response.status == 407


async def test_while_the_issuer_is_down_nobody_is_told_to_be_nobody(roads: Roads, provider: Provider) -> None:
    provider.status = 500
    async with roads(proxy_jwt(provider)) as road, road.client(token=token(provider)) as client:
        answer = await client.get(HTTP)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


@BOTH
async def test_there_is_nothing_else(road: Road, url: str) -> None:
    """And it does not go elsewhere, whatever is sent along."""
    async with road.client() as client:
        other = await client.get(url.replace("whoami", "v1/models"))
        upgrade = await client.get(url.replace("whoami", "x"), headers={"upgrade": "websocket"})
        posts = [await client.request(method, url, content=b"x" * 100_000) for method in ("POST", "PUT")]
        assert await untouched(road)

    assert [answer.status_code for answer in (other, upgrade)] == [404, 404]
    assert [answer.status_code for answer in posts] == [405, 405]
    assert posts[0].headers["allow"] == "GET, HEAD"
    assert all(answer.headers["cache-control"] == "no-store" for answer in (other, *posts))


@BOTH
async def test_no_page_of_another_origin_may_read_it(road: Road, url: str) -> None:
    async with road.client() as client:
        headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        answer = await client.get(url, headers=headers)
        preflight = await client.options(url, headers=headers)

    assert not [name for name in (*answer.headers, *preflight.headers) if name.startswith("access-control")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert preflight.status_code == 405


@pytest.mark.parametrize("host", ["tollway.internal", "tollway.internal:8080", "Tollway.Internal.:80"])
async def test_a_page_that_was_rebound_to_the_proxys_address_reads_nothing(road: Road, host: str) -> None:
    """It asks as of a server, not as of a proxy; its name stands in the `Host` header alone."""
    async with await road.plain() as raw:
        await raw.send(f"GET /whoami HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        answer = await raw.response("GET")

    assert answer.status == 400
    assert b"127.0.0.1" not in answer.body
    assert road.sim.seen == []


async def test_a_host_header_of_another_servers_request_says_nothing(road: Road) -> None:
    """The address decides: the request goes where it is sent."""
    async with await road.plain() as raw:
        await raw.send(b"GET http://example.com/whoami HTTP/1.1\r\nHost: tollway.internal\r\n\r\n")
        await raw.response("GET")

    assert [seen.path for seen in road.sim.seen] == ["/whoami"]


async def test_behind_a_reverse_proxy_the_name_is_the_servers(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """A `Host` header or a hello that names the proxy leads to the server that it stands before."""
    mode = f"reverse:http://{sim.address}:{sim.plain_port}"
    root = store.root_path(paths.data_dir() / "ca")
    async with running_road(tmp_path, sim, modes=(mode,)) as road:
        async with await road.plain() as raw:
            await raw.send(b"GET /whoami HTTP/1.1\r\nHost: tollway.internal\r\n\r\n")
            await raw.response("GET")
        where = road.proxy.host, road.proxy.port
        async with await RawClient.open(*where, tls="tollway.internal", root_ca=root) as raw:
            await raw.send(b"GET /whoami HTTP/1.1\r\nHost: tollway.internal\r\n\r\n")
            await raw.response("GET")

    assert [seen.path for seen in road.sim.seen] == ["/whoami", "/whoami"]


async def test_a_tunnel_to_an_address_is_the_proxys_where_its_hello_says_so(road: Road) -> None:
    """As with a provider's name: what is decrypted for it is answered by it."""
    root = store.root_path(paths.data_dir() / "ca")
    proxy = road.proxy.host, road.proxy.port
    async with await RawClient.open(
        "192.0.2.1", 443, proxy=proxy, tls="tollway.internal", root_ca=root
    ) as raw:
        await raw.send(b"GET /whoami HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await raw.response("GET")

    assert answer.status == 200
    assert b'"address":"127.0.0.1"' in answer.body


@BOTH
async def test_it_is_not_asked_of_a_proxy_behind(
    tmp_path: Path, home: Path, sim: Simulator, url: str
) -> None:
    """In mode upstream, too, each proxy speaks for itself."""
    async with running_road(
        tmp_path, sim, modes=(f"upstream:http://{sim.address}:{sim.plain_port}",)
    ) as road:
        async with road.client() as client:
            answer = await client.get(url)
        assert await untouched(road)

    assert answer.status_code == 200


async def test_the_certificate_is_for_this_name_alone(road: Road) -> None:
    """Not for what lies under it: that is nobody's, and is tunnelled to nowhere."""
    async with road.client() as client:
        with pytest.raises((httpx.ProxyError, ssl.SSLError)):
            await client.get("https://other.tollway.internal/whoami")

    assert road.sim.seen == []


async def test_a_key_of_tollways_says_whose_it_is(roads: Roads) -> None:
    """Wherever it would be shown to a provider."""
    async with roads("identity: [{virtual_keys: true}]\n") as road, road.client() as client:
        text = given(road, user="ann")
        known = await client.get(HTTP, headers={"x-api-key": text})
        nobody = await client.get(HTTP)

    assert (known.json()["user"], known.json()["identity"]) == ("ann", "virtual_keys")
    assert (nobody.json()["known"], nobody.json()["may_call"]) == (False, False)
