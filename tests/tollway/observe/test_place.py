"""Where the admin address is (sockets as a listener has them: test_admin.py)."""

import socket
import stat
from pathlib import Path

import pytest

from tollway.observe.place import inode, listening, shown


def test_a_port_is_shown_as_a_url_and_a_socket_as_it_is_asked_for() -> None:
    assert shown(("::1", 9464)) == "http://[::1]:9464"
    assert shown(Path("/run/tollway/admin.sock")) == "unix:/run/tollway/admin.sock"


def test_a_socket_listens_for_its_owner_and_group(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    with listening(path), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_a_file_is_told_from_the_one_that_takes_its_place(tmp_path: Path) -> None:
    path, other = tmp_path / "one", tmp_path / "two"
    assert inode(path) is None
    path.write_text("1")
    other.write_text("2")
    before = inode(path)
    other.replace(path)

    assert before is not None
    assert inode(path) not in (None, before)


def test_a_path_that_is_too_long_for_a_socket_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too long"):
        listening(tmp_path / ("x" * 200))
