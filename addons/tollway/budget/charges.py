"""What a row counts for under limits, once nothing more will be known of its call."""

from tollway.budget.amounts import Amounts
from tollway.model import RETRIEVE, CallRecord


def charged(call: CallRecord) -> Amounts:
    """What a row that is done, or lost, is charged in each unit; nothing while it is open: it is held then.

    A request counts if it may have been served: not one that was refused here, never left, came back as an
    error that costs nothing, or only asks for an answer that was made before.
    """
    if call.state == "open":
        return Amounts()
    input_tokens, output_tokens = call.usage.input_tokens or 0, call.usage.output_tokens or 0
    served = call.status is not None and call.status < 400
    billed = call.cost.nano > 0 or input_tokens + output_tokens > 0
    return Amounts(
        nano=call.cost.nano,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        requests=call.calls * (call.operation != RETRIEVE and (served or billed or call.state == "lost")),
    )
