"""What is said of a call beside its flow: a line to filter by, a marker, a table of its usage and cost."""

from collections.abc import Iterator

from msgspec import Struct

from tollway.model import CallRecord, Source
from tollway.money import usd

REFUSED, REROUTED, ESTIMATED = "no_entry", "twisted_rightwards_arrows", "grey_question"
"""Markers, by mitmproxy's names of them, without their colons."""
ANSWERED_HERE = {"hit": "from the cache", "join": "joined another call"}
"""What is said of a call whose provider was not asked."""
_PARTS = (
    ("input", "input_nano", "input_tokens"),
    ("from cache", "cache_read_nano", "cache_read_tokens"),
    ("to cache", "cache_write_nano", "cache_write_tokens"),
    ("output", "output_nano", "output_tokens"),
    ("other", "other_nano", ""),
)
"""Of a cost: what it is for, its money, its tokens. Input is all of it, cached or not."""


class Outcome(Struct, frozen=True):
    """A call, and what its row does not say."""

    call: CallRecord
    refused: bool = False
    """Tollway answered in the provider's place."""
    route: str | None = None
    """`asked -> served`, where it went elsewhere than its caller asked."""

    @property
    def is_rerouted(self) -> bool:
        """Whether it went elsewhere, or another model was asked."""
        call = self.call
        return self.route is not None or call.model_asked not in (None, call.model)

    @property
    def is_estimated(self) -> bool:
        """Whether its cost is an estimate, and will stay one."""
        return self.call.state != "open" and self.call.cost.source is Source.ESTIMATED


def comment(of: Outcome) -> str:
    """Who, which model, how much, what was decided: `ann · openai/gpt-5 · 12 in, 3 out · $0.01 · passed`."""
    parts = (who(of.call), models(of), tokens(of.call), money(of.call), verdict(of))
    return " · ".join(part for part in parts if part)


def marker(of: Outcome) -> str:
    """The marker of a call that was refused, else rerouted, else is estimated; none of any other."""
    if of.refused:
        return f":{REFUSED}:"
    if of.is_rerouted:
        return f":{REROUTED}:"
    return f":{ESTIMATED}:" if of.is_estimated else ""


def table(of: Outcome) -> str:
    """What it used and cost, a line each, aligned."""
    lines = [(name, value) for name, value in _facts(of) if value]
    return "".join(f"{name:>10}  {value}\n" for name, value in lines)


def who(call: CallRecord) -> str:
    """The caller, as far as it is known: its user or service, its team, its program."""
    name, team = call.user or call.service or "", call.team or ""
    known = f"{name} ({team})" if name and team else name or team
    return ", ".join(_plain(part) for part in (known, call.program) if part)


def models(of: Outcome) -> str:
    """The provider and the model; if another was asked for, that first."""
    call = of.call
    if of.route is not None:
        return _plain(of.route)
    model = f"{call.provider}/{call.model}" if call.model else f"{call.provider} {call.operation}"
    return _plain(f"{call.model_asked} -> {model}" if of.is_rerouted else model)


def tokens(call: CallRecord) -> str:
    """What went in and came out, as far as it is known."""
    usage = call.usage
    cached = f" ({usage.cache_read_tokens:,} cached)" if usage.cache_read_tokens else ""
    parts = (
        "" if usage.input_tokens is None else f"{usage.input_tokens:,} in{cached}",
        "" if usage.output_tokens is None else f"{usage.output_tokens:,} out",
    )
    return ", ".join(part for part in parts if part)


def money(call: CallRecord) -> str:
    """The cost, exact; `~`: an estimate, or what it may come to. Nothing of what was never priced."""
    if call.cost.source is Source.NONE and not call.cost.nano:
        return ""
    uncertain = call.state == "open" or call.cost.source is Source.ESTIMATED
    return f"{'~' if uncertain else ''}${usd(call.cost.nano)}"


def verdict(of: Outcome) -> str:
    """What was decided, and how it ended."""
    call, done = of.call, f": {of.call.action}" if of.call.action else ""
    failed = call.error or (f"{call.status}" if call.status is not None and call.status >= 400 else "")
    if of.refused:
        return _plain(f"refused {call.error or ''}".rstrip() + done)
    if call.state == "open":
        return _plain(f"in flight{done}")
    if failed:
        return _plain(f"failed {failed}{done}")
    if call.cache in ANSWERED_HERE:
        return _plain(f"{ANSWERED_HERE[call.cache]}{done}")
    return _plain(f"{'rerouted' if of.is_rerouted else 'passed'}{done}")


def _facts(of: Outcome) -> Iterator[tuple[str, str]]:
    call = of.call
    yield "caller", who(call)
    yield "model", models(of)
    yield "served", _plain(call.model_served or "") if call.model_served != call.model else ""
    for name, money_of, tokens_of in _PARTS:
        count = getattr(call.usage, tokens_of) if tokens_of else None
        nano = getattr(call.cost, money_of)
        if count or nano:
            yield name, f"{'' if count is None else f'{count:,}':>14}  ${usd(nano)}"
    yield "reasoning", f"{call.usage.reasoning_tokens or 0:>14,}" if call.usage.reasoning_tokens else ""
    yield "saved", f"${usd(call.saved_nano)}" if call.saved_nano else ""
    yield "cost", f"{money(call)} {', '.join((call.cost.source.value, *call.cost.flags))}".lstrip()
    yield "at most", "" if call.bound is None else f"${usd(call.bound.nano)}"
    yield "limits", _plain(", ".join(call.limits))
    yield "verdict", verdict(of)
    yield "call", call.id


def _plain(text: str) -> str:
    """Without what no line has: models are called as callers like."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
