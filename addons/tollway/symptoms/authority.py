"""This machine's certificate authority, and the root that the proxy's certificates should go back to."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tollway.ca import root, store
from tollway.ca.authority import AuthorityError, warning
from tollway.diagnosis.authority import Held
from tollway.diagnosis.certificates import Expected
from tollway.errors import TollwayError


def held(folder: Path, hosts: Sequence[str], now: datetime) -> Held:
    """What the `ca` folder has; nothing is made. `hosts`: the providers'."""
    try:
        succession = store.succession(folder, now)
    except TollwayError as error:
        return Held(failure=str(error))
    if succession is None:
        return Held()
    found, last = succession.standing(now), succession.trusted(now).all[-1]
    return Held(
        id=found.id, ends=found.ends(), ends_soon=warning(last, now), uncovered=found.uncovered(hosts)
    )


def expected(folder: Path, chosen: Path | None) -> Expected | None:
    """The root that is at hand: --ca's, else this machine's own, whether it has ended or not.

    Raises AuthorityError for a --ca that is none.
    """
    path = chosen or store.root_path(folder)
    try:
        first, *others = root.read(path).ids
        return Expected(authority=first, others=tuple(others), file=str(path), chosen=chosen is not None)
    except AuthorityError:
        if chosen is not None:
            raise
        return None
