"""What pages show, for programs: money as decimal strings in USD, times in the zone."""

from typing import Any

import msgspec

from tollway.identity.whoami import Whoami
from tollway.ledger.pages import Reason
from tollway.live.as_json import as_json as snapshot_as_json
from tollway.live.as_json import line_as_json, live_call_as_json
from tollway.page.looks import Everything, Mine
from tollway.page.reasons import is_refusal
from tollway.page.setup import Setup
from tollway.reporting.budgets import bucket_as_json, iso


def first_as_json(who: Whoami, mine: Mine, is_administrator: bool) -> dict[str, Any]:
    """Of `/`."""
    return {"who": msgspec.to_builtins(who), "administrator": is_administrator, **calls_as_json(mine),
            **budgets_as_json(mine)}  # fmt: skip


def calls_as_json(mine: Mine) -> dict[str, Any]:
    """Of `/calls`: the sums are over all calls of today, `calls` has the latest."""
    return {
        "at": iso(mine.now_us, mine.zone),
        "timezone": mine.zone.key,
        "today": line_as_json(mine.total),
        "spent": {
            by: [{"value": line.value, **line_as_json(line)} for line in lines]
            for by, lines in mine.spent.items()
        },
        "unanswered": [reason_as_json(each) for each in mine.reasons],
        "calls": [live_call_as_json(call, mine.zone, mine.orphaned) for call in mine.calls],
    }


def budgets_as_json(mine: Mine) -> dict[str, Any]:
    """Of `/budgets`; as `tollway budgets --format json` has them."""
    return {"budgets": [bucket_as_json(each, mine.zone) for each in mine.standings]}


def everything_as_json(found: Everything) -> dict[str, Any]:
    """Of `/all`; as `tollway top --format json` has it."""
    return {
        **snapshot_as_json(found.snapshot),
        "unanswered": [reason_as_json(each) for each in found.reasons],
    }


def reason_as_json(reason: Reason) -> dict[str, Any]:
    """Calls of one reason."""
    return {
        "error": reason.error,
        "refused": is_refusal(reason.error),
        "limits": list(reason.limits),
        "calls": reason.calls,
    }


def setup_as_json(said: Setup) -> dict[str, Any]:
    """Of `/setup`."""
    roots = [
        {"id": root.id, "sha256": root.fingerprint, "ends": root.ends.isoformat()}
        for root in (said.root, *said.others)
    ]
    return {
        "ca": {"url": "http://tollway.internal/ca.pem", **roots[0], "others": roots[1:]},
        "proxy": said.proxy,
        "system": said.target,
    }
