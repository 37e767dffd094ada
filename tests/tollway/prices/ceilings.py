"""Ceilings, as tests ask for them."""

from typing import Any

from tests.tollway.prices.calls import NOW
from tollway.prices.ceiling import Leaving


def leaving(provider: str, model: str | None, **said: Any) -> Leaving:
    """A call that asks for no speed."""
    usual: dict[str, Any] = {"host": "host", "operation": "chat", "at": NOW, "speed": ""}
    return Leaving(provider=provider, model=model, **(usual | said))
