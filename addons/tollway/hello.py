"""What a TLS client says first (RFC 8446, section 4.1.2): the hosts that it names, in the clear.

It is read more leniently than any server reads it, so that no server finds a name in it that was not found
here: however it is cut into records and reads, whatever records stand before it, and whichever of its names
a server would go by.
"""

from collections.abc import Iterator
from hashlib import blake2b

from msgspec import Struct

MOST = 1 << 16
"""Bytes that are waited for: a hello may be longer (16 MB), but no client's is."""
SERVER_NAME, ENCRYPTED_HELLO = 0, 0xFE0D
_TLS = (20, 21, 22, 24)
"""Types of records that may come first: a change of ciphers, an alert, a handshake, a heartbeat."""
_HANDSHAKE, _HELLO, _VERSION = 22, 1, 3
_GREASE = frozenset(range(0x0A0A, 0x10000, 0x1010))
"""Values of no meaning that clients choose anew each time (RFC 8701)."""


class Hello(Struct, frozen=True, kw_only=True):
    """A client's hello, or what could be read of one."""

    names: tuple[str, ...]
    """All hosts that it names: one, if the client keeps to the rules."""
    offers_encrypted: bool = False
    """It has an encrypted hello within it, or says so: browsers always do (GREASE), and nobody between can
    tell. If it has, what it names is who is to decrypt it, and not who is called."""
    form: str = ""
    """The same for all hellos of one program: a digest of what it offers."""


class Unfinished(Exception):
    """More is needed to tell what it is."""


class TooLong(Exception):
    """It is longer than any client's hello."""


class HelloReader:
    """Reads the beginning of a connection, as it comes."""

    def __init__(self) -> None:
        self.taken = 0
        """Bytes that were read so far."""
        self._unread = bytearray()
        self._message = bytearray()

    def feed(self, data: bytes) -> Hello | None:
        """The client's hello; None: what comes is none. Raises Unfinished, and TooLong."""
        self.taken += len(data)
        self._unread += data
        while (content := self._record()) is not None:
            self._message += content
            if self._message and self._message[0] != _HELLO:
                return None
            size = 4 + int.from_bytes(self._message[1:4])
            if len(self._message) >= 4 and len(self._message) >= size:
                return _parse(bytes(self._message[4:size]))
        head = self._unread[:2]
        if (head and head[0] not in _TLS) or (len(head) > 1 and head[1] != _VERSION):
            return None
        if self.taken > MOST:
            raise TooLong
        raise Unfinished

    def _record(self) -> bytes | None:
        """What the next record holds for the handshake; those of other types may stand before it, for all
        that servers care. None: it is not there yet, or none."""
        head = self._unread[:5]
        if len(head) < 5 or head[0] not in _TLS or head[1] != _VERSION:
            return None
        end = 5 + int.from_bytes(head[3:])
        if len(self._unread) < end:
            return None
        content = bytes(self._unread[5:end]) if head[0] == _HANDSHAKE else b""
        del self._unread[:end]
        return content


class _Reader:
    """Bytes from the front; of what is not there, nothing."""

    def __init__(self, data: bytes) -> None:
        self.left = data

    def take(self, size: int) -> bytes:
        """The next bytes."""
        taken, self.left = self.left[:size], self.left[size:]
        return taken

    def vector(self, bytes_of_length: int) -> bytes:
        """What follows its own length."""
        return self.take(int.from_bytes(self.take(bytes_of_length)))


def _parse(body: bytes) -> Hello:
    reader = _Reader(body)
    version = reader.take(2)
    reader.take(32)
    reader.vector(1)
    ciphers = reader.vector(2)
    reader.vector(1)
    extensions = list(_extensions(reader.vector(2)))
    offered = [int.from_bytes(ciphers[at : at + 2]) for at in range(0, len(ciphers), 2)]
    kinds = sorted(kind for kind, _ in extensions)
    form = repr([version, *([one for one in some if one not in _GREASE] for some in (offered, kinds))])
    return Hello(
        names=tuple(name for kind, data in extensions if kind == SERVER_NAME for name in _names(data)),
        offers_encrypted=any(kind == ENCRYPTED_HELLO for kind in kinds),
        form=blake2b(form.encode(), digest_size=8).hexdigest(),
    )


def _extensions(data: bytes) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(data)
    while len(reader.left) >= 4:
        yield int.from_bytes(reader.take(2)), reader.vector(2)


def _names(data: bytes) -> Iterator[str]:
    """Of a server_name extension (RFC 6066, section 3), whatever their type: there is but one."""
    reader = _Reader(_Reader(data).vector(2))
    while len(reader.left) >= 3:
        reader.take(1)
        yield reader.vector(2).decode("latin-1")
