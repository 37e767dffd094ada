"""Why a text of a call is not there, in words."""

from collections.abc import Collection, Sequence

from tollway.model import CallRecord
from tollway.observe.outcome import refusal
from tollway.texts.store import BINARY, DELETED, TOO_LARGE, UNREADABLE, Text

_SAID = {
    TOO_LARGE: "not kept: {size:,} bytes of it came, and it is larger than max_size of {rule} allows",
    UNREADABLE: "not kept: nothing here undoes its coding",
    BINARY: "not kept: its {size:,} bytes are no text",
    DELETED: "deleted on time, as {rule} says",
}


def absent(text: Text) -> str:
    """Of one of which only the rest is known."""
    return _SAID[text.why_not or DELETED].format(size=text.size, rule=text.rule)


def missing(call: CallRecord, part: str, there: Sequence[Text], orphaned: Collection[str]) -> str:
    """Of one of which nothing is known. `there`: the other, if it is. `orphaned`: the ids of open calls whose
    process died."""
    if refusal(call) is not None:
        return "none: the call was refused, so that nothing of it left"
    if not there:
        return (
            "none is kept: no entry of the policy's `record` was for this call when it began, or what there "
            "was could not be kept (then the proxy's log says why)"
        )
    if part == "response" and call.state == "open":
        return "none: the call's process died" if call.id in orphaned else "none yet: the call is in flight"
    if part == "response" and call.status is None:
        return "none: no answer came"
    return f"none is kept: {there[0].rule} is not for it, or nothing of it was passed on"
