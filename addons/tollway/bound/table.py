"""The bound table of DESIGN section 7: what a request can be billed for at most, and the argument for it.

The argument is an allow-list. `dialects/*.yaml` say how each member of a request is read; if all of them are
there, then

    input  <= bytes of what the model is shown + what media come to + the dialect's constant,
              and <= the model's context window, which also bounds what is only pointed at;
    output <= min(the caller's maximum, the model's maximum) x answers + rejected predictions,
              thoughts included; where a provider counts them beside the maximum, the window once more.

A tool that the provider runs makes the model read all of it once more, with the results: the context window,
times the turns that the tool's cap allows; or the request itself, where the results are parts of it. A
request with anything else has no bound.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import Capacity
from tollway.bound.grammar import Table, table_of
from tollway.bound.tally import Server, Tally
from tollway.model import Asked, Endpoint, Usage

NO_TABLE = "the bound table has nothing about {} requests"
NO_CONTEXT = "{} points at what the request does not hold, and the model's context window is not known"
NO_THOUGHTS = "the model thinks beside its output maximum, and its context window is not known"
NO_CAP = "{}: the provider runs {}, with no cap on its calls"


def bound_of(
    endpoint: Endpoint, asked: Asked, body: Mapping[str, Any], capacity: Capacity
) -> Bound | Unbounded:
    """The most that a call can be billed for, or why nothing bounds it.

    `body`: a JSON object, or a form's fields with files as bytes. `capacity`: that of the model asked for.
    Never raises.
    """
    dialect, table = _table(endpoint.dialect, body)
    if table is None:
        return Unbounded(reason=NO_TABLE.format(dialect or "such"), shape=dialect)
    tally = Tally()
    table.request.take(body, "", tally)
    shape = f"{dialect} {'+'.join(sorted(tally.classes))}".strip()
    if refusal := _refusal(endpoint, asked, table, tally):
        return Unbounded(reason=refusal, shape=shape)
    if "reasoning_extra" in endpoint.habits:
        if capacity.context is None:
            return Unbounded(reason=NO_THOUGHTS, shape=shape)
        tally.output += capacity.context * tally.answers
    return _Argument(table, tally, capacity, asked).bound(shape)


def _table(dialect: str, body: Mapping[str, Any]) -> tuple[str, Table | None]:
    """The table, and whose it is: a request may be in another's format."""
    table = table_of(dialect)
    for member, other in table.instead.items() if table else ():
        if member in body:
            return dialect, table_of(other)
    return dialect, table


def _refusal(endpoint: Endpoint, asked: Asked, table: Table, tally: Tally) -> str | None:
    """Why nothing bounds the request, if nothing does."""
    model = asked.model or endpoint.model or ""
    for glob, reason in table.models.items():
        if fnmatchcase(model.lower(), glob):
            return f"model: {reason}"
    return "; ".join(tally.refusals[:3]) or None


class _Argument:
    """Makes a bound of what was found, and says why, line by line."""

    def __init__(self, table: Table, tally: Tally, capacity: Capacity, asked: Asked) -> None:
        self._table = table
        self._tally = tally
        self._capacity = capacity
        self._asked = asked
        self._why: list[str] = []

    def bound(self, shape: str) -> Bound | Unbounded:
        """The bound, or what is missing for one."""
        if endless := self._endless():
            return Unbounded(reason=NO_CAP.format(endless.at, endless.name), shape=shape)
        each, turns = self._each_answer(), self._turns()
        read = self._read(turns, each)
        if read is None:
            return Unbounded(reason=NO_CONTEXT.format(self._pointing()), shape=shape)
        answers = self._tally.answers * turns
        more = self._tally.output
        known = self._asked.billed.known() if self._asked.billed else {}
        usage = Usage(
            **{
                **known,
                **self._calls(),
                "input_tokens": read,
                "output_tokens": None if each is None else each * answers + more,
            }
        )
        self._say_output(each, answers)
        return Bound(
            usage=usage, max_output=each, answers=answers, more_output=more, shape=shape, why=(*self._why,)
        )

    def _each_answer(self) -> int | None:
        """What one answer writes at most; None: nothing known limits it."""
        if not self._table.writes:
            return 0
        known = (self._asked.max_output_tokens, self._capacity.max_output)
        return min((n for n in known if n is not None), default=None)

    def _endless(self) -> Server | None:
        """The first of the provider's tools whose calls nothing limits."""
        return next((s for s in self._tally.servers if not s.loops and self._cap_of(s) is None), None)

    def _turns(self) -> int:
        """How often the model reads the request: once, and again after each call of the provider's tools."""
        if not self._tally.servers:
            return 1
        calls = sum(self._cap_of(server) or 0 for server in self._tally.servers)
        if self._tally.cap is not None:
            calls = min(calls, self._tally.cap)
        return max(calls + 1, self._table.loop)

    def _cap_of(self, server: Server) -> int | None:
        caps = [cap for cap in (server.cap, self._tally.cap) if cap is not None]
        return min(caps, default=None)

    def _calls(self) -> dict[str, int]:
        """Calls that are billed as such, by the field of Usage that counts them."""
        found: dict[str, int] = {}
        for server in self._tally.servers:
            if server.counts:
                found[server.counts] = found.get(server.counts, 0) + (self._cap_of(server) or 0)
        return found

    def _read(self, turns: int, each: int | None) -> int | None:
        """What is read in all turns together; None: nothing known limits it."""
        context = self._capacity.context
        once = self._once()
        if turns == 1 or once is None:
            return None if once is None else once * turns
        inner = all(server.inner for server in self._tally.servers)
        if inner and each is not None:
            grown = once + turns * each
            once = grown if context is None else min(grown, context)
            self._why.append(
                f"{turns} turns, each reading {once} tokens at most: the request and what was written"
            )
        elif context is not None:
            once = context
            self._why.append(f"{turns} turns, each reading the context window of {context} tokens at most")
        else:
            return None
        return once * turns

    def _once(self) -> int | None:
        """What one turn reads at most."""
        tally, context, image = self._tally, self._capacity.context, self._capacity.image
        if tally.references or (tally.images and image is None):
            if context is not None:
                self._why.append(f"input: the context window, {context} tokens, for {self._pointing()}")
            return context
        total = tally.tokens + tally.images * (image or 0) + self._table.constant
        shown = f"input: {tally.tokens} bytes"
        if tally.images:
            shown += f" + {tally.images} images of {image} tokens"
        self._why.append(f"{shown} + {self._table.constant} for what the provider adds")
        if context is not None and context < total:
            self._why.append(f"input: no more than the context window, {context} tokens")
            return context
        return total

    def _pointing(self) -> str:
        """What the input can't be bounded by, by its keys."""
        found = [*dict.fromkeys(self._tally.references)][:3] or [
            "an image",
            "what the provider's tools find",
        ][not self._tally.images :][:1]
        return ", ".join(found)

    def _say_output(self, each: int | None, answers: int) -> None:
        if each is None:
            self._why.append("output: neither the caller nor the model's page sets a maximum")
        elif self._table.writes:
            asked = self._asked.max_output_tokens
            whose = "the caller's maximum" if asked == each else "the model's maximum"
            self._why.append(
                f"output: {whose}, {each} tokens" + (f", {answers} times" if answers > 1 else "")
            )
