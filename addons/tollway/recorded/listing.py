"""The calls of a file as lines for people."""

from collections import Counter
from collections.abc import Sequence

from tollway.model import Billing, Source
from tollway.recorded.call import Call
from tollway.reporting.figures import ABSENT, decimals, fixed, printable

HEADINGS = ("n", "provider", "model", "operation", "status", "input", "output", "cost_usd", "note")
FIGURES = frozenset({"n", "status", "input", "output", "cost_usd"})
"""Columns that are set to the right."""


def shown(calls: Sequence[Call], all_of_them: bool) -> list[Call]:
    """The calls that have a line: those that cost, or may; or all."""
    return [call for call in calls if all_of_them or call.record or call.may_cost or call.is_damaged]


def lines(calls: Sequence[Call]) -> list[list[str]]:
    """The cells of each call, as HEADINGS says."""
    amounts = [call.record.cost.nano for call in calls if call.record]
    places = decimals(amounts)
    return [_line(call, places) for call in calls]


def left_out(calls: Sequence[Call]) -> str:
    """What the entries without a line are, in a line; "" if there are none."""
    others = Counter(c.reason for c in calls if not (c.record or c.may_cost or c.is_damaged))
    if not others:
        return ""
    number = others.total()
    what = ", ".join(f"{count} {reason}" for reason, count in others.most_common())
    return f"{number} other {'entry' if number == 1 else 'entries'}: {what} (--all lists them)"


def _line(call: Call, places: int) -> list[str]:
    endpoint, record = call.endpoint, call.record
    used = record.usage if record else None
    model = record.model if record else endpoint.model if endpoint else None
    return [
        str(call.n),
        printable(endpoint.provider if endpoint else None),
        printable(model),
        printable(endpoint.operation if endpoint else None),
        printable(call.status),
        printable(used.input_tokens if used else None),
        printable(used.output_tokens if used else None),
        fixed(record.cost.nano, places) if record else ABSENT,
        _note(call),
    ]


def _note(call: Call) -> str:
    """What is to be known of the figure; of what is not metered, where it went."""
    record = call.record
    if record is None:
        return " ".join(printable(word) for word in (call.reason, call.url) if word)
    marks = [Source.ESTIMATED.value] if record.cost.source is Source.ESTIMATED else []
    marks += [Billing.NOTIONAL.value] if record.billing is Billing.NOTIONAL else []
    marks += [call.reason] if call.reason else []
    marks += [f"{len(call.calls)} calls"] if len(call.calls) > 1 else []
    marks += [flag for flag in record.cost.flags if flag not in marks]
    return ", ".join(map(printable, marks)) or ABSENT
