"""The policy file of this machine's proxy."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from tollway.diagnosis.finding import Finding, doubtful, not_checked, well, wrong
from tollway.errors import Mistake

SUBJECT = "policy"
_SHOWN = 2


class Examined(Struct, frozen=True, kw_only=True):
    """What a policy file has in it."""

    file: str | None
    """None: there is none, and a proxy of this machine only meters."""
    mistakes: tuple[Mistake, ...] = ()
    doubts: tuple[Mistake, ...] = ()
    missing: tuple[str, ...] = ()
    """What it names and this environment does not have: variables of keys and of the webhook."""


def judge(found: Examined) -> Iterator[Finding]:
    """What there is to say of it."""
    if found.file is None:
        yield not_checked(SUBJECT, "there is none here: a proxy of this machine meters, and limits nothing")
        return
    remedy = f"tollway check {found.file}"
    yield from (wrong(SUBJECT, said, remedy) for said in _few(found.mistakes))
    yield from (doubtful(SUBJECT, said, remedy) for said in _few(found.doubts))
    yield from (doubtful(SUBJECT, f"{found.file}: {said}", _SET) for said in found.missing)
    if not (found.mistakes or found.doubts or found.missing):
        yield well(SUBJECT, f"{found.file} is sound")


def _few(mistakes: Sequence[Mistake]) -> Iterator[str]:
    yield from map(str, mistakes[:_SHOWN])
    if (more := len(mistakes) - _SHOWN) > 0:
        yield f"{mistakes[0].file}: {more} more like these"


_SET = "set it where the proxy is started"
