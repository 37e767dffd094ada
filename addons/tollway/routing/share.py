"""Where a call stands among the shares of a split: the same for all calls of a conversation."""

import hashlib

from tollway.model import CallRecord

HUNDRED = 100


def point(route: str, call: CallRecord) -> int:
    """A number of 0 to 99, evenly spread, and the same in every process.

    None of a conversation's calls goes to another model. Of two routes each has its own.
    """
    return point_of(route, whose(call))


def point_of(route: str, who: str) -> int:
    """The number of whom it hangs on."""
    return int.from_bytes(hashlib.sha256(f"{route}\0{who}".encode()).digest()[:8]) % HUNDRED


def whose(call: CallRecord) -> str:
    """What all calls of a conversation have in common: its session, else the user, else the credential, else
    the client's address."""
    return call.session or call.user or call.service or call.credential or call.client or call.id
