"""The root of another machine's Tollway: what programs here are to trust that go through it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tollway.ca import constraints, pem
from tollway.ca.authority import AuthorityError, key_id

NONE = "is no root of a Tollway: take ca/tollway-ca.pem of the data folder of the proxy's machine"


@dataclass(frozen=True)
class Root:
    """A root whose issuers and key are elsewhere."""

    certificate: x509.Certificate

    @cached_property
    def id(self) -> str:
        """As an authority's."""
        return key_id(self.certificate.public_key())

    @cached_property
    def permitted(self) -> tuple[str, ...]:
        """The DNS names that it may speak for, subdomains included."""
        return constraints.names_in(self.certificate)

    def root_pem(self) -> bytes:
        """It, in PEM."""
        return pem.encode(self.certificate.public_bytes(Encoding.DER))


def read(path: Path) -> Root:
    """The root in a file. Raises AuthorityError if there is none, or one that may speak for every host."""
    try:
        found = pem.decode(path.read_bytes())
    except OSError as error:
        raise AuthorityError(f"{path}: {error.strerror}") from None
    try:
        (der,) = found
        root = Root(x509.load_der_x509_certificate(der))
        if root.permitted:
            return root
    except ValueError:
        pass
    raise AuthorityError(f"{path}: {NONE}")
