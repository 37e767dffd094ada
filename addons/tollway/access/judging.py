"""What a policy's access rules make of a call, and what its caller is told where they refuse it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tollway import rows
from tollway.access.named import NOT_A_BODY, Named, named
from tollway.access.rules import Access, Verdict
from tollway.access.spelling import spelled
from tollway.budget.attributes import UNKNOWN_GROUPS, Value, vouched
from tollway.known import Known
from tollway.model import BATCH, Cost, Kind, Report
from tollway.policy.schema import Faults

NOBODY_TELLS = "nothing tells which model {} stands for"
GROUPS = "the caller is in more groups than its token can say"
NO_REPORT, NO_COST = Report(), Cost()
FREE = Named(unknown="it runs none", tells_operation=False)
"""What costs nothing, whose models and operation are nobody's concern."""
LONGEST = 64
"""Characters of a model's name that are repeated."""


class Denial(Struct, frozen=True):
    """A refusal."""

    status: int
    message: str
    code: str


def denial(
    access: Access,
    call: Known,
    parsed: Mapping[str, Any] | None,
    faults: Faults,
    batch: Named | None = None,
) -> Denial | None:
    """Why a call is not admitted; None: it is. `parsed`: its body's members, None if nothing read them;
    `batch`: what the requests name that it hands in, once they are read."""
    is_free = call.endpoint.kind is Kind.PASS
    if is_free:
        found = FREE
    elif batch is not None:
        found = batch
    else:
        found = named(call.endpoint, parsed, call.body, call.media_type, access.needs_models)
    known = vouched(rows.row(call, "open", NO_REPORT, NO_COST, None, None, None))
    verdict = access.verdict(known, found, is_free or _is_waived(call, parsed, faults))
    if verdict.allowed:
        return None
    why = None if verdict.sure else doubt(verdict, found, known)
    if why is NOT_A_BODY:
        return Denial(400, message(verdict, known, why), "unreadable")
    return Denial(403, message(verdict, known, why), "access_denied")


def message(verdict: Verdict, known: Mapping[str, Value], why: str | None = None) -> str:
    """What the caller is told. `why`: what keeps anybody from knowing whether the rule is about the call."""
    if verdict.rule is None:
        return f"no access rule allows {_what(verdict, known)}" + (f": {why}" if why else "")
    if why:
        return f"the access rule {verdict.rule.name} may be about this call, and {why}"
    return f"the access rule {verdict.rule.name} denies {_what(verdict, known)}"


def _what(verdict: Verdict, known: Mapping[str, Value]) -> str:
    operation, model = known.get("operation"), verdict.model or known.get("model")
    where = f" at {provider}" if (provider := known.get("provider")) else ""
    if isinstance(model, str):
        return f"{model[:LONGEST]}{where} ({operation})"
    return f"{'free' if operation == Kind.PASS else operation} calls{where}"


def doubt(verdict: Verdict, found: Named, known: Mapping[str, Value]) -> str | None:
    """What nobody knows. None: it is only that the model goes by another name."""
    if verdict.model:
        if verdict.model in found.opaque or not spelled(verdict.model).is_clear:
            return NOBODY_TELLS.format(verdict.model[:LONGEST])
    elif found.unknown is not None:
        return found.unknown
    return GROUPS if known.get("group") == UNKNOWN_GROUPS else None


def _is_waived(call: Known, parsed: Mapping[str, Any] | None, faults: Faults) -> bool:
    """Whether the policy lets pass what nothing reads, of which this is."""
    if call.endpoint.kind is Kind.UNKNOWN and call.endpoint.operation == BATCH:
        return faults.batch == "allow"
    return parsed is None and faults.unknown_call == "pass"
