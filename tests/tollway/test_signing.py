"""What signs the leaves of a running proxy."""

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.simulator import Simulator
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock, paths
from tollway.ca import record, rotation, store
from tollway.errors import TollwayError
from tollway.secret_place import SecretPlace
from tollway.signing import KeyPlace, Signing

HOST = "api.openai.com"
WEEK = timedelta(days=7)


class Times:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = clock.utc(clock.now())

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "ca"


@pytest.fixture
def times() -> Times:
    return Times()


def issuer(signing: Signing) -> str:
    """The id of the authority of a leaf."""
    return signing.entry(HOST).cert.issuer.rfc4514_string().partition("Issuer ")[2][:8]


async def test_the_one_that_signs_next_is_known_before_anybody_comes(folder: Path, times: Times) -> None:
    signing = Signing(folder, [HOST], times)
    first = signing.due().id
    fresh, _ = rotation.rotate(folder, [HOST], times.now, times.now + WEEK)
    await signing.reload()
    assert signing.due().id == first != fresh.id

    times.now += WEEK

    assert (signing.due().id, signing.authority.id) == (fresh.id, first)


async def test_the_next_one_signs_at_its_time_and_leaves_of_the_former_one_are_forgotten(
    folder: Path, times: Times, caplog: pytest.LogCaptureFixture
) -> None:
    signing = Signing(folder, [HOST], times)
    before = signing.entry(HOST)
    fresh, _ = rotation.rotate(folder, [HOST], times.now, times.now + WEEK)
    first = signing.authority.id

    with caplog.at_level(logging.INFO):
        await signing.reload()
    assert f"{fresh.id} signs from {rotation.at(times.now + WEEK)} on" in caplog.text
    assert signing.anchors().ids == (first, fresh.id)
    assert signing.entry(HOST) is before

    times.now += WEEK
    assert issuer(signing) == fresh.id == signing.authority.id
    assert signing.anchors().ids == (fresh.id, first)
    assert f"{fresh.id} signs from now on" in caplog.text
    rotation.retire(folder, times.now)
    await signing.reload()
    assert signing.anchors().ids == (fresh.id,)
    assert issuer(signing) == fresh.id


async def test_a_file_that_changes_is_read_without_being_asked(folder: Path, times: Times) -> None:
    signing = Signing(folder, [HOST], times, look_seconds=0.01)
    watching = asyncio.ensure_future(signing.run())
    fresh, _ = rotation.rotate(folder, [HOST], times.now, times.now)

    async with asyncio.timeout(60):
        while signing.anchors().first.id != fresh.id:
            await asyncio.sleep(0.01)
    watching.cancel()


async def test_who_asks_has_it_read_at_once(folder: Path, times: Times) -> None:
    """A fleet's folder is copied, and then the policy is read again."""
    signing = Signing(folder, [HOST], times, look_seconds=3600)
    watching = asyncio.ensure_future(signing.run())
    fresh, _ = rotation.rotate(folder, [HOST], times.now, times.now)
    signing.ask()

    async with asyncio.timeout(60):
        while signing.anchors().first.id != fresh.id:
            await asyncio.sleep(0)
    watching.cancel()


async def test_files_that_can_not_be_used_change_nothing(
    folder: Path, times: Times, caplog: pytest.LogCaptureFixture
) -> None:
    signing = Signing(folder, [HOST], times)
    first = signing.authority.id
    store.secret_path(folder).write_bytes(b"broken")
    await signing.reload()

    assert "was not read anew, the former one goes on" in caplog.text
    assert "authority.pem: it should hold" in caplog.text
    store.secret_path(folder).unlink()
    await signing.reload()
    assert issuer(signing) == signing.anchors().id == first


async def test_keys_that_are_elsewhere_are_read_anew_with_the_rest(
    folder: Path, times: Times, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys: list[bytes] = []
    file = tmp_path / "ca-key"
    store.renew(folder, [HOST], times.now, keys.append)
    file.write_bytes(b"".join(keys))
    place = KeyPlace(SecretPlace.of("credential:ca-key"), {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    signing = Signing(folder, [], times, place)
    first = issuer(signing)

    fresh, _ = rotation.rotate(folder, [HOST], times.now, times.now + WEEK, keys.append)
    await signing.reload()
    assert f"the key of the certificate authority {fresh.id} is not at hand" in caplog.text
    times.now += WEEK
    assert issuer(signing) == first

    file.write_bytes(b"".join(keys))
    await signing.reload()
    assert issuer(signing) == fresh.id


async def test_a_descriptor_is_read_once(folder: Path, times: Times) -> None:
    keys: list[bytes] = []
    store.renew(folder, [HOST], times.now, keys.append)
    ours, theirs = os.pipe()
    os.write(theirs, keys[0])
    os.close(theirs)
    signing = Signing(folder, [], times, KeyPlace(SecretPlace.of(f"fd:{ours}"), {}))

    before = signing.anchors().id
    await signing.reload()

    assert issuer(signing) == before


def test_none_is_made_whose_key_would_be_where_it_is_not_to_be(
    folder: Path, times: Times, tmp_path: Path
) -> None:
    (tmp_path / "key").write_bytes(b"none")
    place = KeyPlace(SecretPlace.of(f"file:{tmp_path}/key"), {})

    with pytest.raises(TollwayError, match=f"--ca-key file:{tmp_path}/key: it holds no private key"):
        Signing(folder, [HOST], times, place)
    keys: list[bytes] = []
    store.renew(tmp_path / "other", [HOST], times.now, keys.append)
    (tmp_path / "key").write_bytes(keys[0])
    with pytest.raises(TollwayError, match="`tollway ca init --key-to FILE` makes one"):
        Signing(folder, [HOST], times, place)
    assert not folder.exists()


def test_a_key_that_fits_no_authority_ends_the_start(folder: Path, times: Times, tmp_path: Path) -> None:
    made, _ = store.renew(folder, [HOST], times.now, lambda key: None)
    other = store.load_or_make(tmp_path / "other", [HOST], times.now)
    (tmp_path / "key").write_bytes(record.key_pem(other))

    with pytest.raises(
        TollwayError, match=f"key of the certificate authority {made.id} is not in its folder"
    ):
        Signing(folder, [HOST], times, KeyPlace(SecretPlace.of(f"file:{tmp_path}/key"), {}))


@pytest.fixture
async def road(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    async with running_road(tmp_path, sim, hosts=(HOST,)) as road:
        yield road


async def test_a_running_proxy_goes_over_without_breaking_a_connection_off(
    road: Road, tmp_path: Path
) -> None:
    """What was open stays open; who trusts both goes on; who has the former root alone had a week's time."""
    folder, now = paths.data_dir() / "ca", clock.utc(clock.now())
    old = tmp_path / "old.pem"
    old.write_bytes(store.root_path(folder).read_bytes())

    def client(roots: Path) -> httpx.AsyncClient:
        trust = ssl.create_default_context(cafile=str(roots))
        return httpx.AsyncClient(proxy=road.proxy.url, verify=trust, timeout=120)

    url = f"https://{HOST}/v1/models"
    async with client(old) as open_before, client(old) as comes_late:
        assert (await open_before.get(url)).status_code == 200
        rotation.rotate(folder, road.proxy.authority.permitted, now, now)
        await road.proxy.signing.reload()

        assert (await open_before.get(url)).status_code == 200
        async with client(store.root_path(folder)) as trusts_both:
            assert (await trusts_both.get(url)).status_code == 200
            told = await trusts_both.get("http://tollway.internal/ca.pem")
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await comes_late.get(url)
    assert told.content == store.root_path(folder).read_bytes()
