"""One authority after another: from a given time on the next one signs, and clients trust both meanwhile.

Why a time, and not at once: a client that does not trust the next root yet is cut off by the first leaf of
it; and a fleet takes it over at one moment, on whichever machine it was made.
"""

from dataclasses import dataclass
from datetime import datetime

from tollway.ca.anchor import Anchor, Anchors
from tollway.ca.authority import Authority, AuthorityError

NO_KEY = (
    "the key of the certificate authority {} is not in its folder: name where it is with --ca-key of "
    "`tollway serve`, or make another authority (`tollway ca init --force`)"
)


@dataclass(frozen=True)
class Next:
    """The one that takes over."""

    anchor: Anchor
    since: datetime
    """From then on it signs."""


@dataclass(frozen=True)
class Succession:
    """The authority that there is, and the next one, if it is made. Those whose key is at hand are an
    `Authority`; of the others there is the root alone."""

    first: Anchor
    next: Next | None = None

    def standing(self, now: datetime) -> Anchor:
        """The one whose time it is."""
        return self.next.anchor if self.next is not None and now >= self.next.since else self.first

    def signing(self, now: datetime) -> Authority:
        """The one to sign with. Where the key of the one whose time it is lacks, the former one goes on: its
        root is still trusted. Raises AuthorityError where that has none either, or has ended."""
        standing = self.standing(now)
        if isinstance(standing, Authority):
            return standing
        if isinstance(self.first, Authority) and now < self.first.ends():
            return self.first
        raise AuthorityError(NO_KEY.format(standing.id))

    def trusted(self, now: datetime) -> Anchors:
        """Whom clients are to trust: the one whose time it is, and the other one unless it has ended."""
        standing = self.standing(now)
        others = [self.first] if self.next is None else [self.first, self.next.anchor]
        return Anchors((standing, *(each for each in others if each is not standing and now < each.ends())))

    def lacking(self) -> tuple[str, ...]:
        """The ids of those that sign, now or later, and whose key is not at hand."""
        those = [self.first] if self.next is None else [self.next.anchor]
        return tuple(each.id for each in those if not isinstance(each, Authority))
