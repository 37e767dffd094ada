"""The proxy variables: whether they name a proxy, and for whom they do."""

from collections.abc import Iterator

from msgspec import Struct

from tollway.diagnosis.finding import Finding, doubtful, well, wrong

SUBJECT = "proxy variables"
OPTION = "--proxy"
SET = 'eval "$(tollway env)" for this shell, or `tollway run -- COMMAND` for one program'
_SHOWN = 3


class Named(Struct, frozen=True, kw_only=True):
    """The proxy that clients are led to, as far as it may be shown."""

    source: str
    """HTTPS_PROXY, https_proxy or --proxy: what names it."""
    place: str | None = None
    """Its host and port; None: none is named, or its URL is no proxy's."""
    secure: bool = False
    """Whether it is spoken to over TLS."""
    logs_in: bool = False
    """Whether its URL has credentials."""
    local: bool = False
    """Whether it is on this machine."""
    fault: str | None = None
    """What is wrong with its URL."""
    differ: bool = False
    """Whether HTTPS_PROXY and https_proxy are both set, to different values."""
    only_all_proxy: bool = False
    """Whether ALL_PROXY alone is set."""
    passed_by: tuple[str, ...] = ()
    """Providers' hosts that NO_PROXY takes past it."""

    @property
    def is_default(self) -> bool:
        """Whether it is where `tollway serve` listens and `tollway env` leads, if nothing else is said."""
        return self.place == "127.0.0.1:8080" and not (self.secure or self.logs_in)


def judge(named: Named) -> Iterator[Finding]:
    """What there is to say of them."""
    if named.fault is not None:
        yield wrong(SUBJECT, f"{named.source}: {named.fault}", _right(named))
    elif named.place is None:
        yield wrong(SUBJECT, _none(named), SET)
    elif named.differ:
        yield doubtful(
            SUBJECT,
            f"HTTPS_PROXY and https_proxy differ: curl, Python and Node read the second, Go and Tollway the "
            f"first ({named.place})",
            'set both: export https_proxy="$HTTPS_PROXY"',
        )
    else:
        yield well(SUBJECT, f"{named.source} names {named.place}")
    if named.passed_by:
        yield _passed_by(named.passed_by)


def _right(named: Named) -> str:
    return f"set {named.source} to http://HOST:PORT, or http://USER:TOKEN@HOST:PORT"


def _none(named: Named) -> str:
    if named.only_all_proxy:
        return "HTTPS_PROXY is not set; ALL_PROXY is, which Node, Go and Python's urllib do not read"
    return "HTTPS_PROXY is not set: programs reach providers past any Tollway"


def _passed_by(hosts: tuple[str, ...]) -> Finding:
    more = f" and {len(hosts) - _SHOWN} more hosts" if len(hosts) > _SHOWN else ""
    return wrong(
        "NO_PROXY",
        f"it takes {', '.join(hosts[:_SHOWN])}{more} past the proxy: such calls are not seen",
        "take what covers them out of NO_PROXY and no_proxy",
    )
