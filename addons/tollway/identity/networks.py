"""Who a caller is by the network that the address is in, where the policy says so."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
type Networks[Who] = Sequence[tuple[Network, Who]]
"""With who is in it, the longest prefixes first: `networks`'s answer."""


def networks[Who](given: Mapping[str, Who]) -> Networks[Who]:
    """The policy's networks, made ready for look-ups: `{"10.20.0.0/16": ci}`.

    ValueError: no CIDR, or one with bits set behind its prefix, or the same one twice.
    """
    found: dict[Network, Who] = {}
    for text, who in given.items():
        network = _plain_network(ip_network(text))
        if network in found:
            raise ValueError(f"{text!r} names the network {network} once more")
        found[network] = who
    return sorted(found.items(), key=lambda item: item[0].prefixlen, reverse=True)


def network_of[Who](known: Networks[Who], address: str) -> tuple[str, Who] | None:
    """The network with the longest prefix that the address is in, by its CIDR, and who that is.

    None if it is in none, or no address (a Unix socket's path). An IPv4 address that comes as IPv6
    (`::ffff:10.0.0.1`, where a socket takes both) is the IPv4 address; a zone (`fe80::1%eth0`) says nothing.
    """
    try:
        plain = plain_address(address)
    except ValueError:
        return None
    return next(((str(network), who) for network, who in known if plain in network), None)


def is_loopback(address: str) -> bool:
    """Whether it is this machine's own: 127.0.0.1, ::1, ::ffff:127.0.0.1; no address is none."""
    try:
        return plain_address(address).is_loopback
    except ValueError:
        return False


def plain_address(text: str) -> IPv4Address | IPv6Address:
    """A peer's address without a zone; the IPv4 address that an IPv6 one maps. Raises ValueError."""
    return _plain(ip_address(text.partition("%")[0]))


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return (address.version == 6 and address.ipv4_mapped) or address


def _plain_network(network: Network) -> Network:
    """The IPv4 network that an IPv6 one of mapped addresses (`::ffff:10.0.0.0/104`) stands for."""
    mapped = _plain(network.network_address)
    if mapped.version == 6 or network.version == 4 or network.prefixlen < 96:
        return network
    return IPv4Network((int(mapped), network.prefixlen - 96))
