"""A private file comes into its place whole, or not at all."""

import os
import stat
from pathlib import Path

import pytest

from tollway.private_file import fresh_file


def test_a_renamed_file_stays_for_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "key"
    with fresh_file(tmp_path, b"secret") as fresh:
        os.replace(fresh, target)

    assert target.read_bytes() == b"secret"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_linked_file_keeps_only_the_link(tmp_path: Path) -> None:
    with fresh_file(tmp_path, b"secret") as fresh:
        os.link(fresh, tmp_path / "key")

    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_nothing_stays_of_a_file_that_found_no_place(tmp_path: Path) -> None:
    with pytest.raises(KeyError), fresh_file(tmp_path, b"secret"):
        raise KeyError

    assert list(tmp_path.iterdir()) == []


def test_two_at_once_are_two(tmp_path: Path) -> None:
    with fresh_file(tmp_path, b"a") as one, fresh_file(tmp_path, b"b") as other:
        assert (one.read_bytes(), other.read_bytes()) == (b"a", b"b")


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), fresh_file(tmp_path / "none", b""):
        pass
