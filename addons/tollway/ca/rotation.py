"""How one authority takes another's place: the next is made, both are trusted, the former is no more."""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from tollway.ca import record, store
from tollway.ca.anchor import Anchor
from tollway.ca.authority import Authority
from tollway.ca.make import make
from tollway.ca.succession import Next, Succession


def rotate(
    folder: Path,
    hosts: Iterable[str],
    now: datetime,
    since: datetime,
    hand_over: store.HandOver | None = None,
) -> tuple[Authority, Succession]:
    """Make the authority that signs from `since` on, and the succession that there is by now. `hand_over`
    takes its key, which then is not in the folder.

    Raises StoreError where there is none whose place it could take, or where there is a next one already.
    """
    path, before = store.next_path(folder), store.succession(folder, now)
    if before is None:
        raise store.StoreError(
            f"there is no certificate authority in {folder} yet: `tollway ca init` makes one"
        )
    if before.next is not None:
        raise store.StoreError(
            f"{path}: {before.next.anchor.id} is to sign from {at(before.next.since)} on: let it, and then "
            "run `tollway ca retire`; or delete that file, and rotate again"
        )
    fresh = make(hosts, now)
    if hand_over is not None:
        hand_over(record.key_pem(fresh))
    if not store.put(path, record.dump(fresh, since, with_key=hand_over is None)):
        raise store.StoreError(f"{path}: somebody else made it just now: `tollway ca show` says which it is")
    found = Succession(before.first, Next(fresh, since))
    store.write_roots(folder, found.trusted(now))
    return fresh, found


def retire(folder: Path, now: datetime) -> tuple[Anchor, Succession]:
    """Have the former authority be no more, its key with it: who it was, and what there is by now.

    Raises StoreError where none has taken its place yet.
    """
    found = store.succession(folder, now)
    if found is None or found.next is None:
        raise store.StoreError(
            f"no certificate authority in {folder} takes another's place: nothing to retire"
        )
    if now < found.next.since:
        raise store.StoreError(
            f"{found.next.anchor.id} signs from {at(found.next.since)} on, and {found.first.id} until then: "
            "clients would be cut off; retire it later"
        )
    with store.spoken(store.secret_path(folder)):
        os.replace(store.next_path(folder), store.secret_path(folder))
    left = Succession(found.next.anchor)
    store.write_roots(folder, left.trusted(now))
    return found.first, left


def at(time: datetime) -> str:
    """A time in UTC, for people."""
    return f"{time:%Y-%m-%d %H:%M} UTC"
