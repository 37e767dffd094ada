"""Counts what happens to calls, as the proxy tells it."""

from collections.abc import Iterator

from tollway.actions import Kind, actions
from tollway.discovery.sighting import Sighting
from tollway.model import CallRecord
from tollway.observe.awaited import Awaited
from tollway.observe.catalogue import (
    CACHE,
    CALLS,
    CLAMPS,
    DURATION,
    ERRORS,
    FINDINGS,
    FIRST_BYTE,
    LIMIT_REFUSALS,
    LOOP_LAG,
    REFUSALS,
    RELOADED,
    RELOADS,
    REROUTES,
    SAVED,
    UNMANAGED,
    UNMANAGED_BYTES,
    UNREAD,
    WAITS,
)
from tollway.observe.charges import charges, difference
from tollway.observe.counting import Counting, Series
from tollway.observe.names import Names
from tollway.observe.outcome import Outcome, outcome, refusal, upstream_error

NO_MODEL = "none"
"""The model of a call that names none."""
SHADOW = "shadow"
"""What a guardrail in shadow did."""
MOST_LIMITS = 1_000
"""Limits, routes, and guardrails, with a value of their own."""


class Measuring:
    """What the proxy tells. Belongs to its event loop; `counting` may be read by any thread."""

    def __init__(self) -> None:
        self.counting = Counting()
        self._models = Names()
        self._limits, self._routes, self._reasons = (Names(MOST_LIMITS) for _ in range(3))
        self._guardrails, self._kinds = (Names(MOST_LIMITS) for _ in range(2))
        self._awaited = Awaited()

    def observe(self, call: CallRecord) -> None:
        """A call ended, or its usage came later: what is known of it now is counted, and nothing twice."""
        ended = outcome(call)
        model = self._model(call, ended)
        before, found = self._awaited.before(call), charges(call, model)
        if before is not None:
            self._awaited.counted(call, found)
            self.counting.add_all(difference(before, found).items())
            return
        self._awaited.counted(call, found)
        self.counting.add_all(found.items())
        for series in self._counted(call, model, ended):
            self.counting.add(series)
        if call.saved_nano:
            self.counting.add(Series(SAVED, (call.provider, model)), call.saved_nano)
        if ended is not Outcome.REFUSED:
            self._time(call, (call.provider, model))

    def turned_away(self, limit: str) -> None:
        """A limit refused a call."""
        self.counting.add(Series(LIMIT_REFUSALS, (self._limits.label(limit),)))

    def unread(self, provider: str, why: str, done: str) -> None:
        """Nobody could read a connection to a provider."""
        self.counting.add(Series(UNREAD, (provider, why, done)))

    def discovered(self, service: str, new: Sighting) -> None:
        """So much more was seen of a service that is not read."""
        counts = (
            Series(UNMANAGED, (service, "passed")), Series(UNMANAGED, (service, "refused")),
            Series(UNMANAGED_BYTES, (service, "sent")), Series(UNMANAGED_BYTES, (service, "received")),
        )  # fmt: skip
        values = (new.connections, new.refused, new.sent_bytes, new.received_bytes)
        self.counting.add_all([(one, count) for one, count in zip(counts, values, strict=True) if count])

    def reloaded(self, ok: bool) -> None:
        """The policy was read anew: it is in force, or could not be put in force."""
        self.counting.add(Series(RELOADS, (RELOADED[ok],)))

    def late(self, us: int) -> None:
        """So late the event loop came back to what was due."""
        self.counting.observe(LOOP_LAG, us)

    def _model(self, call: CallRecord, ended: Outcome) -> str:
        """A model has a value of its own once a provider has answered as that: callers make names up."""
        if call.model is None:
            return NO_MODEL
        answered = ended is Outcome.ANSWERED and call.status is not None and call.status < 400
        return self._models.label(call.provider, call.model, sound=answered)

    def _counted(self, call: CallRecord, model: str, ended: Outcome) -> Iterator[Series]:
        yield Series(CALLS, (call.provider, model, call.operation, ended))
        if (reason := refusal(call)) is not None:
            yield Series(REFUSALS, (self._reasons.label(reason),))
        if (kind := upstream_error(call)) is not None:
            yield Series(ERRORS, (call.provider, kind))
        yield from self._done(call)
        if call.cache is not None:
            yield Series(CACHE, (call.provider, model, call.cache))
        for one in call.findings:
            done = SHADOW if one.shadow else one.do.word
            by, kind = self._guardrails.label(one.by), self._kinds.label(one.kind)
            yield Series(FINDINGS, (by, kind, done, one.text))

    def _done(self, call: CallRecord) -> Iterator[Series]:
        """What limits and routes did, each kind once."""
        done = actions(call.action)
        kinds = {action.kind for action in done}
        if Kind.WAIT in kinds:
            yield Series(WAITS)
        if Kind.CLAMP in kinds:
            yield Series(CLAMPS)
        for route in dict.fromkeys(action.route for action in done if action.kind is Kind.ROUTE):
            after = "failure" if Kind.AFTER in kinds else "request"
            yield Series(REROUTES, (self._routes.label(route), after))

    def _time(self, call: CallRecord, labels: tuple[str, str]) -> None:
        if call.first_byte_us is not None:
            self.counting.observe(FIRST_BYTE, call.first_byte_us - call.started_us, labels)
        if call.ended_us is not None:
            self.counting.observe(DURATION, call.ended_us - call.started_us, labels)
