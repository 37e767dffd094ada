"""The lines of tours: a policy, what somebody does, what was done to the call, and what became of it."""

import re
import textwrap

from rich.text import Text

from tollway.demo.stop import Stop
from tollway.model import Billing, CallRecord, Source
from tollway.reporting.figures import compact
from tollway.tally import dollars

PERSON = "bold cyan"
INDENT = " " * 2
"""A line is of 80 characters at most, with usual names and figures."""
DEEP = INDENT * 2
WIDTH = 78
WHAT = 12
"""Columns before what is said of a thing that was done."""
_KEY = re.compile(r"[\w-]+(?=:(?: |$))", re.MULTILINE)


def yaml(text: str) -> Text:
    """A policy, moved in."""
    shown = Text(textwrap.indent(text.rstrip(), DEEP))
    shown.highlight_regex(_KEY, "cyan")
    return shown


def told(stop: Stop) -> Text:
    """Who does what."""
    return Text.assemble((stop.person, PERSON), (f" ({stop.program}) ", "dim"), stop.does)


def deed(what: str, said: str, style: str = "dim") -> Text:
    """What was done, in a word, and more of it."""
    return Text.assemble(INDENT, (f"{what:{WHAT - 4}}", style), INDENT, said)


def quoted(text: str) -> Text:
    """What a program got, broken into lines."""
    return Text("\n".join(textwrap.wrap(text, WIDTH, initial_indent=DEEP, subsequent_indent=DEEP)))


def settled(call: CallRecord) -> Text:
    """What became of it: whom it asked, what it used, what it costs."""
    model = call.model or call.operation
    return Text.assemble(
        INDENT,
        f"{call.provider} {model}",
        (f"  {used(call)}", "dim"),
        "  ",
        (dollars(call.cost.nano), "bold green" if call.billing is Billing.METERED else "bold yellow"),
        (remark(call), "yellow"),
    )


def used(call: CallRecord) -> str:
    """Its tokens."""
    usage = call.usage
    if usage.input_tokens is None:
        return f"status {call.status}"
    said = f"{compact(usage.input_tokens)} in"
    if usage.cache_read_tokens:
        said += f" ({compact(usage.cache_read_tokens)} cached)"
    elif usage.cache_write_tokens:
        said += f" ({compact(usage.cache_write_tokens)} to cache)"
    return f"{said}, {compact(usage.output_tokens)} out" if usage.output_tokens else said


def remark(call: CallRecord) -> str:
    """Why the figure is to be read with care."""
    remarks = {
        "by plan": call.billing is Billing.NOTIONAL,
        "abandoned": call.error == "abandoned",
        "estimated": call.cost.source is Source.ESTIMATED,
    }
    said = ", ".join(text for text, is_so in remarks.items() if is_so)
    return f"  {said}" if said else ""
