"""The keys that an issuer publishes: at the address that its own document names, at another, or in a file."""

import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from tollway.identity.discovery import is_safe, jwks_uri, well_known
from tollway.identity.keys import LARGEST, KeySet, key_set
from tollway.issuers.fetch import SECONDS, fetch


class Published(Struct, frozen=True, kw_only=True):
    """The keys of an issuer at one moment."""

    keys: KeySet
    max_age: int | None = None
    """Seconds for which they stay true, as their server says."""


def published(
    issuer: str, jwks: str | None = None, clock: Callable[[], float] = time.monotonic
) -> Published | str:
    """The keys; a text: why there are none. Blocks, so not on an event loop; for some seconds in all.

    `jwks`: a URL, or the path of a file; None: what the issuer's discovery document names.
    """
    end = clock() + SECONDS
    if jwks is None:
        place = well_known(issuer)
        found = fetch(place, LARGEST, end - clock(), clock)
        if isinstance(found, str):
            return f"{place}: {found}"
        try:
            jwks = jwks_uri(found.body, issuer)
        except ValueError as error:
            return f"{place}: {error}"
    return _at(jwks, end - clock(), clock) if "://" in jwks else _in(Path(jwks))


def _at(url: str, seconds: float, clock: Callable[[], float]) -> Published | str:
    if not is_safe(url):
        return f"{url}: keys are taken by https only"
    found = fetch(url, LARGEST, seconds, clock)
    keys = found if isinstance(found, str) else key_set(found.body)
    if isinstance(found, str) or isinstance(keys, str):
        return f"{url}: {keys}"
    return Published(keys=keys, max_age=found.max_age)


def _in(path: Path) -> Published | str:
    try:
        with path.open("rb") as file:
            keys = key_set(file.read(LARGEST + 1))
    except OSError as error:
        return f"{path}: {error.strerror}"
    return f"{path}: {keys}" if isinstance(keys, str) else Published(keys=keys, max_age=0)
