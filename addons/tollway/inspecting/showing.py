"""Writes beside each flow to a provider what Tollway makes of it: a comment to filter by, and a marker."""

from collections.abc import Callable
from weakref import WeakKeyDictionary, WeakValueDictionary

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.inspection.said import Outcome, comment, marker
from tollway.model import CallRecord, Cost, Kind, Report
from tollway.rows import row

AI = (Kind.INFERENCE, Kind.UNKNOWN)
"""What is commented on: what costs, or may."""


class Showing:
    """Says it as a call leaves, and again as it ends; of several attempts at one, a line for each."""

    def __init__(self, update: Callable[[HTTPFlow], None]) -> None:
        """`update` has the flow drawn anew."""
        self._update = update
        self._flows: WeakValueDictionary[str, HTTPFlow] = WeakValueDictionary()
        self._calls: WeakKeyDictionary[HTTPFlow, dict[str, Outcome]] = WeakKeyDictionary()
        self._written: WeakKeyDictionary[HTTPFlow, tuple[str, str]] = WeakKeyDictionary()

    def requestheaders(self, flow: HTTPFlow) -> None:
        self._look(flow)

    def request(self, flow: HTTPFlow) -> None:
        self._look(flow)

    def http_failover(self, flow: HTTPFlow) -> None:
        self._look(flow)

    def response(self, flow: HTTPFlow) -> None:
        self._look(flow)

    def error(self, flow: HTTPFlow) -> None:
        self._look(flow)

    def observe(self, call: CallRecord) -> None:
        """Take the row of a call that has ended."""
        flow = self._flows.get(call.id)
        if flow is None:
            return
        known = exchange.of(flow)
        is_last = known is not None and known.id == call.id
        outcome = (
            Outcome(call, known.refused, known.route) if known is not None and is_last else Outcome(call)
        )
        self._calls.setdefault(flow, {})[call.id] = outcome
        self._write(flow)

    def last(self, flow: HTTPFlow) -> Outcome | None:
        """What is known of the call, its last attempt's; None: Tollway saw nothing of it."""
        known = exchange.of(flow)
        calls = self._calls.get(flow, {})
        return calls.get(known.id) if known is not None else None

    def _look(self, flow: HTTPFlow) -> None:
        """Say what is known so far, unless the call's row has said it."""
        known = exchange.of(flow)
        if known is None or not known.endpoint.provider or known.endpoint.kind not in AI:
            return
        self._flows[known.id] = flow
        calls = self._calls.setdefault(flow, {})
        if known.id not in calls or calls[known.id].call.state == "open":
            calls[known.id] = so_far(known)
            self._write(flow)

    def _write(self, flow: HTTPFlow) -> None:
        """Write it, in the place of what was written before; what users write there stays."""
        attempts = [*self._calls[flow].values()]
        said, mark = "\n".join(map(comment, attempts)), marker(attempts[-1])
        was_said, was_marked = self._written.get(flow, ("", ""))
        self._written[flow] = (said, mark)
        if was_said and was_said in flow.comment:
            flow.comment = flow.comment.replace(was_said, said)
        else:
            flow.comment = f"{flow.comment}\n{said}".strip()
        if flow.marked == was_marked:
            flow.marked = mark
        self._update(flow)


def so_far(known: Exchange) -> Outcome:
    """A call of which neither usage nor cost is known yet."""
    state = "done" if known.refused else "open"
    call = row(known, state, Report(), Cost(), known.status, known.error, None)
    return Outcome(call, known.refused, known.route)
