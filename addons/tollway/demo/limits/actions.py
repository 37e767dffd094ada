"""What limits did to a call, as its row has it."""

from tollway.errors import TollwayError
from tollway.model import CallRecord


def actions(call: CallRecord) -> dict[str, str]:
    """By their names, in their order, what each says more: `{"route": "smaller", "clamp": "4096"}`."""
    said = (call.action or "").split(", ") if call.action else []
    return {name: rest for name, _, rest in (action.partition(" ") for action in said)}


def demand(call: CallRecord, met: tuple[str, ...]) -> None:
    """Make sure that just this was done to it: a tour of anything else misleads. Raises TollwayError."""
    if tuple(actions(call)) != met:
        wanted = ", ".join(met) or "nothing"
        raise TollwayError(
            f"the tour did not go as planned: limits were to do {wanted} to a call, and did "
            f"{call.action or 'nothing'}; this is a mistake of the tour's, please report it"
        )
