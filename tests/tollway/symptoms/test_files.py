"""What trusts the roots of a file."""

import stat
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.tollway.road import Road
from tests.tollway.symptoms.ways import SECONDS, bare, way
from tollway import paths
from tollway.ca import store
from tollway.ca.roots import system_roots
from tollway.diagnosis.trust import Outcome, View
from tollway.symptoms.files import READERS, asked, trusted

BY_NAME = {each.name: each for each in READERS}
ANY = READERS[0].name


async def view(name: str, road: Road, environment: dict[str, str], seconds: float = SECONDS) -> View | None:
    """What one makes of the proxy of a test."""
    return await asked(BY_NAME[name], way(road.proxy.url), environment, seconds)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
async def test_a_file_with_the_root_is_trusted_and_one_without_is_not(
    road: Road, tmp_path: Path, reader: object
) -> None:
    name = reader.name  # type: ignore[attr-defined]
    variable = BY_NAME[name].variables[0]
    root = str(store.root_path(paths.data_dir() / "ca"))

    good = await view(name, road, {**bare(tmp_path / "user"), variable: root})
    bad = await view(name, road, {**bare(tmp_path / "user"), variable: str(system_roots())})

    assert good == View(runtime=name, outcome=Outcome.ACCEPTED, roots=variable)
    assert bad is not None
    assert (bad.outcome, bad.roots) == (Outcome.REFUSED, variable)
    assert bad.said == "unable to get local issuer certificate"


async def test_without_a_variable_the_systems_roots_count(road: Road, tmp_path: Path) -> None:
    found = await view(ANY, road, bare(tmp_path / "user"))

    assert found is not None
    assert found.outcome is Outcome.REFUSED
    assert found.roots == f"the system's roots: {system_roots()}"


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file or directory"), ("no certificate", "no certificate or crl found")],
    ids=["missing", "empty"],
)
async def test_a_file_that_can_not_be_used_is_why_calls_fail(
    road: Road, tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "roots.pem"
    if content is not None:
        file.write_text(content)

    found = await view(ANY, road, {**bare(tmp_path / "user"), "SSL_CERT_FILE": str(file)})

    assert found is not None
    assert found.outcome is Outcome.FAILED
    assert said.lower() in found.said.lower()


async def test_what_is_not_here_is_absent_and_what_nothing_names_is_not_spoken_of(
    road: Road, tmp_path: Path
) -> None:
    environment = {**bare(tmp_path / "user"), "PATH": str(tmp_path)}

    assert await view("Deno", road, environment) == View(runtime="Deno", outcome=Outcome.ABSENT)
    assert await view("Codex", road, environment) is None


async def test_what_is_here_and_has_roots_of_its_own_refuses(road: Road, tmp_path: Path) -> None:
    (tmp_path / "deno").touch()
    (tmp_path / "deno").chmod(stat.S_IRWXU)

    found = await view("Deno", road, {**bare(tmp_path / "user"), "PATH": str(tmp_path)})

    assert found is not None
    assert (found.outcome, found.said) == (Outcome.REFUSED, "DENO_CERT is not set")


async def test_roots_that_take_too_long_are_late(road: Road) -> None:
    """The name is looked up in a thread that may hang."""
    hangs = threading.Event()

    outcome = await trusted(way(road.proxy.url), partial(hangs.wait), 0.05)  # type: ignore[arg-type]

    hangs.set()
    assert outcome == (Outcome.LATE, "")
