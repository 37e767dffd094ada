"""Where in a body something was found: its place among the bytes, and for JSON the path to its text."""

from collections.abc import Sequence

from msgspec import Struct

from tollway.guardrails.escapes import KEPT
from tollway.guardrails.flat import flat
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.layers import Edit
from tollway.guardrails.leaves import Leaf, Path, leaves
from tollway.guardrails.search import Detector, search


class Spot(Struct, frozen=True, kw_only=True):
    """One thing that was found."""

    start: int
    end: int
    """Bytes of the body: as they are written, escapes and all."""
    path: Path
    """To the text in JSON, through JSON in strings; a key's is its object's. Empty: the body is no JSON."""
    within: tuple[int, int]
    """Characters of that text: of base64 the bytes are those of all of it."""
    kind: str
    family: Family
    tier: Tier


def spots(body: bytes, detectors: Sequence[Detector]) -> list[Spot]:
    """All that is found in a body, in its order."""
    lines = flat(body)
    found = search(lines.text, detectors)
    if not found:
        return []
    texts = [leaf for leaf in leaves(body) if isinstance(leaf, Leaf)]
    placed = [(one, lines.place(one.start, one.end)) for one in found]
    return [_spot(one, texts[place[0]], place[1], place[2]) for one, place in placed if place is not None]


def line_and_column(body: bytes, at: int) -> tuple[int, int]:
    """Of a byte, as editors count: from 1, in characters."""
    begin = body.rfind(b"\n", 0, at) + 1
    return body.count(b"\n", 0, at) + 1, len(body[begin:at].decode("utf-8", KEPT)) + 1


def pointer(path: Path) -> str:
    """A path as JSON has it (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _spot(found: Found, leaf: Leaf, start: int, end: int) -> Spot:
    ((first, last, _),) = leaf.lift([Edit(start, end, "")])
    return Spot(
        start=first,
        end=last,
        path=leaf.path,
        within=(start, end),
        kind=found.kind,
        family=found.family,
        tier=found.tier,
    )
