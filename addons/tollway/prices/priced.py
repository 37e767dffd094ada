"""What the price book needs to know of one call."""

from datetime import datetime

from msgspec import Struct

from tollway.model import Report


class Priced(Struct, frozen=True, kw_only=True):
    """One answered call, as the price book asks for it."""

    provider: str
    """A name of `providers.yaml`; one that no table knows is priced as the dearest of the well-known ones."""
    host: str
    operation: str
    """chat, embeddings ...: an unknown model is compared with its own kind only."""
    model_asked: str | None
    report: Report
    tier_asked: str | None = None
    """Used only where the provider does not say which tier served."""
    at: datetime
    """When the call was made; without a time zone, UTC."""
    estimated: bool = False
    """The usage is ours, not the provider's."""
    notional: bool = False
    """A flat plan covers the call: no discount applies."""
