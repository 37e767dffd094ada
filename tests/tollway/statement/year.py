"""A year of calls that were made up, whose totals are added up here call by call, and not by the ledger."""

import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tollway.budget.amounts import Amounts
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.model import Billing, CallRecord, Cost, Source, Usage
from tollway.reporting.periods import local, moment

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2025, 12, 1, tzinfo=BERLIN)
NOW_US = moment(datetime(2026, 12, 1, 9, 30, tzinfo=BERLIN))
TEAMS = ("research", "platform", "=SUM(A1)", None)
USERS = ("ann", "bob", "<b>eve</b>|x", None)
MODELS = (
    ("anthropic", "claude-opus-4-8"),
    ("anthropic", "claude-haiku-4-5"),
    ("openai", "gpt-5"),
    ("gemini", None),
)
PROGRAMS = ("claude-cli", "codex", None)
ERRORS = ("over_limit", "over_rate", "access_denied", "abandoned")


def year(calls: int = 1500, seed: int = 7) -> list[CallRecord]:
    """Calls of the twelve months up to the end of November 2026, some of them refused."""
    chance = random.Random(seed)
    return [_call(f"c{n}", chance) for n in range(calls)]


def write(path: Path, calls: Iterable[CallRecord]) -> str:
    """The URL of a ledger of these calls."""
    with closing(connect(path, "process")) as db:
        db.execute("BEGIN")
        db.executemany(UPSERT, [row_of(each, "p") for each in calls])
        db.execute("COMMIT")
    return f"sqlite:{path}"


def of_month(calls: Iterable[CallRecord], month: str, zone: ZoneInfo = BERLIN) -> list[CallRecord]:
    """Those that started in a month of the zone, as 2026-11."""
    return [each for each in calls if f"{local(each.started_us, zone):%Y-%m}" == month]


def spent(calls: Iterable[CallRecord]) -> int:
    """What metered calls cost, in nano-dollars."""
    return sum(each.cost.nano for each in calls if each.billing is Billing.METERED)


def notional(calls: Iterable[CallRecord]) -> int:
    """What the others would have cost."""
    return sum(each.cost.nano for each in calls if each.billing is not Billing.METERED)


def by[T](calls: Sequence[CallRecord], of: Callable[[CallRecord], T]) -> dict[T, list[CallRecord]]:
    """The calls by something of theirs."""
    found: dict[T, list[CallRecord]] = {}
    for each in calls:
        found.setdefault(of(each), []).append(each)
    return found


def _call(id: str, chance: random.Random) -> CallRecord:
    at = FIRST + timedelta(seconds=chance.randrange(365 * 86_400 - 3600))
    provider, model = chance.choice(MODELS)
    who: dict[str, Any] = {
        "team": chance.choice(TEAMS), "user": chance.choice(USERS), "program": chance.choice(PROGRAMS),
        "session": chance.choice((None, f"s{chance.randrange(60)}")), "provider": provider, "model": model,
        "started_us": moment(at), "operation": "chat",
    }  # fmt: skip
    if chance.random() < 0.1:
        error = chance.choice(ERRORS)
        bound = Amounts(nano=chance.randrange(10**9), requests=1) if error == "over_limit" else None
        action = "wait, block by burst" if error == "over_rate" else "block"
        return CallRecord(
            id=id, state="done", error=error, bound=bound, limits=("day", "burst"), action=action, **who
        )  # fmt: skip
    if chance.random() < 0.1:
        saved = chance.randrange(10**9)
        return CallRecord(id=id, state="done", status=200, cache="hit", saved_nano=saved, **who)
    cost = Cost(
        input_nano=chance.randrange(10**10),
        output_nano=chance.randrange(10**10),
        source=chance.choice((Source.COMPUTED, Source.PROVIDER, Source.ESTIMATED)),
    )
    return CallRecord(
        id=id,
        state="done",
        status=200,
        cost=cost,
        cache=chance.choice((None, None, "miss")),
        billing=chance.choice((Billing.METERED, Billing.METERED, Billing.NOTIONAL)),
        usage=Usage(input_tokens=chance.randrange(10**6), output_tokens=chance.randrange(10**4)),
        tags={"project": chance.choice(("apollo", "zeus"))},
        **who,
    )
