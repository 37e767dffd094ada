"""Whether a client would rather have HTML or JSON (RFC 9110, section 12.5.1)."""

HTML, JSON = "text/html", "application/json"
_WORST = 0
_FULL = 1000
"""Qualities in thousandths: they have three decimals at most."""


def wants_json(accept: str | None, otherwise: bool) -> bool:
    """Whether JSON is preferred. `otherwise`: where a client likes both as much, or says nothing.

    Of two that are liked as much, the one that is named more closely: browsers name HTML, and send `*/*`.
    """
    liked = _qualities(accept or "*/*")
    html, json = _quality(HTML, liked), _quality(JSON, liked)
    if html == json or html[0] == json[0] == _WORST:
        return otherwise
    return json > html


def _qualities(accept: str) -> dict[str, int]:
    """By media range."""
    found = dict[str, int]()
    for part in accept.split(","):
        range_, *parameters = (each.strip().lower() for each in part.split(";"))
        found[range_] = next((_thousandths(each[2:]) for each in parameters if each.startswith("q=")), _FULL)
    return found


def _quality(kind: str, liked: dict[str, int]) -> tuple[int, int]:
    """How much a type is liked, and how closely the range that says so names it."""
    ranges = (kind, f"{kind.partition('/')[0]}/*", "*/*")
    found = [(liked[each], len(ranges) - i) for i, each in enumerate(ranges) if each in liked]
    return found[0] if found else (_WORST, 0)


def _thousandths(text: str) -> int:
    """`0.8` as 800; what is no quality counts as none."""
    whole, _, fraction = text.partition(".")
    digits = fraction[:3].ljust(3, "0")
    if whole not in ("0", "1") or not digits.isascii() or not digits.isdigit():
        return _WORST
    return min(int(whole) * _FULL + int(digits), _FULL)
