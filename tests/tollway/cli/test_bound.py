"""`tollway bound`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.recorded.samples import DATA
from tollway.cli import cli

URL = "https://api.anthropic.com/v1/messages"
BODY = {
    "model": "claude-opus-4-8",
    "max_tokens": 64_000,
    "messages": [{"role": "user", "content": "Hello"}],
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    return folder


def run(*words: str | Path, input: bytes | None = None) -> Result:
    """`tollway bound WORDS`, its output no terminal."""
    return CliRunner().invoke(cli, ["bound", *map(str, words)], input=input)


def test_a_har_has_a_line_for_each_call() -> None:
    result = run(DATA / "chrome.har")

    assert result.exit_code == 0
    assert [line.split("  ")[:3] for line in result.stdout.splitlines()] == [
        ["1", "anthropic", "claude-sonnet-4-5"], ["3", "gemini", "gemini-2.5-pro"], ["4", "openai", "gpt-4o"],
    ]  # fmt: skip


def test_the_body_of_one_request_has_a_bound(tmp_path: Path) -> None:
    """64,000 tokens at 25 USD a million are 1.60 USD; the input, and a region that costs more, add to it."""
    file = tmp_path / "body.json"
    file.write_text(json.dumps(BODY))
    result = run(file, "--url", URL, "--format", "json")

    assert result.exit_code == 0
    (call,) = json.loads(result.stdout)["calls"]
    assert call["usage"]["output_tokens"] == 64_000
    assert 1.6 < float(call["cost_usd"]) < 3.6


def test_a_body_may_come_by_standard_input() -> None:
    result = run("-", "--url", URL, input=json.dumps(BODY | {"new": 1}).encode())

    assert result.stdout == "0  anthropic  claude-opus-4-8  no bound: new is not in the bound table\n"


def test_a_file_without_calls_says_so() -> None:
    assert run("-", input=b'{"log": {"entries": []}}').stdout == "no AI calls\n"


@pytest.mark.parametrize("url", ["https://example.com/v1", "https://api.openai.com/v1/models", "nothing"])
def test_a_url_that_nothing_is_billed_at_is_an_error(url: str) -> None:
    result = run("-", "--url", url, input=b"{}")

    assert result.exit_code == 1
    assert str(result.exception) == f"{url}: is no AI provider's URL that tokens are billed at"


@pytest.mark.parametrize(
    ("words", "message"),
    [(["nowhere.har"], "nowhere.har: can't be read"), (["-"], "-: is empty")],
)
def test_a_file_that_can_t_be_read_is_named(words: list[str], message: str) -> None:
    result = run(*words, input=b"")

    assert result.exit_code == 1
    assert str(result.exception).startswith(message)
