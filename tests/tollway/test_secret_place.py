"""Where a secret is handed in."""

import os
from pathlib import Path

import pytest

from tollway.errors import TollwayError
from tollway.secret_place import LARGEST, SecretPlace


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"secret")
    place = SecretPlace.of(f"file:{tmp_path}/key")

    assert place.read({}) == b"secret"
    assert place.path({}) == tmp_path / "key"


def test_a_credential_is_where_systemd_says(tmp_path: Path) -> None:
    (tmp_path / "ca-key").write_bytes(b"secret")
    place = SecretPlace.of("credential:ca-key")

    assert place.read({"CREDENTIALS_DIRECTORY": str(tmp_path)}) == b"secret"
    with pytest.raises(TollwayError, match=r"credential:ca-key: CREDENTIALS_DIRECTORY is not set.*LoadCred"):
        place.read({})


def test_a_descriptor_is_read_to_its_end_and_closed() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"secret")
    os.close(theirs)

    assert SecretPlace.of(f"fd:{ours}").read({}) == b"secret"
    assert SecretPlace.of("fd:3").path({}) is None
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(ours)


def test_a_file_that_processes_share_is_read_from_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"secret")
    first = os.open(tmp_path / "key", os.O_RDONLY)
    second = os.dup(first)

    assert [SecretPlace.of(f"fd:{each}").read({}) for each in (first, second)] == [b"secret"] * 2


def test_who_reads_a_file_that_processes_share_moves_nobodys_place_in_it(tmp_path: Path) -> None:
    """They have one place between them: of two that read at once, the second would find the end."""
    (tmp_path / "key").write_bytes(b"secret")
    first = os.open(tmp_path / "key", os.O_RDONLY)
    second = os.dup(first)
    os.lseek(first, 2, os.SEEK_SET)

    assert SecretPlace.of(f"fd:{second}").read({}) == b"secret"
    assert os.read(first, 9) == b"cret"
    os.close(first)


@pytest.mark.parametrize(
    "text", ["secret", "fd:", "fd:three", "fd:-1", "credential:../x", "credential:..", "s3:x"]
)
def test_what_says_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"it says where the secret is|no file desc|no credential"):
        SecretPlace.of(text)


def test_what_may_be_the_secret_itself_is_not_repeated() -> None:
    with pytest.raises(ValueError, match=r"^it says where the secret is: file:PATH") as caught:
        SecretPlace.of("-----BEGIN PRIVATE KEY-----")

    assert "BEGIN" not in str(caught.value)


def test_what_is_not_there_or_no_secrets_size_is_told_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(b"s" * (LARGEST + 1))

    for name, why in (
        ("none", "No such file"),
        ("empty", "0 bytes"),
        ("large", f"not between 1 and {LARGEST}"),
    ):
        with pytest.raises(TollwayError, match=f"file:{tmp_path}/{name}: .*{why}"):
            SecretPlace.of(f"file:{tmp_path}/{name}").read({})
    with pytest.raises(TollwayError, match="fd:9999999: Bad file descriptor"):
        SecretPlace.of("fd:9999999").read({})
