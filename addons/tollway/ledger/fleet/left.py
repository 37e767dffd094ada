"""Journals of this machine that no process has: fewer workers run than did, or others took their place.

Redis keeps what they were told to have spent. Where it lost that, one that runs tells it again, before it
says that it has told all of its own: until then hard limits are closed.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tollway.ledger.connect import connect_to_read
from tollway.ledger.fault import FAULTS, LedgerError, unread
from tollway.ledger.fleet.journal import Journal, acquaintance

logger = logging.getLogger(__name__)

UNREAD = (
    "%s; what it says was spent can't be told anew: if Redis lost it, hard limits stay closed for as long as "
    "they do for a machine that is gone, and lack it after that"
)


def tell_left(folder: Path, server: str, tell: Callable[[Journal], str], lost: bool = False) -> bool:
    """Have each of them told to this server (its run id), unless it was; whether all could be read. `lost`:
    it has lost what it was told (FLUSHALL). `tell` says which one it told.

    Raises LedgerError: then not all were, and it is to be tried again. One that can't be read never will be:
    the log says so.
    """
    all_read = True
    for journal in Journal.left(folder):
        try:
            was_told = _told(journal.path) == server and not lost
            is_told = was_told or tell(journal) == server
        except LedgerError as error:
            logger.error(UNREAD, error)
            all_read = False
            continue
        finally:
            journal.let_go()
        if not is_told:
            raise LedgerError(f"ledger {journal.path}: the fleet was not told what was spent there")
    return all_read


def _told(path: Path) -> str:
    """The server that was told all of it last."""
    try:
        with closing(connect_to_read(path)) as db:
            return acquaintance(db).server
    except FAULTS as error:
        raise unread(error, path) from None
