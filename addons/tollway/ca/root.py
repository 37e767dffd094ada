"""The root of another machine's Tollway: what programs here are to trust that go through it."""

from pathlib import Path

from cryptography import x509

from tollway.ca import pem
from tollway.ca.anchor import Anchor, Anchors
from tollway.ca.authority import AuthorityError

NONE = "is no root of a Tollway: take ca/tollway-ca.pem of the data folder of the proxy's machine"


def read(path: Path) -> Anchors:
    """The root in a file, or the two while one takes the other's place.

    Raises AuthorityError if there is none, or one that may speak for every host.
    """
    try:
        found = pem.decode(path.read_bytes())
    except OSError as error:
        raise AuthorityError(f"{path}: {error.strerror}") from None
    try:
        roots = tuple(Anchor(x509.load_der_x509_certificate(der)) for der in found)
    except ValueError:
        roots = ()
    if roots and all(each.permitted for each in roots):
        return Anchors(roots)
    raise AuthorityError(f"{path}: {NONE}")
