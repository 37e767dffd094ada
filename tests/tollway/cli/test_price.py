"""`tollway price`."""

import csv
import gzip
import io
import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.tollway.command import Office
from tests.tollway.recorded.samples import DATA, entry, har_bytes
from tests.tollway.recorded.test_flows import http_flow, written
from tollway.cli import cli

CHROME = [
    (None, "not_inference", None),
    ("claude-sonnet-4-5", None, "0.0021"),
    (None, "not_a_provider", None),
    ("gemini-2.5-pro", None, "0.00275"),
    ("gpt-4o", "not_sent", "0"),
    (None, "websocket", None),
]
"""100 * 3,000 + 1,000 * 300 + 200 * 3,750 + 50 * 15,000 nano-dollars; 1,000 * 1,250 + 150 * 10,000."""
FIREFOX = [
    ("gpt-4o", None, "0.004"),
    ("gpt-4o", "no_usage", "0.0000425"),
    ("gpt-4o", "http_429", "0"),
    ("gpt-4o", "answer_not_recorded", "0.0020225"),
    (None, "not_a_provider", None),
]
"""600 * 2,500 + 400 * 1,250 + 200 * 10,000; 9 * 2,500 + 2 * 10,000; 9 * 2,500 + 800 bytes / 4 * 10,000."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    return folder


def run(*words: str | Path, input: bytes | None = None) -> Result:
    """`tollway price WORDS`, its output no terminal."""
    return CliRunner().invoke(cli, ["price", *map(str, words)], input=input)


def document(*words: str | Path, input: bytes | None = None) -> dict[str, Any]:
    """Its JSON."""
    result = run("--format", "json", *words, input=input)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def figures(found: dict[str, Any]) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (call["model"] if call["metered"] else None, call["reason"], call["cost_usd"])
        for call in found["calls"]
    ]


@pytest.mark.parametrize(("name", "expected"), [("chrome.har", CHROME), ("firefox.har", FIREFOX)])
def test_a_browsers_har_is_priced(
    name: str, expected: list[tuple[str | None, str | None, str | None]]
) -> None:
    found = document(DATA / name)

    assert figures(found) == expected
    assert [call["n"] for call in found["calls"]] == list(range(len(expected)))
    assert found["total"]["calls"] == len(expected)
    assert found["total"]["metered"] == sum(model is not None for model, _, _ in expected)
    assert "made-up" not in json.dumps(found)
    assert "secret" not in json.dumps(found)


def test_the_total_is_the_sum() -> None:
    assert document(DATA / "chrome.har")["total"] == {
        "calls": 6, "metered": 3, "unknown": 1, "damaged": 0,
        "cost_usd": "0.00485", "notional_usd": "0", "estimated_usd": "0",
    }  # fmt: skip


def test_without_a_terminal_it_is_plain_text() -> None:
    result = run(DATA / "chrome.har")

    assert result.exit_code == 0
    assert [line.split()[:3] for line in result.stdout.splitlines() if line[:1].isdigit()] == [
        ["1", "anthropic", "claude-sonnet-4-5"],
        ["3", "gemini", "gemini-2.5-pro"],
        ["4", "openai", "gpt-4o"],
        ["5", "openai", "-"],
        ["2", "other", "entries:"],
    ]
    assert result.stdout.splitlines()[-1].split() == "total - 3 2300 1000 200 200 0.0049".split()


def test_all_entries_are_listed_on_request() -> None:
    lines = run("--all", DATA / "chrome.har").stdout.splitlines()

    assert [line.split()[0] for line in lines[1:7]] == ["0", "1", "2", "3", "4", "5"]


def test_as_csv_every_entry_has_a_line() -> None:
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv", DATA / "chrome.har").stdout)))

    assert [row["cost_usd"] for row in rows] == [cost or "" for _, _, cost in CHROME]


@pytest.mark.parametrize("name", ["calls.har", "calls.har.gz", "no-suffix", "misleading.png"])
def test_a_file_is_known_by_what_it_has_inside(tmp_path: Path, name: str) -> None:
    data = (DATA / "chrome.har").read_bytes()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)

    assert figures(document(tmp_path / name)) == CHROME


def test_flows_of_mitmproxy_are_priced(tmp_path: Path) -> None:
    made = http_flow()
    made.request.content = json.dumps({"model": "gpt-4o", "messages": []}).encode()
    assert made.response is not None
    made.response.content = b'{"usage": {"prompt_tokens": 1000, "completion_tokens": 200}}'
    (tmp_path / "calls").write_bytes(written(made) + b"garbage")
    result = run("--format", "json", tmp_path / "calls")

    assert result.exit_code == 0
    assert figures(json.loads(result.stdout)) == [
        ("gpt-4o", None, "0.0045"),
        (None, "damaged: is no flow, nor can any behind it be found", None),
    ]
    assert result.stderr == f"{tmp_path / 'calls'}: entry 1: is no flow, nor can any behind it be found\n"


def test_standard_input_is_read() -> None:
    assert figures(document("-", input=(DATA / "chrome.har").read_bytes())) == CHROME


def test_damaged_entries_are_named_and_the_rest_is_priced(tmp_path: Path) -> None:
    """A script that wants the total has it: the status is 0."""
    file = tmp_path / "calls.har"
    file.write_bytes(har_bytes(entry(), {"request": 1}, None, entry())[:-40])
    result = run("--format", "json", file)

    assert result.exit_code == 0
    assert [cost for _, _, cost in figures(json.loads(result.stdout))] == ["0.0045", None, None, None]
    assert result.stderr.splitlines() == [
        f"{file}: entry 1: request is a number, not an object",
        f"{file}: entry 2: is no object",
        f"{file}: entry 3: breaks off: the file ends in it",
    ]


def test_a_file_that_ends_between_entries_says_so(tmp_path: Path) -> None:
    file = tmp_path / "calls.har"
    file.write_bytes(har_bytes(entry())[:-3])

    assert run(file).stderr == f"{file}: breaks off after 1 entry\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty, or not compressed as it begins"),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(99),
            "is neither a HAR nor a file of mitmproxy's flows: it is a PNG image",
        ),
        (b"\x80\x90" * 99, "is neither a HAR nor a file of mitmproxy's flows"),
        (b'{"a": 1}', "is JSON, but no HAR: it has no log.entries"),
        (b'{"a": "' + b"x" * 10**7 + b'"}', "is JSON, but no HAR: it has no log.entries"),
        (b"x" * 10**7, "is neither a HAR nor a file of mitmproxy's flows"),
    ],
    ids=["empty", "PNG", "garbage", "JSON", "a long line of JSON", "a long line"],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    result = run(file)

    assert (result.exit_code, result.stdout) == (1, "")
    assert str(result.exception) == f"{file}: {said}"


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    for file, said in ((tmp_path / "none", "No such file or directory"), (tmp_path, "Is a directory")):
        result = run(file)

        assert result.exit_code == 1
        assert str(result.exception) == f"{file}: can't be read: {said}"


def test_a_policy_brings_providers_and_prices(tmp_path: Path) -> None:
    file, policy = tmp_path / "calls.har", tmp_path / "policy.yaml"
    file.write_bytes(har_bytes(entry(), entry("http://llm.corp.example:8000/v1/chat/completions")))
    policy.write_text(
        "version: 1\n"
        "providers:\n"
        "  - {name: vllm, hosts: ['llm.corp.example:8000'], serves: [{at: [/v1], set: openai}]}\n"
        "prices:\n"
        "  - {provider: vllm, model: 'gpt-*', input: 1, output: 2}\n"
        "  - {provider: openai, discount: 10%}\n"
    )

    assert [cost for _, _, cost in figures(document(file))] == ["0.0045", None]
    assert [cost for _, _, cost in figures(document("--policy", policy, file))] == ["0.00405", "0.0014"]


def test_the_users_own_policy_holds_where_none_is_named(tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "policy.yaml").write_text("version: 1\nprices:\n  - {provider: openai, discount: 10%}\n")
    (tmp_path / "calls.har").write_bytes(har_bytes(entry()))

    assert document(tmp_path / "calls.har")["total"]["cost_usd"] == "0.00405"


def test_wrong_use_and_a_wrong_policy_are_2(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("version: 2\n")
    results = [
        run(),
        run("--format", "yaml", DATA / "chrome.har"),
        run(DATA / "chrome.har", DATA / "firefox.har"),
    ]

    assert [result.exit_code for result in results] == [2, 2, 2]
    wrong = run("--policy", tmp_path / "policy.yaml", DATA / "chrome.har")
    assert getattr(wrong.exception, "status", None) == 2


def test_the_command_itself_says_what_is_wrong_in_a_line(tmp_path: Path) -> None:
    """No traceback, whatever it is given."""
    office = Office(tmp_path / "home")
    (tmp_path / "empty").write_bytes(b"")
    done = [office.run("price", str(tmp_path / name)) for name in ("none", "empty", "")]

    assert [one.returncode for one in done] == [1, 1, 1]
    assert [one.stderr.partition(": ")[0] for one in done] == ["tollway"] * 3
    assert all(len(one.stderr.splitlines()) == 1 and not one.stdout for one in done)
    piped = office.run("price", "--format", "json", "-", input=(DATA / "chrome.har").read_text("utf-8"))
    assert (piped.returncode, figures(json.loads(piped.stdout)), piped.stderr) == (0, CHROME, "")


def test_on_a_terminal_it_is_a_table(tmp_path: Path) -> None:
    office = Office(tmp_path / "home", environment={"COLUMNS": "100", "TERM": "xterm"})
    leader, follower = pty.openpty()
    with subprocess.Popen(
        office.words("price", str(DATA / "chrome.har")), env=office.variables, stdout=follower
    ):
        os.close(follower)
        text = b""
        try:
            while piece := os.read(leader, 65536):
                text += piece
        except OSError:  # Linux's way to say that the other end is closed
            pass
    os.close(leader)

    assert "AI calls, UTC" in text.decode()
    assert "0.0021" in text.decode()
