"""What a limit did to a call, as lines of 80 columns at most, with usual names and figures."""

from rich.text import Text

from tollway.actions import Kind, kinds
from tollway.budget.remaining import iso
from tollway.demo.calling import Answer
from tollway.demo.limits.sight import Sight
from tollway.demo.lines import INDENT, PERSON, WHAT, deed, quoted, settled
from tollway.ledger.store import BucketRow
from tollway.model import CallRecord
from tollway.tally import dollars

ALL = 1_000
"""Less than one part in so many stays where a clamp leaves all of an amount but a token's worth to a call."""
WHY = "no clamp makes it fit, and no call in flight can free anything"
"""When a limit comes to its route, which stands behind `clamp` and `wait`."""
STYLES = {
    "admitted": "bold green",
    "clamped": "bold yellow",
    "waits": "bold yellow",
    "rerouted": "bold magenta",
    "refused": "bold red",
}


def admitted(sight: Sight) -> list[Text]:
    """What was done to the call so that it fits, and what it holds now of what was left."""
    call, done = sight.call, kinds(sight.call.action)
    assert call.bound is not None
    found = sight.left + call.bound.nano
    part = "all" if sight.left * ALL < found else dollars(call.bound.nano)
    held = f"holds {part} of the {dollars(found)} left"
    asked = f"{call.max_output_tokens:,}"
    lines = []
    if Kind.ROUTE in done:
        moved = _line("rerouted", f"{call.model_asked} -> {call.model}\n")
        lines.append(moved.append(f"{'':{WHAT}}{WHY}", style="dim"))
    if Kind.CLAMP in done:
        lines.append(_line("clamped", f"{asked} -> {int(done[Kind.CLAMP]):,} output tokens; {held}"))
    elif not lines:
        lines.append(_line("admitted", f"whole: {asked} output tokens; {held}"))
    return lines


def waits(first: Sight) -> Text:
    """That another call has to wait for the first."""
    return _line("waits", f"{dollars(first.left)} is left: {_person(first.call)}'s call holds all else")


def freed(held: CallRecord, ended: CallRecord) -> Text:
    """That the call that held the rest has ended."""
    assert held.bound is not None
    rest = dollars(held.bound.nano - ended.cost.nano)
    return Text.assemble((_person(ended), PERSON), f" is answered: {rest} of what was held is free again")


def waited(first: CallRecord, second: CallRecord) -> Text:
    """How long the second waited, from its coming to the first's end."""
    assert first.ended_us is not None
    seconds = (first.ended_us - second.started_us) / 1_000_000
    return Text.assemble((_person(second), PERSON), f" waited {seconds:.1f} s, and is admitted")


def answered(answer: Answer, headers: tuple[str, ...], call: CallRecord) -> list[Text]:
    """What these headers told the program, and what the call came to."""
    told = (Text(f"{INDENT}{name}: {answer.headers[name]}", style="dim") for name in headers)
    return [*told, settled(call)]


def refused(answer: Answer, bucket: BucketRow) -> list[Text]:
    """What the program got instead of an answer, in its provider's error shape."""
    reset = "" if bucket.bucket.end_us is None else f"; reset={iso(bucket.bucket.end_us)}"
    said = f"status {answer.status}, x-should-retry: {answer.headers.get('x-should-retry')}{reset}"
    return [_line("refused", said), quoted(answer.body)]


def _line(what: str, said: str) -> Text:
    return deed(what, said, STYLES[what])


def _person(call: CallRecord) -> str:
    return call.tags["person"]
