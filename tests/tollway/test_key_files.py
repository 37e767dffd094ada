"""The files of callers that a policy names, read from the disk."""

from pathlib import Path

import pytest

from tollway import key_files
from tollway.errors import PolicyError
from tollway.policy.load import load


def test_files_are_read_from_beside_the_policy(tmp_path: Path) -> None:
    (tmp_path / "keys.yaml").write_text("0123456789abcdef: {user: ann}\n")
    text = "version: 1\nidentity: [{api_keys: {file: keys.yaml}}, {networks: {10.0.0.0/8: {user: b}}}]\n"

    policy = load(text, str(tmp_path / "policy.yaml"))

    assert key_files.paths(policy) == (tmp_path / "keys.yaml",)
    found = key_files.read(policy)[str(tmp_path / "keys.yaml")]
    assert found["0123456789abcdef"].user == "ann"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    policy = load("version: 1\nidentity: [{api_keys: {file: none.yaml}}]\n", str(tmp_path / "policy.yaml"))

    with pytest.raises(PolicyError, match=r"none\.yaml: can't be read: No such file"):
        key_files.read(policy)
