"""The budgets as `tollway budgets --format json` prints them, for who asks a proxy."""

from pathlib import Path

from tollway.cli.budgets import standing_in
from tollway.cli.report import zone_of
from tollway.errors import PolicyError
from tollway.reporting.budgets import as_json
from tollway.reporting.visible import indented


class ToldBudgets:
    """Of one ledger, in the zone of one policy. From any thread; blocks."""

    def __init__(self, ledger: str, policy: Path | None) -> None:
        """`ledger`: its URL; `policy` may be one that is wrong by now."""
        self._ledger = ledger
        self._policy = policy
        self._zone = zone_of(None)

    def __call__(self) -> bytes:
        """The text. Raises LedgerError."""
        try:
            self._zone = zone_of(self._policy)
        except PolicyError:  # the former one is in force
            pass
        return (indented(as_json(standing_in(self._ledger, self._zone))) + "\n").encode()
