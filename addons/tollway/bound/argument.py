"""From what was found in a request to the most that it can be billed for, with the argument in words."""

from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import Capacity
from tollway.bound.grammar import Table
from tollway.bound.tally import Server, Tally
from tollway.model import Asked, Usage

NO_CONTEXT = "of {} no size is known, nor the model's context window"
NO_CAP = "{}: the provider runs {}, with no cap on its calls"
A_CAP = "{} ({} would be one)"
ABSURD = 10_000_000
"""No answer is as long: a larger maximum is none."""


class Argument:
    """Makes a bound of what was found, and says why, line by line."""

    def __init__(
        self, table: Table, tally: Tally, capacity: Capacity, asked: Asked, keeps_caps: bool = False
    ) -> None:
        """`keeps_caps`: the provider is documented to keep to caps on the calls of its tools."""
        self._keeps_caps = keeps_caps
        self._table = table
        self._tally = tally
        self._capacity = capacity
        self._asked = asked
        self._why: list[str] = []

    def bound(self, shape: str) -> Bound | Unbounded:
        """The bound, or what is missing for one."""
        if endless := self._endless():
            return self._uncapped(endless, shape)
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
            usage=usage, max_output=each, answers=answers, more_output=more, turns=turns, shape=shape,
            why=(*self._why,),
        )  # fmt: skip

    def _each_answer(self) -> int | None:
        """What one answer writes at most; None: nothing known limits it.

        A maximum of 0 is none: some hosts take it for the model's own.
        """
        if not self._table.writes:
            return 0
        known = (self._asked.max_output_tokens, self._capacity.max_output)
        return min((n for n in known if n is not None and 0 < n <= ABSURD), default=None)

    def _endless(self) -> list[Server]:
        """Those of the provider's tools whose calls nothing limits."""
        return [s for s in self._tally.servers if not s.loops and self._cap_of(s) is None]

    def _uncapped(self, endless: list[Server], shape: str) -> Unbounded:
        reason = NO_CAP.format(endless[0].at, endless[0].name)
        members = [self._table.caps_together or server.member for server in endless]
        cappable = self._keeps_caps and all(members)
        if cappable:
            reason = A_CAP.format(reason, members[0])
        return Unbounded(reason=reason, cappable=cappable, shape=shape)

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
        once = self._once()
        if once is None or turns == 1:
            return once
        turn = self._turn(once, turns, each)
        if turn is None:
            return None
        self._why.append(f"input: {turns} turns of the provider's tools, each reading {turn} tokens at most")
        return turn * turns

    def _turn(self, once: int, turns: int, each: int | None) -> int | None:
        """What a turn reads at most, after others wrote, and tools found something."""
        context = self._capacity.context
        if each is None or not all(server.inner for server in self._tally.servers):
            return context
        grown = once + turns * each
        return grown if context is None else min(grown, context)

    def _once(self) -> int | None:
        """What the first turn reads at most."""
        tally, context, image = self._tally, self._capacity.context, self._capacity.image
        if tally.references or (tally.images and image is None):
            self._why.append(f"input: the context window, {context} tokens, for {self._pointing()}")
            return context
        total = tally.tokens + tally.images * (image or 0) + self._table.constant
        images = f" + {tally.images} images of {image} tokens" if tally.images else ""
        self._why.append(
            f"input: {tally.tokens} bytes{images} + {self._table.constant} for what the provider adds"
        )
        if context is None or total <= context:
            return total
        self._why.append(f"input: no more than the context window, {context} tokens")
        return context

    def _pointing(self) -> str:
        """What of the input has no size that is known, by its keys."""
        if self._tally.references:
            return ", ".join([*dict.fromkeys(self._tally.references)][:3])
        return "an image" if self._tally.images else "what the provider's tools find"

    def _say_output(self, each: int | None, answers: int) -> None:
        if each is None:
            self._why.append("output: no maximum is asked for, and the model's is not known")
        elif self._table.writes:
            whose = "caller" if self._asked.max_output_tokens == each else "model"
            times = f", {answers} times" if answers > 1 else ""
            self._why.append(f"output: the {whose}'s maximum, {each} tokens{times}")
        if self._tally.output:
            self._why.append(f"output: {self._tally.output} tokens that no maximum limits")
