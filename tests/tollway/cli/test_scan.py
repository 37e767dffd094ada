"""`tollway scan`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.scanning.conftest import compiled
from tollway import paths, secret
from tollway.cli import cli
from tollway.errors import TollwayError
from tollway.guardrails.allowed import hashed
from tollway.screening import guard_key

__all__ = ["compiled"]
pytestmark = pytest.mark.usefixtures("compiled")
PASSWORD = "Tr0ub4dor" + "&3"
MAIL = "@".join(("ann.lee", "acme.io"))


def scan(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["scan", *words], input=given, catch_exceptions=False)


def test_each_finding_is_a_line_that_says_where_and_what(tmp_path: Path) -> None:
    """Never what was found; the status is 1."""
    file = tmp_path / "notes.txt"
    file.write_text(f"grün\nto: {MAIL}\ndb_password = '{PASSWORD}'\n", encoding="utf-8")

    found = scan(str(file))

    lines = found.stdout.splitlines()
    assert found.exit_code == 1
    assert lines[0] == f"{file}:2:5: email"
    assert lines[1].startswith(f"{file}:3:16: ")
    assert lines[1].endswith(" (looks like one)")
    assert PASSWORD not in found.stdout
    assert MAIL not in found.stdout


def test_the_status_is_0_where_nothing_was_found(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("nothing to see\n")

    assert (scan(str(file)).exit_code, scan(str(file)).stdout) == (0, "")


def test_a_request_is_read_as_a_model_would_read_it() -> None:
    """From standard input, with the path to each text, through JSON in strings."""
    call = {"function": {"arguments": json.dumps({"to": MAIL})}}
    body = {"messages": [{"role": "user", "content": "hi"}, {"tool_calls": [call]}]}

    (line,) = scan("-", given=json.dumps(body).encode()).stdout.splitlines()

    assert line.startswith("-:1:")
    assert line.endswith(": email at /messages/1/tool_calls/0/function/arguments/to")


def test_what_is_wanted_can_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(f"to: {MAIL}\ndb_password = '{PASSWORD}'\n")

    assert len(scan("--find", "personal", str(file)).stdout.splitlines()) == 1
    assert len(scan("--find", "secrets", str(file)).stdout.splitlines()) == 1
    assert scan("--certain", "--find", "secrets", str(file)).exit_code == 0


def test_programs_get_json(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(MAIL)
    found = json.loads(scan("--format=json", str(file)).stdout)

    assert found == {
        "findings": [
            {
                "file": str(file), "line": 1, "column": 1, "path": "", "kind": "email",
                "family": "personal", "tier": "certain",
            }
        ]
    }  # fmt: skip


def test_a_file_that_is_no_text_has_nothing(tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(b"\x89PNG\0" + MAIL.encode())

    assert scan(str(file)).exit_code == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_text_in_another_encoding_is_one(tmp_path: Path, encoding: str) -> None:
    """As Windows writes them; the place is counted in its text."""
    file = tmp_path / "notes.txt"
    file.write_bytes(f"gr\u00fcn\nto: {MAIL}\n".encode(encoding))

    assert scan(str(file)).stdout == f"{file}:2:5: email\n"


def test_each_line_of_json_has_its_own_number(tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text('{"a": "b"}\n' * 3 + json.dumps({"to": MAIL}) + "\n")

    assert scan(str(file)).stdout == f"{file}:4:9: email\n"


@pytest.mark.parametrize("words", [[], ["none.txt"], ["."], ["--find", "all", "-"]])
def test_wrong_use_is_told_from_a_finding(words: list[str]) -> None:
    assert scan(*words).exit_code == 2


def test_it_finds_what_the_guardrails_of_a_policy_are_about(tmp_path: Path) -> None:
    """Whoever calls; what they let pass, and what they ignore, is not found."""
    policy, file = tmp_path / "p.yaml", tmp_path / "notes.txt"
    policy.write_text(
        "version: 1\nguardrails:\n"
        "  - {find: email, do: redact, generic: ignore, allow: '*@acme.io', match: {team: a}}\n"
        "  - {name: codenames, words: [bluebird], do: block}\n"
    )
    file.write_text(f"{MAIL}, bob@{'acme.de'}, bluebird, db_password = '{PASSWORD}'\n")

    found = scan("--policy", str(policy), str(file))

    assert found.exit_code == 1
    assert [line.rpartition(": ")[2] for line in found.stdout.splitlines()] == ["email", "codenames"]


def test_a_value_may_pass_by_the_hash_that_the_ledger_has_of_it(tmp_path: Path, home: Path) -> None:
    key = guard_key(secret.load_or_make(paths.make_dir(home)))
    policy, file = tmp_path / "p.yaml", tmp_path / "notes.txt"
    policy.write_text(
        f"version: 1\nguardrails: [{{find: email, do: flag, allow: {{hash: '{hashed(key, MAIL)}'}}}}]\n"
    )
    file.write_text(f"{MAIL}\n")

    assert scan("--policy", str(policy), str(file)).exit_code == 0


def test_a_policy_that_finds_nothing_is_no_way_to_find_something(tmp_path: Path) -> None:
    policy = tmp_path / "p.yaml"
    policy.write_text("version: 1\n")

    with pytest.raises(TollwayError, match="it has no guardrails"):
        scan("--policy", str(policy), "-", given=b"")


def test_a_policy_says_what_to_find_by_itself(tmp_path: Path) -> None:
    found = scan("--policy", str(tmp_path / "p.yaml"), "--find", "secrets", "-", given=b"")

    assert found.exit_code == 2
    assert "leave --find out" in found.stderr


def test_it_lists_what_can_be_found() -> None:
    lines = scan("--kinds").stdout.splitlines()

    assert "  github_token" in lines
    assert "  iban: international bank account number" in lines
