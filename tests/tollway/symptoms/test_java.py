"""What Java would make of the proxy."""

import stat
from pathlib import Path

import pytest

from tests.tollway.ca.clients import tool
from tests.tollway.road import Road
from tests.tollway.symptoms.ways import SECONDS, bare, way
from tollway import paths
from tollway.ca import keystore, store
from tollway.diagnosis.trust import Outcome
from tollway.symptoms.java import asked


@pytest.fixture
def user(tmp_path: Path) -> dict[str, str]:
    """An environment with a Java that is never run."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    (tmp_path / "bin" / "java").chmod(stat.S_IRWXU)
    return {**bare(tmp_path / "user"), "PATH": str(tmp_path / "bin")}


async def test_a_store_with_the_root_is_trusted(road: Road, user: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "trust.p12"
    keystore.write(file, [], store.root_path(paths.data_dir() / "ca").read_bytes())
    options = f"-Djavax.net.ssl.trustStore={file} -Dhttps.proxyHost=127.0.0.1"

    found = await asked(way(road.proxy.url), {**user, "JAVA_TOOL_OPTIONS": options}, SECONDS)

    assert (found.outcome, found.said, found.roots) == (Outcome.ACCEPTED, "", str(file))
    assert found.past is None


async def test_javas_own_store_is_not(road: Road, tmp_path: Path) -> None:
    tool("java")

    found = await asked(way(road.proxy.url), bare(tmp_path / "user"), SECONDS)

    assert found.outcome is Outcome.REFUSED
    assert found.roots.endswith("cacerts")
    assert found.past is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file or directory"), (b"x", "it is no JKS or PKCS12 store of this password")],
    ids=["missing", "broken"],
)
async def test_a_store_that_can_not_be_read_is_why_calls_fail(
    road: Road, user: dict[str, str], tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "trust.p12"
    if content is not None:
        file.write_bytes(content)
    options = f"-Djavax.net.ssl.trustStore={file}"

    found = await asked(way(road.proxy.url), {**user, "JAVA_TOOL_OPTIONS": options}, SECONDS)

    assert (found.outcome, found.said) == (Outcome.FAILED, said)


async def test_an_empty_store_trusts_nobody(road: Road, user: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "trust.jks"
    file.write_bytes(b"\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x00")
    options = f"-Djavax.net.ssl.trustStore={file}"

    found = await asked(way(road.proxy.url), {**user, "JAVA_TOOL_OPTIONS": options}, SECONDS)

    assert found.outcome is Outcome.REFUSED


async def test_where_there_is_no_java_it_is_absent(road: Road, tmp_path: Path) -> None:
    found = await asked(way(road.proxy.url), {**bare(tmp_path / "u"), "PATH": str(tmp_path)}, SECONDS)

    assert found.outcome is Outcome.ABSENT
