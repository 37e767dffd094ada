"""What the cache did to a call, as lines of 80 columns at most, with usual names and figures."""

from collections.abc import Sequence

from rich.text import Text

from tollway.demo.calling import Answer
from tollway.demo.lines import deed
from tollway.model import CallRecord
from tollway.tally import dollars

GREEN, YELLOW = "bold green", "bold yellow"
SHOWN = ("x-tollway-cache", "age", "x-tollway-cost")


def asked(answer: Answer) -> Text:
    """That its provider was asked, as the program was told."""
    said = answer.headers.get("x-tollway-cache")
    if said is None:
        return deed("asked", "no x-tollway-cache: neither looked for nor kept")
    return deed(said, "x-tollway-cache: miss; its provider was asked, and the answer is kept", YELLOW)


def hit(answer: Answer) -> Text:
    """That it was answered from the cache, as the program was told."""
    told = ", ".join(f"{name}: {answer.headers[name]}" for name in SHOWN if name in answer.headers)
    return deed("hit", told, GREEN)


def saved(calls: Sequence[CallRecord]) -> Text:
    """What calls would have cost that the cache answered."""
    amount = dollars(sum(call.saved_nano for call in calls))
    each = "" if len(calls) == 1 else f", {len(calls)} times {dollars(calls[0].saved_nano)}"
    return deed("saved", f"{amount}{each}", GREEN)


def waiting(joined: int) -> Text:
    """That calls wait for another's answer."""
    return deed("join", f"{joined} of them wait for the answer to the first", GREEN)


def streamed(bodies: Sequence[str]) -> Text:
    """That all got the same."""
    size = len(bodies[0].encode())
    return deed("streamed", f"to all {len(bodies)} as it came: the same {size:,} bytes each")


def reached(count: int) -> Text:
    """How many requests the provider has got."""
    return deed("provider", f"got {count} call{'s' * (count != 1)} so far")
