"""The certificate authority of this machine's proxy."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from tollway.diagnosis.finding import Finding, doubtful, not_checked, well, wrong

SUBJECT = "authority"
RENEW = "tollway ca init --force, restart the proxy, and let clients trust the new one (tollway ca trust)"
_SHOWN = 3


class Held(Struct, frozen=True, kw_only=True):
    """What the data folder has of it."""

    failure: str | None = None
    """Why it can't be used, with what to do."""
    id: str | None = None
    """None: there is none yet."""
    ends: datetime | None = None
    ends_soon: str | None = None
    uncovered: tuple[str, ...] = ()
    """Providers' hosts that it can't speak for."""


def judge(held: Held) -> Iterator[Finding]:
    """What there is to say of it."""
    if held.failure is not None:
        yield wrong(SUBJECT, held.failure, "tollway ca init --force makes another one")
    elif held.id is None:
        yield not_checked(SUBJECT, "this machine has none yet: its first proxy makes one")
    elif held.uncovered:
        more = f" and {len(held.uncovered) - _SHOWN} more" if len(held.uncovered) > _SHOWN else ""
        said = f"Tollway Root {held.id} does not cover {', '.join(held.uncovered[:_SHOWN])}{more}"
        yield wrong(SUBJECT, f"{said}: clients refuse the proxy's certificates for them", RENEW)
    elif held.ends_soon is not None:
        yield doubtful(SUBJECT, held.ends_soon, RENEW)
    else:
        assert held.ends is not None
        yield well(SUBJECT, f"Tollway Root {held.id} of this machine lasts until {held.ends:%Y-%m-%d}")
