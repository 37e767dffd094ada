"""Asking a proxy who one is: a Tollway, one that refuses, and what is none."""

import asyncio
import socket
import ssl

import pytest

from tests.simulator import Simulator
from tests.tollway.identified import Roads, basic, forged, given, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.proxies import answer, saying
from tollway.asking import URL, NoAnswer, ask
from tollway.environment.upstream import upstream
from tollway.errors import TollwayError
from tollway.identity.whoami import Untold, Whoami

SECRET = "made-up-" + "s" * 20


def trust(simulator: Simulator | None = None) -> ssl.SSLContext:
    """What the asker trusts."""
    return ssl.create_default_context(cafile=str(simulator.root_ca) if simulator else None)


async def asked(url: str, roots: ssl.SSLContext | None = None) -> Whoami:
    """What it says."""
    return await asyncio.to_thread(ask, upstream(url), roots or trust())


async def refused(url: str) -> str:
    """Why there is no answer."""
    with pytest.raises(TollwayError) as error:
        await asked(url)
    assert SECRET not in str(error.value)
    assert basic("jwt", SECRET).removeprefix("Basic ") not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("form", ["jwt:{}@", "{}:@", "{}@"], ids=["password", "user", "user alone"])
async def test_the_credentials_are_those_of_the_proxys_url(
    roads: Roads, provider: Provider, form: str
) -> None:
    async with roads(proxy_jwt(provider)) as road:
        who = await asked(road.proxy.url.replace("://", "://" + form.format(token(provider))))

    assert (who.user, who.team, who.identity) == ("ann@example.com", "search", "proxy_jwt")


async def test_a_stranger_is_told_so(roads: Roads, provider: Provider) -> None:
    async with roads(proxy_jwt(provider)) as road:
        who = await asked(road.proxy.url)

    assert (who.known, who.may_call) == (False, False)


async def test_a_token_that_is_not_taken_is_an_error_in_the_proxys_words(
    roads: Roads, provider: Provider
) -> None:
    text = forged(provider)
    async with roads(proxy_jwt(provider)) as road:
        with pytest.raises(TollwayError) as error:
            await asked(road.proxy.url.replace("://", f"://jwt:{text}@"))

    assert f"127.0.0.1:{road.proxy.port} refuses these credentials (401): Tollway did not accept" in str(
        error.value
    )
    assert text not in str(error.value)


async def test_it_is_asked_as_a_proxy_is(provider: Provider) -> None:
    """What stands in a URL may be coded; what was shown to the proxy is in its own header alone."""
    async with saying(answer(200, '{"known": true, "address": "::1", "may_call": true, "new": 1}')) as other:
        who = await asked(other.url.replace("://", "://a%40b:p%3Aq@"))

    (head,) = other.heads
    assert (who.known, who.address, who.groups) == (True, "::1", ())
    assert head.startswith(f"GET {URL} HTTP/1.1\r\n")
    assert f"Proxy-Authorization: {basic('a@b', 'p:q')}\r\n" in head.replace("authorization", "Authorization")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            answer(502, "Bad Gateway"),
            "or one of an older version: it answered with status 502",
        ),
        (answer(403, "<html>", "text/html"), "it answered with status 403"),
        (answer(302, ""), "it answered with status 302"),
        (answer(200, "<html>hello</html>", "text/html"), "its answer is none of Tollway's"),
        (answer(200, '{"known": 1}', "application/json"), "its answer is none of Tollway's"),
        (answer(200, "x" * (2 << 20)), "its answer is none of Tollway's"),
        (b"220 mail.example ESMTP\r\n", "its answer is none of Tollway's"),
        (b"", "its answer is none of Tollway's"),
        (answer(407, "say\n who \x1b[31myou are"), "refuses these credentials (407): say who [31myou are"),
        (answer(407, f"not {SECRET}!"), "refuses these credentials (407): not ...!"),
        (answer(407, basic("jwt", SECRET)), "refuses these credentials (407): Basic ..."),
        (answer(407, "<html>", "text/html"), "refuses these credentials (407)"),
        (answer(503, '{"error": {"message": "no keys"}}'), "can't say at the moment (503): no keys"),
        (answer(407, ""), "refuses these credentials (407)"),
        (answer(407, "y" * 1000), "refuses these credentials (407): " + "y" * 400),
    ],
    ids=lambda value: value[:40].decode() if isinstance(value, bytes) else "",
)
async def test_what_is_no_tollway_is_named(said: bytes, told: str) -> None:
    async with saying(said) as other:
        error = await refused(other.url.replace("://", f"://jwt:{SECRET}@"))

    assert error.startswith(f"127.0.0.1:{other.port} ")
    assert error.endswith(told)


async def test_where_nobody_listens_the_system_says_why() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        port = taken.getsockname()[1]
        error = await refused(f"http://jwt:{SECRET}@127.0.0.1:{port}")

    assert error == f"127.0.0.1:{port} can't be reached: Connection refused"


async def test_who_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tollway.asking.SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        error = await refused(f"http://jwt:{SECRET}@127.0.0.1:{port}")

    assert error in (
        f"127.0.0.1:{port} did not answer within 0.05 s",
        f"127.0.0.1:{port} can't be reached: timed out",
    )


async def test_a_proxy_may_be_reached_over_tls(sim: Simulator) -> None:
    """Its certificate is checked before anything is shown to it."""
    url = f"https://jwt:{SECRET}@{sim.address}:{sim.port}"

    untrusted = await refused(url)
    with pytest.raises(TollwayError) as other:
        await asked(url, trust(sim))

    assert "can't be reached: its certificate is not trusted: " in untrusted
    assert str(other.value).endswith("it answered with status 404")
    assert [seen.header("proxy-authorization") for seen in sim.seen] == [basic("jwt", SECRET)]


async def test_a_key_of_tollways_is_shown_in_a_tunnel(roads: Roads) -> None:
    async with roads("identity: [{virtual_keys: true}]\n") as road:
        text = given(road, user="ann")
        who = await asyncio.to_thread(ask, upstream(road.proxy.url), road.trust(), text)
        with pytest.raises(TollwayError, match="certificate is not trusted"):
            await asyncio.to_thread(ask, upstream(road.proxy.url), trust(), text)

    assert (who.user, who.identity) == ("ann", "virtual_keys")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(407, "who?"), Untold.REFUSED),
        (answer(401, "who?"), Untold.REFUSED),
        (answer(503, "later"), Untold.UNSURE),
        (answer(404, "no"), Untold.FOREIGN),
        (b"", Untold.FOREIGN),
    ],
    ids=["407", "401", "503", "404", "nothing"],
)
async def test_programs_are_told_why_there_is_no_answer(said: bytes, why: Untold) -> None:
    async with saying(said) as other:
        with pytest.raises(NoAnswer) as error:
            await asked(other.url)

    assert error.value.why is why


async def test_how_long_is_waited_can_be_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = upstream(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(NoAnswer, match=r"timed out|did not answer within 0\.05 s") as error:
            await asyncio.to_thread(ask, proxy, trust(), seconds=0.05)

    assert error.value.why in (Untold.LATE, Untold.UNREACHABLE)
