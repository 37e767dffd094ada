"""`--admin` and what goes with it."""

import re
from pathlib import Path

import click
import pytest

from tollway.cli.admin_options import VARIABLE, entrance, parse_admin, token
from tollway.errors import TollwayError
from tollway.observe.door import Door, Entrance, door

TOKEN = "made-up-token-of-32-characters-x"
OPEN = ("0.0.0.0", 9464)
HERE = ("127.0.0.1", 9464)


@pytest.mark.parametrize("text", ["127.0.0.1:9464", "[::1]:0", "localhost:9464"])
def test_metrics_are_for_this_machine(text: str) -> None:
    place = parse_admin(text)
    assert isinstance(place, tuple)
    host, port = place

    assert door(place, None).digest is None
    assert f"{host}:{port}" == text.replace("[", "").replace("]", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.0.0.0:9464", "'0.0.0.0' can be reached from other machines"),
        ("[::]:9464", "'::' can be reached from other machines"),
        ("10.0.0.1:9464", "write 127.0.0.1, "),
        ("metrics.example.com:9464", "can be reached from other machines"),
        ("9464", "is not HOST:PORT"),
        ("127.0.0.1:99999", "is not HOST:PORT"),
    ],
)
def test_an_address_that_others_reach_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        door(parse_admin(text), None)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("unix:/run/tollway/admin.sock", "/run/tollway/admin.sock"),
        ("unix:///run/tollway/admin.sock", "/run/tollway/admin.sock"),
        ("unix:admin.sock", str(Path("admin.sock").absolute())),
    ],
)
def test_a_socket_is_named_by_its_path(text: str, path: str) -> None:
    assert parse_admin(text) == Path(path)
    assert door(parse_admin(text), None) == Door(by_name=False)


@pytest.mark.parametrize("text", ["unix:", "unix:/run/tollway/"])
def test_a_socket_without_a_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no file \(for example unix:/run/tollway/admin.sock\)"):
        parse_admin(text)


def test_an_address_that_others_reach_needs_a_token_of_a_file_or_a_variable(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")

    with pytest.raises(click.BadParameter, match=r"can be reached .*--admin-token-file FILE, .*TOLLWAY_AD"):
        entrance(OPEN, None, False, {})

    by_file, by_variable = entrance(OPEN, file, False, {}), entrance(OPEN, None, False, {VARIABLE: TOKEN})
    assert by_file == by_variable == Entrance(OPEN, door(OPEN, TOKEN))
    assert TOKEN not in repr(by_file)


def test_the_variable_may_name_a_credential_of_systemds(tmp_path: Path) -> None:
    (tmp_path / "admin-token").write_text(f"{TOKEN}\n")
    environment = {VARIABLE: "credential:admin-token", "CREDENTIALS_DIRECTORY": str(tmp_path)}

    assert token(None, environment) == TOKEN
    with pytest.raises(TollwayError, match="CREDENTIALS_DIRECTORY is not set"):
        token(None, {VARIABLE: "credential:admin-token"})


def test_the_file_goes_before_the_variable(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)

    assert token(file, {VARIABLE: "x" * 20}) == TOKEN


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "has 0 characters, and needs from 16 to 512"),
        ("made-up-short", "has 13 characters"),
        ("x" * 513, "has 513 characters"),
        ("made-up token of several words", "has characters that no header may have"),
        ("made-up-tökën-of-a-poet", "has characters that no header may have"),
    ],
)
def test_a_token_that_is_none_is_refused_and_not_shown(said: str, why: str) -> None:
    with pytest.raises(click.UsageError, match=re.escape(why)) as refused:
        entrance(OPEN, None, False, {VARIABLE: said})

    assert str(refused.value).startswith(f"{VARIABLE}: ")
    assert not said or said not in str(refused.value)


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match=r"--admin-token-file .+/none: can't be read: No such file"):
        token(tmp_path / "none", {})
    (tmp_path / "bytes").write_bytes(b"\xff\xfe" * 20)
    with pytest.raises(click.UsageError, match="is no text"):
        token(tmp_path / "bytes", {})


def test_without_an_address_there_is_none_and_nothing_to_go_with_it(tmp_path: Path) -> None:
    assert entrance(None, None, False, {VARIABLE: TOKEN}) is None
    for file, probes in ((tmp_path, False), (None, True)):
        with pytest.raises(click.UsageError, match="need --admin"):
            entrance(None, file, probes, {})


def test_a_token_holds_on_this_machine_too_and_not_at_a_socket() -> None:
    here, socket = (entrance(place, None, False, {VARIABLE: TOKEN}) for place in (HERE, Path("/a.sock")))

    assert here is not None
    assert here.door.digest is not None
    assert socket is not None
    assert socket.door.digest is None
