"""What a policy is to do to a call of a tour."""

from tollway.actions import kinds
from tollway.errors import TollwayError
from tollway.model import CallRecord


def demand(call: CallRecord, met: tuple[str, ...]) -> None:
    """Make sure that just this was done to it: a tour of anything else misleads. Raises TollwayError."""
    if tuple(kinds(call.action)) != met:
        wanted = ", ".join(met) or "nothing"
        raise TollwayError(
            f"the tour did not go as planned: the policy was to do {wanted} to a call, and did "
            f"{call.action or 'nothing'}; this is a mistake of the tour's, please report it"
        )
