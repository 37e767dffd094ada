"""`tollway ca rotate` and `retire`."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tollway import clock
from tollway.ca import pem, store
from tollway.cli.ca import command
from tollway.errors import TollwayError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "ca"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, words, catch_exceptions=False)


def shown(*words: str) -> Any:
    result = run(*words, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_authority_is_replaced_in_two_steps(folder: Path) -> None:
    first = shown("init")["id"]

    made = shown("rotate")
    between = shown("show")
    fresh = made["next"]["id"]

    assert made["trusted"] == between["trusted"] == [first, fresh]
    assert (between["id"], between["next"]) == (first, made["next"])
    begins = datetime.fromisoformat(made["next"]["signs_from"])
    assert 6 < (begins - clock.utc(clock.now())).total_seconds() / 86_400 < 7
    with pytest.raises(TollwayError, match="clients would be cut off"):
        run("retire")


def test_one_that_signs_at_once_lets_the_former_one_be_retired(folder: Path) -> None:
    first = shown("init")["id"]
    run("bundle")
    fresh = shown("rotate", "--from", "0d")["next"]["id"]
    standing = shown("show")
    trusted = pem.decode(store.root_path(folder).read_bytes())
    assert len(trusted) == 2
    assert pem.decode((folder / "bundle.pem").read_bytes())[-2:] == trusted

    done = shown("retire")

    assert (standing["id"], standing["key"]) == (fresh, str(store.next_path(folder)))
    assert (done["retired"]["id"], done["trusted"]) == (first, [fresh])
    assert shown("show")["trusted"] == [fresh]
    assert pem.decode((folder / "bundle.pem").read_bytes())[-1:] == pem.decode(
        store.root_path(folder).read_bytes()
    )


def test_what_to_do_now_is_told(folder: Path) -> None:
    first = shown("init")["id"]
    told = run("rotate", "--from", "0d")
    fresh = shown("show")["next"]["id"]
    retired = run("retire")

    assert f"{fresh} signs from " in told.stdout
    assert f"ca/tollway-ca-{fresh}.pem" in told.stdout
    assert "`tollway ca retire`" in told.stdout
    assert f"{first} is retired" in retired.stdout


def test_systems_are_told_to_trust_both_and_people_see_it(folder: Path) -> None:
    first = shown("init")["id"]
    fresh = shown("rotate")["next"]["id"]
    text, asked = run("trust", "--for", "debian").stdout, shown("trust", "--for", "debian")

    for each in (first, fresh):
        assert f"tollway-ca-{each}.pem" in text
        assert f"tollway-{each}.crt" in text
    assert len(asked["trust"]) == 4
    people = run("show").stdout
    assert f"next         {fresh}, signs from " in people
    assert f"trusted      {first}, {fresh}\n" in people


def test_a_key_goes_where_it_is_told_to(folder: Path, tmp_path: Path) -> None:
    piped = run("init", "--key-to", "-")
    named = run("rotate", "--key-to", str(tmp_path / "next.key"))

    assert piped.stdout.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert "key          not here" in piped.stderr
    assert (tmp_path / "next.key").stat().st_mode & 0o777 == 0o600
    assert "Add its key to what --ca-key names" in named.stdout
    assert not [path for path in folder.iterdir() if b"PRIVATE" in path.read_bytes()]
    assert shown("show")["key"] is None
    with pytest.raises(TollwayError, match=r"next\.key: File exists: name a new file"):
        run("rotate", "--key-to", str(tmp_path / "next.key"))


def test_json_of_a_rotation_leaves_standard_output_to_the_key(folder: Path) -> None:
    run("init")
    piped = run("rotate", "--key-to", "-", "--format", "json")

    assert piped.stdout.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert json.loads(piped.stderr)["next"]["id"] == shown("show")["next"]["id"]


def test_a_time_that_is_none_is_wrong_use(folder: Path) -> None:
    run("init")

    assert run("rotate", "--from", "soon").exit_code == 2
    assert not store.next_path(folder).exists()
