"""Several workers behind one port, as one.

The kernel hands a connection to whichever worker takes it. So one that lives must be well, for it would be
given calls; one that is not there, or that stands still, is given none: the others are enough.
"""

from collections.abc import Iterator, Mapping, Sequence

from tollway.readiness.check import Check, fail, ok, severity, warn

NAME = "workers"

Found = Mapping[int, Sequence[Check] | None]
"""Of workers that listen, by number; None: it did not answer in time."""


def merged(found: Found, asked: int) -> tuple[Check, ...]:
    """What holds for all. `asked`: how many there are to be."""
    said = {number: checks for number, checks in found.items() if checks is not None}
    return (_workers(len(said), len(found), asked), *_worst(said))


def _workers(answer: int, listen: int, asked: int) -> Check:
    figures = {"listening": listen, "answering": answer, "asked": asked}
    if not answer:
        return fail(NAME, f"none of {asked} answers", **figures)
    if answer < asked:
        said = f"{answer} of {asked} answer: the others take no connections; the log says why"
        return warn(NAME, said, **figures)
    return ok(NAME, f"all {asked} listen", **figures)


def _worst(said: Mapping[int, Sequence[Check]]) -> Iterator[Check]:
    """Of each check the worst; whose it is, if not everybody's."""
    by_name: dict[str, list[tuple[int, Check]]] = {}
    for number, checks in said.items():
        for check in checks:
            by_name.setdefault(check.name, []).append((number, check))
    for each in by_name.values():
        number, worst = max(each, key=lambda one: severity(one[1]))
        alike = all(check.status is worst.status for _, check in each)
        reason = worst.reason if alike else f"worker {number}: {worst.reason}"
        yield Check(worst.name, worst.status, reason, worst.figures)
