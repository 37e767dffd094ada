"""The certificate authority: a root whose key is thrown away, and the issuers that it signed.

Why a root and issuers: Java, older Android and others read no name constraints in a root (to RFC 5280 a trust
anchor is a name and a key, nothing more), but all of them do in what lies between it and the leaf. The
root's key is never written anywhere, so that the only key there is to steal is the issuers', constrained for
every client. The root says the same constraints, for clients that read them there and for who audits it.

Why an issuer for each permitted name: issuers travel in every handshake. One that permits all providers'
hosts is of 10 KB and grows; one that permits one name is of half a kilobyte.

Why EC P-256: every TLS client of the last ten years takes it (Ed25519 is refused by browsers, Java and
Windows), and it signs some twenty times faster than RSA-2048, which counts at every handshake.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from tollway.ca import constraints
from tollway.ca.anchor import Anchor
from tollway.errors import TollwayError

RENEW = "run `tollway ca init --force` for a new one, and let clients trust it (`tollway ca trust`)"
"""What to do about an authority that can't be used."""
ROTATE = "run `tollway ca rotate` for the next one, and let clients trust both (`tollway ca trust`)"
"""What to do about one that can be used, but not for much longer."""

WARNED = timedelta(days=60)
"""How long before its end an authority is spoken of."""


class AuthorityError(TollwayError):
    """The certificate authority can't do what is asked; the text says what to do."""


class NotCovered(AuthorityError):
    """A host lies outside the authority's constraints: every client would refuse its certificate."""


@dataclass(frozen=True)
class Authority(Anchor):
    """A root to be trusted, an issuer for each permitted name, and the issuers' key: the one secret."""

    issuers: tuple[bytes, ...] = field(repr=False)
    """DER, in the order of `permitted`."""
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    def issuer(self, host: str) -> x509.Certificate:
        """The issuer of leaves for the lower-case name `host`, checked.

        Raises NotCovered, and AuthorityError if the issuer is not one that this root signed for this key.
        """
        name = constraints.covering(self._places.keys(), host)
        if name is None:
            raise not_covered(self, host)
        try:
            issuer = x509.load_der_x509_certificate(self.issuers[self._places[name]])
            issuer.verify_directly_issued_by(self.root)
        except (ValueError, TypeError, InvalidSignature):
            raise AuthorityError(f"the issuer for {name!r} is not signed by the root: {RENEW}") from None
        if issuer.public_key() != self.key.public_key() or constraints.names_in(issuer) != (name,):
            raise AuthorityError(f"the issuer for {name!r} is another key's or another name's: {RENEW}")
        return issuer


def not_covered(authority: Authority, host: str) -> NotCovered:
    """The error for a host outside the constraints, with what to do."""
    if not constraints.is_name(host):
        return NotCovered(
            f"{host!r} is no DNS name of two labels or more: the certificate authority can't speak for it. "
            "Reach it by such a name, or over plain HTTP."
        )
    return NotCovered(
        f"the certificate authority {authority.id} does not cover {host!r}: it was made before that host was "
        "added. Run `tollway ca init --force`, restart the proxy, and let clients trust the new one "
        "(`tollway ca trust`)."
    )


def warning(authority: Anchor, now: datetime) -> str | None:
    """A sentence if the authority ends soon."""
    left = authority.ends() - now
    if left > WARNED:
        return None
    return f"the certificate authority {authority.id} ends in {left.days} days: {ROTATE}"
