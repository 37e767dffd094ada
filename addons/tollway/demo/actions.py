"""What a policy is to do to a call of a tour: a tour of anything else misleads."""

from tollway.actions import kinds
from tollway.errors import TollwayError
from tollway.model import CallRecord


def demand(call: CallRecord, met: tuple[str, ...]) -> None:
    """Make sure that just this was done to it. Raises TollwayError."""
    if tuple(kinds(call.action)) != met:
        wanted = ", ".join(met) or "nothing"
        raise unplanned(f"the policy was to do {wanted} to a call, and did {call.action or 'nothing'}")


def unplanned(what: str) -> TollwayError:
    """What ends a tour in which something else happens."""
    return TollwayError(
        f"the tour did not go as planned: {what}; this is a mistake of the tour's, please report it"
    )
