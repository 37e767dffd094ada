"""Addresses of the public internet, IPv4 and IPv6.

CERTAIN where words say that it is one (`client`, `addr`), GENERIC otherwise: four numbers may be a version,
too. Not found are addresses that are nobody's (private, loopback, link-local, documentation: RFC 1918, 5737,
3849 and the like), the public resolvers that everybody's configuration names, and, unless named, what counts
like a version or a section (each part below 32).
"""

import ipaddress
import re
from collections.abc import Mapping

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.reading import Reading

KIND = "ip"
FORMS: Mapping[str, Tier | None] = dict.fromkeys(("ip4", "ip6"), Tier.GENERIC)

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
_VERSION = re.compile(r"(?:[=<>~^]=|(?i:version|release|chrome|build|oid|section|chapter)[\"':=/ ]{1,4})$")
_BEFORE = 16
"""Characters before that may say what it is instead."""
_SMALL = 32


def ip(reading: Reading, shape: str, start: int, end: int) -> Found | None:
    """The address that a shape is, if it is a public one."""
    written = reading.text[start:end]
    if written in _RESOLVERS or not (_public4(written) if shape == "ip4" else _public6(written)):
        return None
    if shape == "ip4" and _VERSION.search(reading.text[max(0, start - _BEFORE) : start]):
        return None
    named = reading.names(KIND, start, end)
    if shape == "ip4" and not named and all(int(part) < _SMALL for part in written.split(".")):
        return None
    return reading.found(KIND, start, end, Tier.CERTAIN if named else Tier.GENERIC)


def _public4(written: str) -> bool:
    if written.startswith(_PRIVATE):
        return False
    number = 0
    for part in written.split("."):
        if int(part) > 255 or (part[0] == "0" and part != "0"):
            return False
        number = number << 8 | int(part)
    if written in _COUNTING or written.startswith(f"{part}.{part}."):
        return False
    return not any(first <= number <= last for first, last in _NOBODYS)


def _public6(written: str) -> bool:
    try:
        address = ipaddress.IPv6Address(written)
    except ValueError:
        return False
    return address.is_global and any(address in network for network in _REGISTRIES)
