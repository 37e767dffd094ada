"""Policies as files."""

from pathlib import Path

import pytest

from tollway.errors import PolicyError
from tollway.policy.schema import Policy
from tollway.policy_file import MOST_BYTES, read_policy


def said(path: Path) -> str:
    """What is wrong with a policy file."""
    with pytest.raises(PolicyError) as caught:
        read_policy(path)
    return str(caught.value)


def test_a_named_file_is_read(tmp_path: Path) -> None:
    """With its name in front of its mistakes."""
    path = tmp_path / "team.yaml"
    path.write_text("version: 1\ntimezone: Europe/Berlin\n")
    assert read_policy(path).timezone == "Europe/Berlin"

    path.write_text("version: 2\n")
    assert said(path).startswith(f"{path}:1:10: version: ")


def test_without_a_name_it_is_the_users_or_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the user has no policy, everything is metered and nothing refused."""
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path))
    assert read_policy(None) == Policy(version=1)

    (tmp_path / "policy.yaml").write_text("version: 1\nfaults: {abandoned: close}\n")
    assert read_policy(None).faults.abandoned == "close"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, or a folder."""
    assert said(tmp_path / "no.yaml") == f"{tmp_path}/no.yaml: can't be read: No such file or directory"
    assert said(tmp_path) == f"{tmp_path}: can't be read: Is a directory"


def test_bytes_that_are_no_text_are_placed(tmp_path: Path) -> None:
    """The line and column of the first byte that is not UTF-8."""
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"version: 1\n# gr\xfc\xdfe\n")

    assert said(path) == f"{path}:2:5: is not UTF-8: the byte 0xfc; save the file as UTF-8"


def test_a_policy_is_no_longer_than_its_bound(tmp_path: Path) -> None:
    """A gigabyte is not even read."""
    path = tmp_path / "long.yaml"
    path.write_bytes(b"version: 1\n" + b"#" * (MOST_BYTES - 11))
    assert read_policy(path) == Policy(version=1)

    path.write_bytes(b"version: 1\n" + b"#" * (MOST_BYTES - 10))
    assert said(path) == f"{path}: is longer than 4 MiB, the most that a policy may be"
