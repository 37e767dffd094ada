"""Going to a proxy, and asking it who asks."""

import asyncio
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from pathlib import Path

from tests.tollway.identified import Roads, forged, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.proxies import answer, saying, served
from tests.tollway.road import Road
from tests.tollway.symptoms.ways import SECONDS, over_tls, way
from tollway.diagnosis.proxy import Contact, Silence
from tollway.identity.whoami import Untold, Whoami
from tollway.symptoms.contact import asked, reach


async def contact(url: str, seconds: float = SECONDS) -> Contact:
    """What it says."""
    return await asked(way(url), ssl.create_default_context(), seconds)


async def test_a_proxy_that_is_there_is_reached(road: Road, tmp_path: Path) -> None:
    assert await reach(way(road.proxy.url), SECONDS) is None
    async with over_tls(road, tmp_path / "front") as (url, root):
        assert await reach(way(url, root), SECONDS) is None


async def test_a_certificate_of_the_proxy_itself_that_is_not_trusted_is_told(
    road: Road, tmp_path: Path
) -> None:
    async with over_tls(road, tmp_path / "front") as (url, _):
        found = await reach(way(url), SECONDS)

    assert found is not None
    assert found.untrusted
    assert (found.unreachable or "").startswith("its certificate is not trusted: ")


async def test_where_nobody_listens_the_system_says_why() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        found = await reach(way(f"http://127.0.0.1:{taken.getsockname()[1]}"), SECONDS)

    assert found == Contact(unreachable="Connection refused")


async def test_a_proxy_that_does_not_shake_hands_is_not_waited_for(tmp_path: Path) -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read()

    async with served(serve) as url:
        found = await reach(way(url.replace("http", "https")), 0.05)

    assert found == Contact(unreachable="it did not take the connection within 0.05 s")


async def test_a_tollway_says_who_one_is(roads: Roads, provider: Provider) -> None:
    async with roads(proxy_jwt(provider)) as road:
        known = await contact(road.proxy.url.replace("://", f"://jwt:{token(provider)}@"))
        stranger = await contact(road.proxy.url)
        refused = await contact(road.proxy.url.replace("://", f"://jwt:{forged(provider)}@"))

    assert isinstance(known.answer, Whoami)
    assert known.answer.user == "ann@example.com"
    assert isinstance(stranger.answer, Whoami)
    assert not stranger.answer.may_call
    assert isinstance(refused.answer, Silence)
    assert refused.answer.why is Untold.REFUSED


async def test_what_is_no_tollway_is_told() -> None:
    async with saying(answer(400, "no")) as other:
        found = await contact(other.url)

    assert isinstance(found.answer, Silence)
    assert found.answer.why is Untold.FOREIGN


async def test_an_answer_that_drips_is_not_waited_for() -> None:
    """However alive it looks."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X: y\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with served(serve) as url:
        found = await contact(url, 0.101234)

    assert isinstance(found.answer, Silence)
    assert found.answer.why is Untold.LATE
    assert found.answer.text.endswith("did not answer within 0.1 s")
