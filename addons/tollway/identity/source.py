"""The sources of identity that a policy names, as they are asked: values, without keys."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from tollway.identity.claims import Claim
from tollway.identity.verify import Issuer

PROXY, HEADER = "proxy_jwt", "header_jwt"


class Tokens(Struct, frozen=True, kw_only=True):
    """Tokens of one issuer, in one place."""

    issuer: Issuer
    jwks: str | None
    """A URL or a file of its keys; None: as its discovery document says."""
    names: Mapping[str, Claim]
    """The policy's names -> where they stand among its claims."""
    header: str | None = None
    """The header in which a token stands, in lower case; None: the client shows it to the proxy."""

    @property
    def kind(self) -> str:
        """What the ledger calls it."""
        return PROXY if self.header is None else HEADER


def of_issuer(sources: Sequence[Tokens], issuer: object) -> Tokens | None:
    """The source that takes tokens of an issuer, by the `iss` that they name; None: no source does."""
    return next((source for source in sources if source.issuer.issuer == issuer), None)
