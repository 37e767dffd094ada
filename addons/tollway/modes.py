"""The ways in: how clients reach the proxy (`--mode`), and where it listens for each."""

from collections.abc import Sequence
from typing import NamedTuple

from tollway.environment.upstream import upstream
from tollway.errors import TollwayError

UNSEEN = ("wireguard", "local", "tun", "dns")
"""Modes of mitmproxy in which not all calls are seen: they take UDP, which HTTP/3 goes by."""
REVERSE = ("http", "https")
UPSTREAM = "upstream:"


class Modes(NamedTuple):
    """As the engine takes them."""

    specs: tuple[str, ...]
    """mitmproxy's, without any login."""
    logins: dict[tuple[str, int], str]
    """What is shown to the proxies that are gone by way of, by their addresses."""


def by_way_of(url: str) -> Modes:
    """A proxy that goes by way of the one at this URL. ValueError says what is wrong, and quotes nothing."""
    logins: dict[tuple[str, int], str] = {}
    proxy = upstream(url)
    if proxy.credentials is not None:
        logins[proxy.host, proxy.port] = proxy.credentials
    return Modes((f"{UPSTREAM}{proxy.scheme}://{proxy.place}",), logins)


def modes(specs: Sequence[str], listens: Sequence[tuple[str, int]] = ()) -> Modes:
    """These modes, each at each of these addresses; one may name its own (`regular@9000`).

    Raises TollwayError, which quotes no login.
    """
    found: list[str] = []
    logins: dict[tuple[str, int], str] = {}
    for spec in specs:
        known, at, place = spec.rpartition("@") if _says_where(spec) else (spec, "", "")
        if known.startswith(UPSTREAM) and "@" in known:
            try:
                (known,), login = by_way_of(known.removeprefix(UPSTREAM))
            except ValueError as error:
                raise TollwayError(f"--mode upstream: {error}") from None
            logins |= login
        _check(known)
        places = (
            [f"@{host}:{port}" for host, port in listens] if len(listens) > 1 and not at else [at + place]
        )
        found += [known + each for each in places]
    return Modes(tuple(found), logins)


def _says_where(spec: str) -> bool:
    """Whether what stands behind an @ is where to listen, and not the proxy behind a login."""
    before, at, place = spec.rpartition("@")
    return bool(at) and (
        place.isdigit() or not spec.startswith(UPSTREAM) or "@" in before or "://" not in spec
    )


def _check(spec: str) -> None:
    """Refuse what would take calls out of sight; what else is wrong with it the engine says."""
    kind, _, rest = spec.lower().partition(":")
    scheme, slashes, _ = rest.partition("://")
    if kind.partition("@")[0] in UNSEEN or (kind == "reverse" and slashes and scheme not in REVERSE):
        shown = f"{kind}:{scheme}" if slashes else kind
        raise TollwayError(f"--mode {shown}: refused, calls would pass unseen")
