"""A policy file, and what it counts on."""

from pathlib import Path

import pytest

from tollway.symptoms.policy import examined


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policy.yaml"


def test_a_sound_one_is_read(file: Path) -> None:
    file.write_text("version: 1\nanonymous: allow\n")

    found, policy = examined(file, {})

    assert (found.file, found.mistakes, found.doubts, found.missing) == (str(file), (), (), ())
    assert policy.anonymous == "allow"


def test_that_of_the_user_counts_if_none_is_named(home: Path) -> None:
    assert examined(None, {})[0].file is None
    home.mkdir()
    (home / "policy.yaml").write_text("version: 1\n")

    assert examined(None, {})[0].file == str(home / "policy.yaml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("version: 1\nlimits: 5\n", ":2:9: limits: "),
        (None, ": can't be read: No such file or directory"),
        (b"version: 1\n# \xff\n", ":2:3: is not UTF-8"),
    ],
    ids=["mistake", "missing", "bytes"],
)
def test_mistakes_have_their_place_and_the_rest_is_checked_without(
    file: Path, content: str | bytes | None, said: str
) -> None:
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    found, policy = examined(file, {})

    assert str(found.mistakes[0]).startswith(f"{file}{said}")
    assert found.missing == ()
    assert policy.version == 1


def test_doubts_are_told(file: Path) -> None:
    file.write_text("version: 1\nalerts: {webhook: https://hooks.example/made-up}\n")

    (doubt,) = examined(file, {})[0].doubts

    assert doubt.path == "alerts.webhook"


def test_what_the_environment_lacks_is_named(file: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("made-up")
    file.write_text(
        "version: 1\n"
        "alerts: {webhook: env:HOOK}\n"
        "credentials:\n"
        "  openai: {inject: env:KEY}\n"
        "  anthropic: {inject: file:key}\n"
        "  mistral: {inject: file:none}\n"
        "  groq: {inject: 'command:print secret'}\n"
    )

    lacking = examined(file, {})[0].missing
    full = examined(file, {"HOOK": "https://hooks.example/made-up", "KEY": "made-up"})[0].missing

    unreadable = f"credentials: file:{tmp_path}/none: the file can't be read, or is empty"
    assert lacking == (
        "alerts.webhook: the environment variable HOOK has no URL: set it, or remove the webhook",
        "credentials: env:KEY: it is not set, or empty",
        unreadable,
    )
    assert full == (unreadable,)


@pytest.mark.parametrize(
    ("environment", "missing"),
    [({}, True), ({"SECRET": "s3cret"}, True), ({"SECRET": "made-up secret of a webhook"}, False)],
)
def test_a_secret_that_alerts_are_signed_with_is_named_if_it_is_not_there(
    file: Path, environment: dict[str, str], missing: bool
) -> None:
    file.write_text("version: 1\nalerts: {webhook: env:HOOK, secret: env:SECRET}\n")

    found = examined(file, {"HOOK": "https://hooks.example/made-up", **environment})[0].missing

    assert [each.startswith("alerts.secret: ") for each in found] == [True] * missing
    assert "s3cret" not in "".join(found)
