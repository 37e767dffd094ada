"""What is done with findings that lie over each other: with one of them what is strictest, and no less."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tollway.guardrails.disjoint import disjoint
from tollway.guardrails.found import Tier
from tollway.guardrails.rule import Do, Said
from tollway.guardrails.spot import Form, Spot

Ruled = tuple[Spot, Said]


class _Placed(NamedTuple):
    """A finding by its place, which in base64 no other one has."""

    start: int
    end: int
    tier: Tier
    spot: Spot
    said: Said


def apart(ruled: Sequence[Ruled]) -> list[Ruled]:
    """Those that count, in their order: of any that lie over each other the one with which more is done.

    What is to be taken out, and sticks out of another that is, makes that longer.
    """
    if len(ruled) < 2:
        return [*ruled]
    places = [_placed(*one) for one in ruled]
    kept = disjoint(places, lambda place: place.said.do)
    if len(kept) < len(places):
        kept = [place for place in kept if place.said.do is not Do.REDACT]
        kept += _joined([place for place in places if place.said.do is Do.REDACT])
    return [(place.spot, place.said) for place in sorted(kept, key=lambda place: place.start)]


def _placed(spot: Spot, said: Said) -> _Placed:
    start, end = (spot.start, spot.end) if spot.form is Form.TEXT else spot.within
    first = 0 if spot.form is Form.TEXT else spot.start  # what is coded is shorter than its code
    return _Placed(first + start, first + end, spot.tier, spot, said)


def _joined(places: Sequence[_Placed]) -> list[_Placed]:
    """All that hang together as one: the longest, made longer."""
    found = list[_Placed]()
    for place in sorted(places, key=lambda place: place.start):
        if found and place.start < found[-1].end:
            found[-1] = _with(found[-1], place)
        else:
            found.append(place)
    return found


def _with(one: _Placed, other: _Placed) -> _Placed:
    longer = max(one, other, key=lambda place: place.end - place.start)
    spot, end = longer.spot, max(one.end, other.end)
    start, last = min(one.spot.start, other.spot.start), max(one.spot.end, other.spot.end)
    within = (
        min(one.spot.within[0], other.spot.within[0]),
        max(one.spot.within[1], other.spot.within[1]),
    )
    return longer._replace(start=one.start, end=end, spot=replace(spot, start=start, end=last, within=within))
