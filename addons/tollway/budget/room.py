"""What would fit where a call does not: the output that is left for it, and whether waiting can help."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from tollway.bound.bound import Bound
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Enforce

OutputWithin = Callable[[int], int]
"""Nano-dollars -> the most output tokens of this call that cost no more, its input included."""

LARGEST_OUTPUT = 128_000
"""Tokens that a clamp grants at most where neither the caller nor the model's table names a maximum."""


def output_within(balances: Sequence[Balance], bound: Bound, nano: OutputWithin | None) -> int:
    """The most tokens that one answer may write so that the call fits in all these buckets; 0: none do.

    `nano` is None where no price is known; a limit in USD then has no room.
    """
    room = LARGEST_OUTPUT if bound.max_output is None else bound.max_output
    for balance in balances:
        room = min(room, max(0, _tokens(balance, bound, nano)) // bound.answers)
    return room


def _tokens(balance: Balance, bound: Bound, nano: OutputWithin | None) -> int:
    """Output tokens that one bucket has room for."""
    left = balance.left
    if balance.enforce is not Enforce.HARD or left <= 0:
        return 0
    match balance.bucket.unit:
        case Unit.USD:
            return nano(left) if nano is not None else 0
        case Unit.TOKENS:
            return left - (bound.usage.input_tokens or 0) - bound.more_output
        case Unit.OUTPUT:
            return left - bound.more_output
        case _:
            return 0  # a smaller answer needs no less input, and is a request as well


def share(balance: Balance, least: int, waiting: Sequence[int]) -> Balance:
    """The bucket as it is for a call that leaves room to others: `waiting` has what each holds at the least.

    It may take its own least, and an equal part of what is left beyond the largest of theirs: so the next
    has room as soon as this one has reported its input, which its bound overstates most.
    """
    spare = max(0, balance.left - max(waiting, default=0))
    most = least + spare // (1 + len(waiting)) if waiting else balance.left
    return replace(balance, held=balance.held + max(0, balance.left - most))


def may_come(balances: Sequence[Balance], least: Sequence[int]) -> bool:
    """Whether each bucket may have room for its least hold once other calls settle.

    What is settled stays for as long as the window; what is held may turn out to be nothing. What a rate
    counted leaves its window soon.
    """
    return all(
        balance.bucket.slides or hold <= balance.amount - balance.settled
        if balance.enforce is Enforce.HARD
        else balance.amount > balance.settled
        for balance, hold in zip(balances, least, strict=True)
    )


def frees_us(balances: Sequence[Balance]) -> int | None:
    """When all rates in a window that are full have room, if nobody else comes; None: none of these is."""
    return max((each.frees_us for each in balances if each.frees_us is not None), default=None)


def of_requests(balances: Sequence[Balance]) -> bool:
    """Whether all of these count requests: a smaller call would fit no better."""
    return all(balance.bucket.unit is Unit.REQUESTS for balance in balances)
