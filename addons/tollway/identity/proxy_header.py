"""The header of the PROXY protocol, by which a load balancer says whose connection it passes on: versions 1
(a line of text) and 2 (binary), as HAProxy's proxy-protocol.txt of 2020 has them (sections 2.1 and 2.2)."""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
"""What version 2 begins with; the shortest header of version 1 is longer, too."""
LONGEST_LINE = 107
"""Bytes of version 1, with its CR LF: the longest that two IPv6 addresses make."""

_WORD = b"PROXY "
_LOCAL, _PROXY = 0x20, 0x21
"""Version 2 with its two commands: the balancer's own connection, and somebody's."""
_TCP = {0x11: (IPv4Address, 4), 0x21: (IPv6Address, 16)}
"""TCP over either: what makes an address of so many bytes."""
_NAMELESS = frozenset((0x00, 0x31))
"""Without an address of a network: unspecified, and Unix sockets."""
_VERSION_1 = {b"TCP4": 0x11, b"TCP6": 0x21}
_LINE = re.compile(rb"PROXY (TCP[46]) ([0-9a-fA-F.:]+) ([0-9a-fA-F.:]+) ([0-9]{1,5}) ([0-9]{1,5})\r\n")
_UNKNOWN = re.compile(rb"PROXY UNKNOWN(?: [^\r\n]*)?\r\n")
"""What follows is to be passed over."""


class ProxyHeaderError(ValueError):
    """These bytes are no header; the message quotes none of them."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Of a client's connection to a load balancer: addresses with ports."""

    client: tuple[str, int]
    reached: tuple[str, int]
    """What the client dialled."""


def begins_header(data: bytes) -> bool:
    """Whether these first bytes of a connection are a header's, and nothing that a client of a proxy says."""
    return data.startswith((SIGNATURE, _WORD))


class ProxyHeader:
    """Takes a connection's first bytes until `wants` is 0; none of them is the client's.

    A header is whole within 65,551 bytes. What it says beyond addresses (TLVs) is passed over.
    """

    def __init__(self) -> None:
        self.wants = len(SIGNATURE)
        """How many bytes it is to be fed next: exactly so many."""
        self.ends: Ends | None = None
        """Whose connection it is. None: the balancer's own, as when it looks whether we live, or one of which
        it can't say: the addresses of the connection itself are to be taken (section 2)."""
        self._line = bytearray()
        self._kind = 0
        self._then: Callable[[bytes], None] = self._begin

    def feed(self, data: bytes) -> None:
        """Take the bytes wanted. Raises ProxyHeaderError."""
        self._then(data)

    def _begin(self, data: bytes) -> None:
        if data == SIGNATURE:
            self.wants, self._then = 4, self._fixed
        elif data.startswith(_WORD):
            self.wants, self._then = 1, self._text
            self._line += data
        else:
            raise ProxyHeaderError("it begins with something else than a PROXY protocol header")

    def _text(self, data: bytes) -> None:
        self._line += data
        if data == b"\n":
            self.wants, self.ends = 0, _ends(bytes(self._line))
        elif len(self._line) >= LONGEST_LINE:
            raise ProxyHeaderError(f"its PROXY line is longer than {LONGEST_LINE} bytes")

    def _fixed(self, data: bytes) -> None:
        command, kind, self.wants = struct.unpack(">BBH", data)
        if command not in (_LOCAL, _PROXY):
            raise ProxyHeaderError(
                f"its PROXY header has version and command {command:#04x}, not 0x20 or 0x21"
            )
        self._then, self._kind = self._rest, kind
        if command == _LOCAL or kind in _NAMELESS:
            self._kind = 0
        elif kind not in _TCP:
            raise ProxyHeaderError(f"its PROXY header is of family and protocol {kind:#04x}, which is no TCP")
        elif self.wants < 2 * _TCP[kind][1] + 4:
            raise ProxyHeaderError("its PROXY header has no room for its addresses")

    def _rest(self, data: bytes) -> None:
        self.wants = 0
        if self._kind:
            address, size = _TCP[self._kind]
            ports = struct.unpack_from(">HH", data, 2 * size)
            both = address(data[:size]), address(data[size : 2 * size])
            self.ends = Ends((str(both[0]), ports[0]), (str(both[1]), ports[1]))


def _ends(line: bytes) -> Ends | None:
    """Those of a whole line. Raises ProxyHeaderError."""
    if _UNKNOWN.fullmatch(line):
        return None
    if (found := _LINE.fullmatch(line)) is None:
        raise ProxyHeaderError("its PROXY line is not one of version 1")
    address, _ = _TCP[_VERSION_1[found[1]]]
    try:
        both = address(found[2].decode()), address(found[3].decode())
    except ValueError:
        raise ProxyHeaderError("an address of its PROXY line is none") from None
    ports = int(found[4]), int(found[5])
    if max(ports) > 0xFFFF:
        raise ProxyHeaderError("a port of its PROXY line is none")
    return Ends((str(both[0]), ports[0]), (str(both[1]), ports[1]))
