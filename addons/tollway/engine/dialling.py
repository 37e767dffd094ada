"""Opening connections: `--connect-to`, and where strangers may not go.

The address is resolved here, checked, and dialled as it was checked: a name that resolves otherwise a
moment later (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Address = tuple[str, int]
IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

CONNECT_SECONDS = 10.0
"""The system itself would wait for two minutes and more for a host that does not answer."""
_ALLOCATED = ipaddress.IPv6Network("2000::/3")
"""All that IANA has allocated of IPv6 for unicast: what lies outside is local, translated or nobody's."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as a translator reaches them (RFC 6052)."""


class Refused(OSError):
    """The destination is one that this client may not reach through the proxy."""


def is_inner(address: str) -> bool:
    """Whether an address is of this machine or its network: loopback, link-local, private, unspecified ...

    An address that carries an IPv4 address is what that one is.
    """
    ip = _reached(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _ALLOCATED:
        return True
    return not ip.is_global or ip.is_multicast


def _reached(address: str) -> IP:
    """The address at which a connection ends that is dialled to this one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour or ip


@dataclass(frozen=True)
class Dialling:
    """How addresses are dialled."""

    connect_to: Mapping[Address, Address] = field(default_factory=dict)
    """(host, port) -> the (host, port) to dial in its place, as curl's --connect-to.

    Host "": any host; port 0: any port. What says more goes first, the host before the port.
    """
    tunnels: Sequence[Network] = ()
    """Inner networks that strangers may reach all the same (`faults: tunnels`)."""
    seconds: float = CONNECT_SECONDS
    """How long a connection may take to be opened."""

    async def open(
        self, address: Address, *, local: Address | None = None, stranger: bool = False
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect, or raise OSError. A stranger is refused inner addresses, by what is really dialled."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._open(address, local, stranger)
        except TimeoutError as error:
            raise TimeoutError(f"no connection in {self.seconds:g} seconds") from error

    async def _open(
        self, address: Address, local: Address | None, stranger: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = address
        name = host.lower()
        keys = ((name, port), (name, 0), ("", port), ("", 0))
        mapped = next((self.connect_to[key] for key in keys if key in self.connect_to), None)
        if mapped is not None:
            return await asyncio.open_connection(*mapped, local_addr=local)
        if not stranger:
            return await asyncio.open_connection(*address, local_addr=local)
        failed: OSError | None = None
        for outer in await self._outer(address):
            try:
                return await asyncio.open_connection(outer, port, local_addr=local)
            except OSError as error:
                failed = failed or error
        raise failed or Refused(
            f"{host} is an inner address, which clients of other machines reach only if the "
            "policy's `faults: tunnels` names its network"
        )

    async def _outer(self, address: Address) -> list[str]:
        """The addresses of a host that a stranger may reach."""
        found = await asyncio.get_running_loop().getaddrinfo(*address, type=socket.SOCK_STREAM)
        return [ip for *_, sockaddr in found if not self._is_refused(ip := str(sockaddr[0]))]

    def _is_refused(self, address: str) -> bool:
        if not is_inner(address):
            return False
        given = ipaddress.ip_address(address.partition("%")[0])
        return not any(given in network or _reached(address) in network for network in self.tunnels)


_PART = r"(\[[^\[\]\s]*\]|[^:\[\]\s]*)"
_CONNECT_TO = re.compile(":".join([_PART] * 4))


def parse_connect_to(text: str) -> tuple[Address, Address]:
    """`HOST:PORT:ADDR:PORT`, with [brackets] around IPv6 addresses.

    An empty HOST or first PORT means any; an empty last PORT, the first one. Raises ValueError with what is
    wrong.
    """
    match = _CONNECT_TO.fullmatch(text)
    host, port, address, to_port = (part.strip("[]") for part in match.groups()) if match else [""] * 4
    if not address:
        raise ValueError(
            f"{text!r} is not HOST:PORT:ADDR:PORT (for example api.openai.com:443:127.0.0.1:8443)"
        )
    ports = [_port(port or "0"), _port(to_port or port)]
    if None in ports or ports[1] == 0:
        raise ValueError(f"{text!r}: a port is a number from 1 to 65535")
    return (host.lower(), ports[0] or 0), (address, ports[1] or 0)


def _port(text: str) -> int | None:
    """The port, 0 included; None if it is none."""
    return int(text) if re.fullmatch("[0-9]{1,5}", text) and int(text) < 65536 else None
