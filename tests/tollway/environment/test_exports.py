"""Variables as commands of a shell."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tollway.environment.exports import SHELLS, exports

NASTY = {
    "A": "plain",
    "B": "it's a \"test\" of $HOME `id` $(id) \\ \\' !x {a,b} ~ * ;&|<>",
    "C": "two\nlines\ttab ",
    "D": "",
    "E": "typographic ‘quotes’ ‚and‛ ü",
    "F": "ends in \\",
}


def evaluated(command: list[str], names: list[str]) -> list[str]:
    """The values that a shell holds after it evaluated what it read from standard input."""
    path = shutil.which(command[0])
    if path is None:
        pytest.skip(f"NO {command[0].upper()}: it is not on PATH, its exports are not tested")
    script = command[-1] + "".join(f' printf "%s\\0" "${name}";' for name in names)
    result = subprocess.run(
        [path, *command[1:-1], script],
        input=exports(NASTY, "fish" if command[0] == "fish" else "sh").encode(),
        capture_output=True, check=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return result.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("shell", ["sh", "dash", "bash", "zsh"])
def test_a_posix_shell_reads_the_values_back(shell: str) -> None:
    assert evaluated([shell, "-c", 'eval "$(cat)";'], list(NASTY)) == list(NASTY.values())


def test_fish_reads_the_values_back() -> None:
    assert evaluated(["fish", "-c", "cat | source;"], list(NASTY)) == list(NASTY.values())


def test_powershell_reads_the_values_back() -> None:
    path = shutil.which("pwsh")
    if path is None:
        pytest.skip("NO PWSH: it is not on PATH, its exports are not tested")
    shown = "; ".join(f"[Console]::Out.Write($env:{name} + [char]0)" for name in NASTY)
    script = exports(NASTY, "powershell") + shown

    result = subprocess.run([path, "-NoProfile", "-Command", "-"], input=script.encode(), capture_output=True)

    assert result.stdout.decode().split("\0")[:-1] == list(NASTY.values())


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=50)
def test_fish_and_powershell_leave_no_quote_open(value: str) -> None:
    """Without what they escape, a value has neither a quote nor, in fish, a backslash."""
    fish = exports({"X": value}, "fish").removeprefix("set -gx X '").removesuffix("'\n")
    powershell = exports({"X": value}, "powershell").removeprefix("$env:X = '").removesuffix("'\n")

    assert "'" not in fish.replace("\\\\", "").replace("\\'", "")
    assert not fish.replace("\\\\", "").endswith("\\")
    assert fish.replace("\\'", "'").replace("\\\\", "\\") == value or "\\" in value
    for quote in "'‘’‚‛":
        assert quote not in powershell.replace(quote * 2, "")


def test_a_line_a_variable() -> None:
    assert exports({"A": "1", "B": "2"}, "sh") == "export A='1'\nexport B='2'\n"
    assert exports({"A": "1"}, "fish") == "set -gx A '1'\n"
    assert exports({"A": "1"}, "powershell") == "$env:A = '1'\n"
    assert list(SHELLS) == ["sh", "fish", "powershell"]
