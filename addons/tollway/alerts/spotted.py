"""What is told once of something new: a model without a price, a service that nobody manages."""

from tollway.alerts.alert import Alert, Kind
from tollway.alerts.news import News, known_as
from tollway.alerts.plain import plain
from tollway.discovery.services import Found
from tollway.discovery.sighting import Sighting
from tollway.model import CallRecord
from tollway.money import usd
from tollway.prices.base import UNKNOWN_PRICE

AGAIN_US = 30 * 86_400_000_000
"""How long a name is not told again that may be nobody's model: of these, clients can make up any number."""


def is_unpriced(call: CallRecord) -> bool:
    """Whether no list had a price of what a call was charged for."""
    return UNKNOWN_PRICE in call.cost.flags


def unpriced(call: CallRecord, at_us: int, refused: bool = False) -> News:
    """A model was called of which no price is known: told once for a provider's model. `refused`: hard limits
    let none of its calls pass."""
    model = call.model or call.model_served
    served = f"{call.provider}/{plain(model)}" if model else call.provider
    done = "hard limits refuse its calls" if refused else "its calls are charged at the dearest that is known"
    text = (
        f"no price of {served} is known: {done} (call {call.id}); a price in the policy's `prices`, or in "
        "a list of your own (tollway prices update), mends it"
    )
    fields = {
        "call": call.id,
        "provider": call.provider,
        "model": None if model is None else plain(model),
        "cost_usd": "0" if refused else usd(call.cost.nano),
        "refused": refused,
        **{name: plain(getattr(call, name) or "") or None for name in ("user", "service", "client")},
    }
    return News(
        name=known_as(Kind.UNPRICED, call.provider, model),
        alert=Alert(kind=Kind.UNPRICED, text=text, at_us=at_us, fields=fields),
        again_after_us=AGAIN_US if refused else None,
    )


def unmanaged(found: Found, seen: Sighting, at_us: int) -> News:
    """Somebody went to a service that Tollway does not read: told once for a host of the list."""
    who = seen.who.user or seen.who.client or "a caller"
    service = found.service
    done = "went to" if seen.connections else "was kept from"
    text = (
        f"{plain(who)} {done} {found.host} ({service.name}, {service.kind.value}), an AI service that "
        "Tollway does not read: tollway discover says who else does, and how much"
    )
    fields = {
        "host": found.host,
        "service_name": service.name,
        "service_kind": service.kind.value,
        "user": seen.who.user or None,
        "team": seen.who.team or None,
        "program": seen.who.program or None,
        "client": seen.who.client or None,
        "connections": seen.connections,
        "refused": seen.refused,
    }
    return News(
        name=known_as(Kind.UNMANAGED, found.entry),
        alert=Alert(kind=Kind.UNMANAGED, text=text, at_us=at_us, fields=fields),
    )
