"""Whose calls are: the column `owner`, as a caller who asks has it."""

from tollway.model import Identity


def owner(who: Identity, address: str) -> str:
    """What the rows of a caller's own calls have there: a name that somebody vouches for, else the address.

    Calls that say a name of which nobody is sure are their address's, too: the name would be everybody's.
    """
    if who.verified and who.user is not None:
        return f"user {who.user}"
    if who.verified and who.service is not None:
        return f"service {who.service}"
    return f"address {address}"
