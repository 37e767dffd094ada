"""`tollway check`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tollway.cli import cli


@pytest.fixture
def sound(tmp_path: Path) -> str:
    """A policy."""
    path = tmp_path / "sound.yaml"
    path.write_text("version: 1\n")
    return str(path)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """A policy with two mistakes."""
    path = tmp_path / "bad.yaml"
    path.write_text("version: 1\nfaults: {abandoned: maybe}\nlimit: []\n")
    return str(path)


def test_mistakes_are_lines_on_standard_output(sound: str, bad: str) -> None:
    """Of all files, each with its place; the status is 1."""
    result = CliRunner().invoke(cli, ["check", sound, bad])

    assert result.exit_code == 1
    assert result.stdout == (
        f"{bad}:2:21: faults.abandoned: must be drain or close, not 'maybe'\n"
        f"{bad}:3:1: limit: unknown key; did you mean limits?\n"
    )


def test_sound_policies_are_said_to_be(sound: str) -> None:
    """The status is 0."""
    assert CliRunner().invoke(cli, ["check", sound]).stdout == "sound\n"
    result = CliRunner().invoke(cli, ["check", sound, sound + "/../sound.yaml", "policies/default.yaml"])
    assert result.exit_code == 1
    assert "sound.yaml/../sound.yaml: can't be read: Not a directory" in result.stdout


def test_json_has_every_file(sound: str, bad: str) -> None:
    """For programs that read it."""
    result = CliRunner().invoke(cli, ["check", "--format", "json", sound, bad])

    policies = json.loads(result.stdout)["policies"]
    assert result.exit_code == 1
    assert policies[0] == {"file": sound, "sound": True, "mistakes": [], "warnings": []}
    assert policies[1]["sound"] is False
    assert policies[1]["mistakes"][0] == {
        "line": 2,
        "column": 21,
        "path": "faults.abandoned",
        "message": "must be drain or close, not 'maybe'",
    }


@pytest.fixture
def doubtful(tmp_path: Path) -> str:
    """A policy that is sound, with a limit that leans on what clients say, a raise that is over, a secret."""
    path = tmp_path / "doubtful.yaml"
    path.write_text(
        "version: 1\n"
        "limits:\n"
        "  - {name: apollo, match: {tag.project: apollo}, amount: 5 USD, window: day,\n"
        "     raises: [{amount: 5 USD, until: 2020-02-29}]}\n"
        "alerts: {webhook: https://hooks.example/made-up}\n"
    )
    return str(path)


def test_warnings_are_told_apart_and_a_policy_with_them_is_sound(doubtful: str) -> None:
    """The status is 0."""
    result = CliRunner().invoke(cli, ["check", doubtful])

    assert result.exit_code == 0
    assert result.stdout == (
        f"warning: {doubtful}:3:41: limits[0].match.tag.project: clients choose their tag.project: one that"
        " says another is not held by this hard limit\n"
        f"warning: {doubtful}:4:38: limits[0].raises[0].until: this raise has ended: it was in force to the"
        " end of 2020-02-29\n"
        f"warning: {doubtful}:5:19: alerts.webhook: whoever reads this file can write there: name a variable"
        " that holds it, env:TOLLWAY_ALERT_URL\n"
        "sound\n"
    )


def test_json_has_warnings_beside_the_mistakes(doubtful: str) -> None:
    """In the same form."""
    result = CliRunner().invoke(cli, ["check", "--format", "json", doubtful])

    (policy,) = json.loads(result.stdout)["policies"]
    assert result.exit_code == 0
    assert (policy["sound"], policy["mistakes"]) == (True, [])
    assert [(each["line"], each["path"]) for each in policy["warnings"]] == [
        (3, "limits[0].match.tag.project"),
        (4, "limits[0].raises[0].until"),
        (5, "alerts.webhook"),
    ]


def test_doubts_about_routes_have_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(
        """version: 1
limits: [{name: day, amount: 1 USD, window: day, then: [{route: r}, block]}]
routes:
  r:
    - {from: "gpt-5*", to: openai/gpt-4.1}
    - {from: gpt-5-nano, to: openai/gpt-4o}
"""
    )

    result = CliRunner().invoke(cli, ["check", str(path)])

    assert result.exit_code == 0
    assert result.stdout == (
        f"warning: {path}:6:14: routes.r[1].from: routes.r[0] means all of these models: this rule is left"
        " what that one can't lead anywhere\n"
        f"warning: {path}:6:30: routes.r[1].to: openai/gpt-4o costs more than all that gpt-5-nano means, and"
        " the limit day leads calls there as it is used up\n"
        "sound\n"
    )


def test_check_starts_without_engine_and_price_list(sound: str) -> None:
    """Half a second is all it may take."""
    code = f"""
import sys
from tollway.cli import main
try:
    main(["check", {sound!r}])
except SystemExit:
    print([name for name in ("mitmproxy", "genai_prices") if name in sys.modules])
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert out == "sound\n[]\n"


def test_files_that_a_policy_names_are_read_with_it(tmp_path: Path) -> None:
    """Else it would be sound here, and no proxy would start with it."""
    policy, keys = tmp_path / "policy.yaml", tmp_path / "keys.yaml"
    policy.write_text("version: 1\nidentity: [{api_keys: {file: keys.yaml}}]\n")
    missing = CliRunner().invoke(cli, ["check", str(policy)])
    keys.write_text("0123456789abcdef: {usr: ann}\n")
    wrong = CliRunner().invoke(cli, ["check", str(policy)])
    keys.write_text("0123456789abcdef: {user: ann}\n")
    sound = CliRunner().invoke(cli, ["check", str(policy)])

    assert (missing.exit_code, wrong.exit_code, sound.exit_code) == (1, 1, 0)
    assert missing.stdout == f"{keys}: can't be read: No such file or directory\n"
    assert wrong.stdout.startswith(f"{keys}:1:20: ")
    assert "did you mean user?" in wrong.stdout
