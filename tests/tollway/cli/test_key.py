"""`tollway key`: what is given out is kept as a hash, and taken back at once."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tollway import paths
from tollway.cli import cli
from tollway.identity import virtual_key
from tollway.ledger.open import open_keys


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    """A data folder of the test's own."""


def key(*words: str, **options: object) -> Result:
    return CliRunner().invoke(cli, ["key", *words], **options)  # type: ignore[arg-type]


def listed() -> list[dict[str, object]]:
    return json.loads(key("list", "--format", "json").stdout)["keys"]  # type: ignore[no-any-return]


def test_a_key_is_shown_once_and_kept_as_a_hash() -> None:
    made = key("create", "--user", "ann@example.com", "--team", "search", "--group", "a", "--group", "b")
    text = made.stdout.strip()

    assert made.exit_code == 0
    assert virtual_key.shown({"x-api-key": text}, "") == text
    (found,) = listed()
    assert found["id"] == virtual_key.digest(text).hex()[:12]
    assert found["id"] in made.stderr
    assert text not in made.stderr
    assert (found["user"], found["team"], found["groups"], found["state"]) == (
        "ann@example.com", "search", ["a", "b"], "valid",
    )  # fmt: skip
    kept = b"".join(path.read_bytes() for path in paths.data_dir().glob("ledger.db*"))
    assert text.encode() not in kept


def test_a_key_for_programs_is_an_object() -> None:
    said = json.loads(key("create", "--service", "ci", "--expires", "30d", "--format", "json").stdout)

    assert virtual_key.shown({"authorization": said["key"]}, "") == said["key"]
    assert said["service"] == "ci"
    assert said["expires"] > said["created"]


def test_keys_are_listed_with_whose_they_are_and_whether_they_hold() -> None:
    first = json.loads(key("create", "--user", "ann", "--format", "json").stdout)
    key("create", "--role", "intern", "--expires", "12h")
    assert key("revoke", first["id"]).stdout == f"revoked {first['id']}\n"

    one, two = key("list").stdout.splitlines()

    assert one.startswith(f"{first['id']}  revoked user ann, created 20")
    assert "valid   role intern, created 20" in two
    assert ", expires 20" in two


def test_where_there_are_none_it_says_how_one_is_made() -> None:
    assert "tollway key create" in key("list").stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("create",), 2, "say whose key it is"),
        (("create", "--user", ""), 2, "say whose key it is"),
        (("create", "--user", "a", "--team", ""), 2, "--team: a name has 1 to 256 characters"),
        (("create", "--user", "a\nb"), 2, "--user: a name has 1 to 256 characters"),
        (("create", "--user", "a", "--group", "b", "--group", "x" * 257), 2, "--group: a name has"),
        (("create", "--user", "a", "--expires", "soon"), 2, "'soon' is no date, time or span"),
        (("create", "--user", "a", "--expires", "2020-01-01"), 2, "2020-01-01 is over already"),
        (("revoke", "0123456789ab"), 1, "no key that holds is called 0123456789ab"),
        (("revoke",), 2, "Missing argument"),
        (("create", "--user", "a", "--ledger", "redis://127.0.0.1:1"), 1, "Redis does not answer"),
    ],
)
def test_wrong_use_says_what_is_wrong(words: tuple[str, ...], status: int, said: str) -> None:
    done = key(*words)

    assert done.exit_code == status
    assert said in done.output + str(done.exception)


def test_a_key_is_revoked_once() -> None:
    said = json.loads(key("create", "--user", "ann", "--format", "json").stdout)

    assert key("revoke", said["id"]).exit_code == 0
    assert "no key that holds" in str(key("revoke", said["id"]).exception)


def test_what_one_process_gives_out_and_takes_back_another_knows_at_once() -> None:
    keys = open_keys(paths.ledger_url())
    try:
        said = json.loads(key("create", "--user", "ann", "--format", "json").stdout)
        digest = virtual_key.digest(said["key"])
        found = keys.find(digest)
        assert found is not None
        assert found.state(found.created_us) == "valid"
        key("revoke", said["id"])
        found = keys.find(digest)
        assert found is not None
        assert found.state(found.created_us) == "revoked"
        assert keys.find(b"other") is None
    finally:
        keys.close()


def test_a_fingerprint_is_the_same_for_one_key_and_another_under_another_secret(tmp_path: Path) -> None:
    text = f"sk-made-up-{os.urandom(8).hex()}"
    first, again = key("fingerprint", input=text), key("fingerprint", input=f"  {text}\n")
    other = tmp_path / "other.key"
    other.write_bytes(os.urandom(32))

    assert first.exit_code == 0
    assert first.stdout == again.stdout
    assert len(first.stdout.strip()) == 16
    assert key("fingerprint", "--secret", str(other), input=text).stdout != first.stdout
    assert text not in first.output


@pytest.mark.parametrize("text", ["", "\n", "two words", "a\x07b"])
def test_what_is_no_key_has_no_fingerprint(text: str) -> None:
    done = key("fingerprint", input=text)

    assert done.exit_code == 1
    assert "standard input has no key" in str(done.exception)


def test_a_secret_that_is_none_is_refused(tmp_path: Path) -> None:
    short = tmp_path / "short.key"
    short.write_bytes(b"x")

    assert "1 bytes instead of 32" in str(key("fingerprint", "--secret", str(short), input="k").exception)
    missing = str(key("fingerprint", "--secret", str(tmp_path / "none"), input="k").exception)
    assert "No such file" in missing


def test_of_several_ids_those_that_are_known_are_revoked_and_the_others_named() -> None:
    said = json.loads(key("create", "--user", "ann", "--format", "json").stdout)

    done = key("revoke", said["id"], "0123456789ab", said["id"])

    assert done.stdout == f"revoked {said['id']}\n"
    assert "is called 0123456789ab:" in str(done.exception)
    assert [one["state"] for one in listed()] == ["revoked"]
