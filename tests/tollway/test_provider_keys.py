"""The operator's keys for providers, where a policy says that they are."""

import os
from pathlib import Path

import pytest

from tollway.provider_keys import LARGEST, ProviderKeys


def test_a_variable_holds_a_key() -> None:
    environment = {"A": "made-up"}
    keys = ProviderKeys(environment)

    assert keys.of("env:A") == "made-up"
    environment["A"] = "another"
    assert keys.of("env:A") == "another"


def test_a_file_is_read_when_it_has_changed(tmp_path: Path) -> None:
    file, keys = tmp_path / "key", ProviderKeys({})
    file.write_text(" made-up\n")
    assert keys.of(f"file:{file}") == "made-up"

    again = tmp_path / "again"
    again.write_text("another")
    os.replace(again, file)
    assert keys.of(f"file:{file}") == "another"
    file.unlink()
    assert keys.of(f"file:{file}") is None


def test_what_is_missing_is_told_once_until_it_is_there(caplog: pytest.LogCaptureFixture) -> None:
    environment: dict[str, str] = {}
    keys = ProviderKeys(environment)

    assert [keys.of("env:A"), keys.of("env:A"), keys.of("file:/nonexistent")] == [None, None, None]
    assert caplog.messages == [
        "env:A has no key: it is not set",
        "file:/nonexistent has no key: it can't be read",
    ]
    environment["A"] = "made-up"
    assert keys.of("env:A") == "made-up"
    environment["A"] = ""
    assert keys.of("env:A") is None
    assert len(caplog.messages) == 3


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_file_without_a_key_has_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)

    assert ProviderKeys({}).of(f"file:{tmp_path / 'key'}") is None


def test_of_a_file_that_is_no_keys_no_more_is_read_than_a_key_has(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"k" * (LARGEST + 1))

    assert ProviderKeys({}).of(f"file:{tmp_path / 'key'}") == "k" * LARGEST
