"""Holds each file to its coverage bar: `bars.py COVERAGE_JSON` prints the files below it and exits 1."""

import json
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PACKAGE = "addons/tollway/"
CORE_BAR, SHELL_BAR = 100.0, 90.0
MOST_NAMED = 12
"""Lines and branches of one file."""


@cache
def core_modules() -> frozenset[str]:
    """The names directly under addons/tollway that make up the functional core."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return frozenset(settings["tool"]["tollway"]["core"])


def bar(path: str, core: frozenset[str]) -> float:
    """The percentage of lines and branches of a file that tests must reach."""
    top = path.removeprefix(PACKAGE).split("/")[0].removesuffix(".py")
    return CORE_BAR if top in core else SHELL_BAR


def below(report: dict[str, Any], core: frozenset[str]) -> list[str]:
    """A line for each file under its bar: the percentages, and what no test reached."""
    lines = []
    for path, file in sorted(report["files"].items()):
        reached, needed = file["summary"]["percent_covered"], bar(path, core)
        if reached < needed:
            missing = [*map(str, file["missing_lines"]), *(f"{a}->{b}" for a, b in file["missing_branches"])]
            more = [f"{len(missing) - MOST_NAMED} more"] if len(missing) > MOST_NAMED else []
            what = ", ".join([*missing[:MOST_NAMED], *more])
            lines.append(f"{path}: {reached:.1f} % < {needed:.0f} %: {what}")
    return lines


def main() -> int:
    """0 if every file reaches its bar, else 1."""
    report = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    offenders = below(report, core_modules())
    if not report["files"]:
        offenders = ["coverage measured no file"]
    print("\n".join(["Below the coverage bar:", *offenders] if offenders else ["Coverage bars: reached"]))
    return 1 if offenders else 0


if __name__ == "__main__":
    sys.exit(main())
