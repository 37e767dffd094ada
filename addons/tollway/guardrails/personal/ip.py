"""Addresses of the public internet, IPv4 and IPv6.

CERTAIN where words say that it is one (`client`, `addr`), GENERIC otherwise: four numbers may be a version,
too. Not found are addresses that are nobody's (private, loopback, link-local, documentation: RFC 1918, 5737,
3849 and the like), the public resolvers that everybody's configuration names, and, unless named, what counts
like a version or a section (each part below 32).
"""

import ipaddress
import re
from collections.abc import Iterator

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.reading import Reading

KIND = "ip"
_HEX = "[0-9A-Fa-f]"
_END = r"(?![0-9A-Za-z_]|\.[0-9])"
_THREE_MORE = re.compile(rf"\.(?<=[0-9]\.)[0-9]{{1,3}}+\.[0-9]{{1,3}}+\.[0-9]{{1,3}}+{_END}")
_FIRST = re.compile(r"(?:(?<![0-9A-Za-z_])(?<![0-9]\.)|(?<=\\[nrt]))[0-9]{1,3}+\.")
_IP6 = re.compile(
    rf":(?:(?<=(?<![0-9A-Za-z_:])2{_HEX}{{3}}:)|(?<=\\[nrt]2{_HEX}{{3}}:))"
    rf":?{_HEX}{{1,4}}+(?::?:{_HEX}{{1,4}}+){{0,6}}+(?:::)?(?!:){_END}"
)
"""What is given out of it begins with a 2."""
_FIRST_HEXTET = 4

_NOBODYS = tuple(
    (int(network[0]), int(network[-1]))
    for network in map(
        ipaddress.IPv4Network,
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24"
        " 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24"
        " 224.0.0.0/3".split(),
    )
)
_PRIVATE = ("10.", "127.", "192.168.")
"""Those that logs are full of, told at a glance."""
_RESOLVERS = frozenset(
    "1.1.1.1 1.0.0.1 8.8.8.8 8.8.4.4 9.9.9.9 149.112.112.112 208.67.222.222 208.67.220.220"
    " 2606:4700:4700::1111 2606:4700:4700::1001 2001:4860:4860::8888 2001:4860:4860::8844 2620:fe::fe".split()
)
_COUNTING = frozenset(("1.2.3.4", "4.3.2.1", "5.6.7.8", "11.22.33.44", "12.34.56.78"))
_REGISTRIES = tuple(
    map(
        ipaddress.IPv6Network, "2001::/16 2003::/18 2400::/11 2600::/10 2800::/12 2a00::/11 2c00::/12".split()
    )
)
"""What is given out of IPv6, for the most part: the rest of it is nobody's yet."""
_VERSION = re.compile(r"(?:[=<>~^]=|(?i:version|release|chrome|build|oid|section|chapter)[\"':=/ ]{1,4})\Z")
_BEFORE = 16
"""Characters before that may say what it is instead."""
_SMALL = 32


def ips(reading: Reading) -> Iterator[Found]:
    """All of the text's."""
    text = reading.text
    for match in _THREE_MORE.finditer(text):
        dot, end = match.span()
        start = next(
            (dot - size for size in (1, 2, 3) if dot >= size and _FIRST.match(text, dot - size)), end
        )
        if start < end and _is_public4(text[start:end]) and (tier := _tier4(reading, start, end)):
            yield reading.found(KIND, start, end, tier)
    for match in _IP6.finditer(text):
        start, end = match.start() - _FIRST_HEXTET, match.end()
        if _is_public6(text[start:end]):
            named = reading.names(KIND, start, end)
            yield reading.found(KIND, start, end, Tier.CERTAIN if named else Tier.GENERIC)


def _tier4(reading: Reading, start: int, end: int) -> Tier | None:
    """None: it is rather a version, or a section."""
    if _VERSION.search(reading.text, max(0, start - _BEFORE), start):
        return None
    if reading.names(KIND, start, end):
        return Tier.CERTAIN
    small = all(int(part) < _SMALL for part in reading.text[start:end].split("."))
    return None if small else Tier.GENERIC


def _is_public4(written: str) -> bool:
    if written.startswith(_PRIVATE) or written in _RESOLVERS:
        return False
    number = 0
    for part in written.split("."):
        if int(part) > 255 or (part[0] == "0" and part != "0"):
            return False
        number = number << 8 | int(part)
    if written in _COUNTING or written.startswith(f"{part}.{part}."):
        return False
    return not any(first <= number <= last for first, last in _NOBODYS)


def _is_public6(written: str) -> bool:
    try:
        address = ipaddress.IPv6Address(written)
    except ValueError:
        return False
    return (
        written not in _RESOLVERS and address.is_global and any(address in network for network in _REGISTRIES)
    )
