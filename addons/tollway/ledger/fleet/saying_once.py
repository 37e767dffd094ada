"""What all processes of a fleet are to know of at once, and to say once."""

import msgspec

from tollway.budget.bucket import Bucket
from tollway.ledger.fleet.describing import expires_ms
from tollway.ledger.fleet.desk import Desk
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import Server, script
from tollway.ledger.store import Quarantined, Told
from tollway.ledger.told import KEPT_US, kept

ALERT, TOLD = script("alert"), script("told")


class Found(msgspec.Struct, frozen=True, array_like=True):
    """As it is kept."""

    at_us: int
    found: Quarantined


def quarantine(desk: Desk, found: Quarantined, at_us: int) -> bool:
    """As `Incidents.quarantine`."""
    told = msgspec.msgpack.encode(Found(at_us, found))
    return bool(desk.ask("HSETNX", desk.names.named("quarantine"), found.alert, told))


def quarantined(desk: Desk) -> tuple[Quarantined, ...]:
    """As `Incidents.quarantined`."""
    told = desk.ask("HVALS", desk.names.named("quarantine"))
    kept = sorted((msgspec.msgpack.decode(each, type=Found) for each in told), key=lambda each: each.at_us)
    return tuple([each.found for each in kept])


def first_alert(desk: Desk, bucket: Bucket, level: int, at_us: int) -> bool:
    """As `Incidents.first_alert`."""
    rolling_us = "" if bucket.rolling_us is None else bucket.rolling_us
    values = (level, at_us, rolling_us, expires_ms(bucket, at_us))
    return bool(desk.do(ALERT, (f"{desk.names.bucket(bucket)}:alerts",), values))


def first_told(desk: Desk, name: str, at_us: int, again_after_us: int | None = None, text: str = "") -> bool:
    """As `Incidents.first_told`."""
    until_us = "" if again_after_us is None else at_us + again_after_us
    values = (name, at_us, until_us, kept(text), max(0, at_us - KEPT_US))
    return bool(desk.do(TOLD, (desk.names.named("told"), desk.names.named("told:until")), values))


def told(server: Server, names: Names, since_us: int) -> list[Told]:
    """As `Books.told`. Raises LedgerError."""
    words: dict[bytes, bytes] = server.ask("HGETALL", names.named("told"))
    found = []
    for name, said in words.items():
        at, _, text = said.decode().split(" ", 2)
        if text and int(at) >= since_us:
            found.append(Told(name=name.decode(), at_us=int(at), text=text))
    return sorted(found, key=lambda one: (one.at_us, one.name))
