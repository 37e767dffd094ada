"""What guardrails have to say: something was found. Each is told once an hour: agents send it each turn."""

from collections.abc import Callable, Hashable

from tollway.alerts.alert import Alert, found
from tollway.guardrails.verdict import UNSCANNED
from tollway.model import CallRecord

AGAIN_US = 3600 * 1_000_000
REMEMBERED = 100_000
"""Such that were told; then all are forgotten."""


class Noticing:
    """Sees calls as they end. What guardrails in shadow find, and files that nobody reads, is in the ledger
    alone."""

    def __init__(self, tell: Callable[[Alert], None], now_us: Callable[[], int]) -> None:
        self._tell = tell
        self._now_us = now_us
        self._told: dict[Hashable, int] = {}

    def __call__(self, call: CallRecord) -> None:
        """Tell what is new in it: by guardrail, kind and caller."""
        for finding in call.findings:
            if finding.shadow or finding.kind == UNSCANNED:
                continue
            known = (finding.by, finding.kind, finding.do, finding.text, call.user, call.service, call.client)
            now_us = self._now_us()
            last_us = self._told.get(known)
            if last_us is not None and 0 <= now_us - last_us < AGAIN_US:
                continue
            if len(self._told) >= REMEMBERED:
                self._told.clear()
            self._told[known] = now_us
            self._tell(found(call, finding, now_us))
