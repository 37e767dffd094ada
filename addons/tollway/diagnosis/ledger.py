"""The ledger of this machine's proxy, and the folder that it is in."""

from collections.abc import Iterator

from msgspec import Struct

from tollway.diagnosis.finding import Finding, doubtful, not_checked, well, wrong

SUBJECT = "ledger"
MIB = 1024 * 1024
FEW_BYTES, LITTLE_BYTES = 32 * MIB, 512 * MIB
"""Of free space: below the first, writing ends any moment; below the second, within days."""


class Kept(Struct, frozen=True, kw_only=True):
    """What is known of a ledger, from looking at it: nothing was changed."""

    place: str
    """Its file, or its URL where that is no file's."""
    exists: bool = False
    failure: str | None = None
    """Why it can't be used, with what to do."""
    behind: bool = False
    """Whether an older release wrote it: the next start brings it up to date."""
    free_bytes: int | None = None
    """On its disk."""
    loose: tuple[str, ...] = ()
    """Commands that take others' rights away: to its file, to that of the texts beside it, to its folder."""


def judge(kept: Kept) -> Iterator[Finding]:
    """What there is to say of it."""
    if kept.failure is not None:
        reason, _, remedy = kept.failure.rpartition(": ")
        yield wrong(SUBJECT, reason or kept.failure, remedy if reason else None)
    elif not kept.exists:
        yield not_checked(SUBJECT, f"{kept.place} is made at first use; its folder can be written to")
    elif kept.behind:
        yield well(SUBJECT, f"{kept.place} can be written to; the next start brings it up to date")
    else:
        yield well(SUBJECT, f"{kept.place} can be written to")
    yield from _space(kept)
    for command in kept.loose:
        yield doubtful(SUBJECT, "others on this machine can read or change it", command)


def _space(kept: Kept) -> Iterator[Finding]:
    if kept.free_bytes is None or kept.free_bytes >= LITTLE_BYTES:
        return
    say = wrong if kept.free_bytes < FEW_BYTES else doubtful
    yield say(SUBJECT, f"its disk has {kept.free_bytes // MIB} MiB left", "free some space")
