"""Recall and false positives of each kind, on examples made at run time, and findings in ordinary source
code.

Each example is a value in a prompt (five languages), code, JSON, JSON inside of a string, a diff, a log, a
table. Source code is the standard library of the Python that runs. Exit status 1 if a bar is missed.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tests.detection import personal as personal_data
from tests.detection import secret_values
from tests.detection import secrets as secret_data
from tests.detection.example import Example
from tests.detection.score import Score, scored
from tests.detection.source import found_in_source
from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.detect import personal
from tollway.guardrails.personal.kinds import KINDS
from tollway.guardrails.search import search
from tollway.guardrails.secrets import load
from tollway.scanning.engine import engine

SOURCE = 10_000_000
"""Bytes of source code that findings are counted for."""


@dataclass(frozen=True)
class Family:
    """What is measured together."""

    examples: Callable[[int], Iterable[Example]]
    """By seed."""
    detect: Callable[[str], list[Found]]
    held: frozenset[str]
    """The kinds that the bars hold: sure ones."""
    recall: float
    """At least, of a held kind."""
    in_source: float = 1.0
    """Findings of tier CERTAIN of all held kinds in ten megabytes of source code, at most."""
    others_count: bool = False
    """Whether those of other kinds count as well there."""


FAMILIES = {
    "personal": Family(
        personal_data.examples,
        lambda text: search(text, [personal]),
        frozenset(kind for kind, row in KINDS.items() if row.checked),
        recall=0.97,
    ),
    "secrets": Family(
        secret_data.examples,
        lambda text: search(text, [engine().scan]),
        frozenset(secret_values.CERTAIN),
        recall=0.95,
        others_count=True,
    ),
    "own-secrets": Family(
        secret_data.examples,
        lambda text: search(text, [load.pack().scan]),
        frozenset(secret_values.CERTAIN),
        recall=0.95,
        others_count=True,
    ),
}
"""By name; own-secrets is what finds secrets where Kingfisher has no wheel."""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="scripts/detect", description=__doc__)
    names = ", ".join(FAMILIES)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=f"{names}; all, if none is named")
    parser.add_argument("--seed", type=int, default=1, help="other values for the examples (default: 1)")
    parser.add_argument("--missed", action="store_true", help="show each example that came out wrong")
    asked = parser.parse_args()
    if unknown := set(asked.families) - set(FAMILIES):
        parser.error(f"nothing is called {', '.join(sorted(unknown))}: there are {names}")
    good = [measured(name, FAMILIES[name], asked) for name in asked.families or FAMILIES]
    sys.exit(0 if all(good) else 1)


def measured(name: str, family: Family, asked: argparse.Namespace) -> bool:
    """Print a family's tables; whether its bars are met."""
    scores = scored(family.examples(asked.seed), family.detect)
    size, found = found_in_source(family.detect)
    print(f"{name}\n\n| kind | recall | of | false positives | of | in source: certain | generic |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for kind, score in scores.items():
        sure, weak = found[kind, Tier.CERTAIN], found[kind, Tier.GENERIC]
        figures = f"{score.recall:.3f}", score.true, score.wrong, score.false, sure, weak
        print(f"| {kind}{'*' if kind in family.held else ''} | {' | '.join(map(str, figures))} |")
        for example in (*score.missed, *score.mistaken) if asked.missed else ():
            print(f"    {'missed' if example.true else 'mistaken'} in {example.where}: {example.text!r}")
    return verdict(family, scores, size, found)


def verdict(
    family: Family, scores: Mapping[str, Score], size: int, found: Mapping[tuple[str, Tier], int]
) -> bool:
    """Print how the held kinds stand to the bars."""
    lowest = min(scores[kind].recall for kind in family.held)
    counted = {kind for kind, _ in found} if family.others_count else family.held
    sure = sum(found[kind, Tier.CERTAIN] for kind in counted)
    each = sure / size * SOURCE
    good = lowest >= family.recall and each <= family.in_source
    print(
        f"\n* held: lowest recall {lowest:.3f} (bar {family.recall}), {each:.2f} certain findings in 10 MB of"
        f" source code (bar {family.in_source:g}; {size / 1e6:.1f} MB read): {'met' if good else 'MISSED'}\n"
    )
    return good


if __name__ == "__main__":
    main()
