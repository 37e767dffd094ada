"""The operator's keys for providers, where a policy says that they are."""

import asyncio
import os
from pathlib import Path

import pytest

from tollway import clock
from tollway.provider_keys import LARGEST, ProviderKeys, shown


def keys_of(environment: dict[str, str]) -> ProviderKeys:
    return ProviderKeys(environment, clock.now)


def test_a_variable_holds_a_key() -> None:
    environment = {"A": "made-up"}
    keys = keys_of(environment)

    assert keys.of("env:A") == "made-up"
    environment["A"] = "another"
    assert keys.of("env:A") == "another"


def test_a_file_is_read_when_it_has_changed(tmp_path: Path) -> None:
    file, keys = tmp_path / "key", keys_of({})
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
    keys = keys_of(environment)

    assert [keys.of("env:A"), keys.of("env:A"), keys.of("file:/nonexistent")] == [None, None, None]
    assert caplog.messages == [
        "env:A has no key: it is not set, or empty",
        "file:/nonexistent has no key: the file can't be read, or is empty",
    ]
    environment["A"] = "made-up"
    assert keys.of("env:A") == "made-up"
    environment["A"] = ""
    assert keys.of("env:A") is None
    assert len(caplog.messages) == 3


def test_what_is_missing_is_told_as_soon_as_a_policy_names_it(caplog: pytest.LogCaptureFixture) -> None:
    """And not only when somebody calls."""
    keys = keys_of({"A": "made-up"})

    keys.keep({"env:A", "env:B", "file:/nonexistent"})
    keys.keep({"env:A", "env:B"})

    assert [message.partition(" ")[0] for message in caplog.messages] == ["env:B", "file:/nonexistent"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("env:A", "env:A"),
        ("file:/run/secrets/a b", "file:/run/secrets/a b"),
        ("command:vault", "command:vault"),
        ("command:vault read -token=made-up a", "command:vault ..."),
    ],
)
def test_the_log_names_a_command_by_its_first_word(place: str, said: str) -> None:
    """Others may be secrets."""
    assert shown(place) == said


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_file_without_a_key_has_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)

    assert keys_of({}).of(f"file:{tmp_path / 'key'}") is None


def test_of_a_file_that_is_no_keys_no_more_is_read_than_a_key_has(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"k" * (LARGEST + 1))

    assert keys_of({}).of(f"file:{tmp_path / 'key'}") == "k" * LARGEST


async def test_a_command_prints_a_key_that_is_kept(tmp_path: Path) -> None:
    """It is run in the background once the policy names it, and again when the provider refused its key."""
    counter, keys = tmp_path / "runs", keys_of({})
    place = f"command:echo x >> {counter}; printf 'made-up-%s' $(wc -l < {counter})"
    keys.keep([place, "env:A"])
    try:
        assert [await keys.awaited(place), keys.of(place)] == ["made-up-1", "made-up-1"]
        keys.keep([place])
        keys.refused(place, "made-up-1")
        async with asyncio.timeout(60):
            while keys.of(place) != "made-up-2":
                await asyncio.sleep(0.01)
        keys.refused("env:A", "made-up")
        keys.keep(["env:A"])
        assert keys.of(place) is None
    finally:
        await keys.stop()
    assert counter.read_text() == "x\nx\n"


async def test_who_waits_for_a_command_that_a_new_policy_drops_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keys, place = keys_of({}), "command:sleep 600"
    keys.keep([place])
    waits = asyncio.ensure_future(keys.awaited(place))
    await asyncio.sleep(0)
    keys.keep([])

    async with asyncio.timeout(60):
        assert await waits is None
    assert caplog.messages == ["command:sleep ... has no key: the token command is not run any more"]


async def test_a_command_that_fails_is_told(caplog: pytest.LogCaptureFixture) -> None:
    keys, place = keys_of({"A": "made-up"}), "command:echo no log-in >&2; exit 3"
    keys.keep([place])
    try:
        assert [keys.of(place), await keys.awaited(place), await keys.awaited("env:A")] == [
            None,
            None,
            "made-up",
        ]
        keys.refused(place, "made-up")
        async with asyncio.timeout(60):
            while "there is no other" not in caplog.text:
                await asyncio.sleep(0.01)
    finally:
        await keys.stop()
    assert "has no key: the token command ended with status 3: no log-in" in caplog.text
