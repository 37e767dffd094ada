"""Options of mitmproxy that would take calls out of Tollway's sight: they stay as they are while it runs."""

from collections.abc import Mapping, Set
from typing import Any

from mitmproxy import ctx, exceptions


class Forbidden:
    """Takes part in no call; mitmproxy takes back a change of an option that an addon refuses."""

    name = "tollway.forbidden"

    def __init__(self, reasons: Mapping[str, str]) -> None:
        """`reasons`: why an option is to stay as it is, by its name."""
        self._reasons = reasons
        self._held: dict[str, Any] = {}

    def hold(self, options: Any) -> None:
        """From now on, no other values than these."""
        self._held = {name: getattr(options, name) for name in self._reasons if name in options}

    def configure(self, updated: Set[str]) -> None:
        """Raise OptionsError if one of them is no longer what it was."""
        for name in sorted(updated & self._held.keys()):
            if getattr(ctx.options, name) != self._held[name]:
                raise exceptions.OptionsError(f"{name} stays as it is: {self._reasons[name]}")
