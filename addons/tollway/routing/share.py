"""Where a call stands among the shares of a split: the same for all calls of a conversation."""

import hashlib

from tollway.model import CallRecord

HUNDRED = 100


def point(route: str, call: CallRecord) -> int:
    """A number of 0 to 99, evenly spread, and the same in every process.

    It hangs on the session, else on the user, else on the credential, else on the client's address: none of a
    conversation's calls goes to another model. Of two routes each has its own.
    """
    who = call.session or call.user or call.service or call.credential or call.client or call.id
    return int.from_bytes(hashlib.sha256(f"{route}\0{who}".encode()).digest()[:8]) % HUNDRED
