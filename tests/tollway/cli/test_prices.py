"""`tollway prices`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tollway.cli import cli
from tollway.errors import PolicyError

LIST = """\
version: 1
prices:
  - {model: gpt-5, input: 1}
  - {provider: vllm, model: own, input: 1, output: 2}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    return folder


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A price list."""
    path = tmp_path / "list.yaml"
    path.write_text(LIST)
    return str(path)


def run(*words: str) -> Result:
    """`tollway prices WORDS`."""
    return CliRunner().invoke(cli, ["prices", *words])


def shown(*words: str) -> dict[str, object]:
    """What `show` says as JSON: whose price, whether it is known, and the price of input."""
    result = run("show", "--format", "json", *words)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    usd = found["columns"][0]["steps"][0]["usd"]
    return {
        "provider": found["provider"],
        "model": found["model"],
        "known": found["known"],
        "usd": usd["input"],
    }


def test_show_says_what_a_model_costs() -> None:
    """At a glance: tiers, steps, units, entries."""
    result = run("show", "gpt-5.4")

    assert result.exit_code == 0
    assert result.stdout.startswith("gpt-5.4 at openai, 20")
    assert "input         1M tokens           2.50" in result.stdout
    assert "flex      openai/gpt-5.4 tier=flex" in result.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["gpt-5"], {"provider": "openai", "model": "gpt-5", "known": True, "usd": "1.25"}),
        (["azure/gpt-5"], {"provider": "azure", "model": "gpt-5", "known": True, "usd": "1.25"}),
        (["openai/gpt-5"], {"provider": "openai", "model": "gpt-5", "known": True, "usd": "1.25"}),
        (["--provider", "openrouter", "openai/gpt-5"],
         {"provider": "openrouter", "model": "openai/gpt-5", "known": True, "usd": "1.25"}),
        (["--at", "2026-08-20", "gpt-5.6-sol"],
         {"provider": "openai", "model": "gpt-5.6-sol", "known": True, "usd": "5"}),
        (["--host", "EU.api.openai.com", "gpt-5.4-mini"],
         {"provider": "openai", "model": "gpt-5.4-mini", "known": True, "usd": "0.825"}),
        (["no-such/model"], {"provider": "", "model": "no-such/model", "known": False, "usd": "150"}),
    ],
)  # fmt: skip
def test_a_provider_is_named_or_found(words: list[str], expected: dict[str, object]) -> None:
    assert shown(*words) == expected


def test_a_time_that_is_none_is_a_wrong_use() -> None:
    result = run("show", "gpt-5", "--at", "someday")

    assert (result.exit_code, "--at" in result.output) == (2, True)


def test_show_knows_the_users_list_and_the_policy(file: str, tmp_path: Path) -> None:
    """The list says 1; a policy, half of it."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nprices: [{provider: openai, discount: 50%}]\n")
    assert run("update", file).exit_code == 0

    assert shown("gpt-5")["usd"] == "1"
    assert shown("gpt-5", "--policy", str(policy))["usd"] == "0.5"
    assert shown("own")["provider"] == "vllm"
    assert "+list:" in run("show", "gpt-5").stdout.splitlines()[0]


def test_diff_says_what_a_list_changes(file: str) -> None:
    text, data = run("diff", file), run("diff", file, "--format", "json")

    assert "  input                            1.25 ->         1.00  per 1M tokens  -20.0 %" in text.stdout
    differences = json.loads(data.stdout)["differences"]
    assert [(it["model"], it["key"], it["old_usd"], it["new_usd"]) for it in differences][:3] == [
        ("gpt-5", "input", "1.25", "1"),
        ("own", "input", None, "1"),
        ("own", "output", None, "2"),
    ]


def test_update_installs_and_removes(file: str, home: Path) -> None:
    installed = run("update", file)

    assert installed.stdout.startswith(f"{home / 'prices.yaml'}: genai-prices 0.2.3+list:")
    assert run("update", "--remove").stdout == f"removed {home / 'prices.yaml'}\n"
    assert run("update", "--remove").stdout == "there was no list of your own\n"
    assert shown("gpt-5")["usd"] == "1.25"


@pytest.mark.parametrize("words", [["update"], ["update", "x.yaml", "--remove"]])
def test_update_wants_a_file_or_remove(words: list[str]) -> None:
    result = run(*words)

    assert (result.exit_code, "name a FILE, or --remove" in result.output) == (2, True)


def test_a_bad_list_is_refused_by_line_and_key(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("version: 1\nprices:\n  - {model: x, input: many}\n")

    for verb in ("update", "diff"):
        result = run(verb, str(path))
        assert isinstance(result.exception, PolicyError)
        assert str(result.exception).startswith(f"{path}:3:23: prices[0].input: ")
    assert not home.exists()
