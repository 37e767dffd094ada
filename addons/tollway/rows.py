"""A call's row: what is known of it, and what it is charged."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from tollway.budget.amounts import Unit
from tollway.budget.charges import charged
from tollway.guardrails.verdict import Finding
from tollway.known import Known
from tollway.model import Asked, CallRecord, Cost, Report, Usage

NOTHING_ASKED, NO_USAGE = Asked(), Usage()

VIOLATED = "bound_violated"
"""Flag: it cost more than was held for it, which the bound table says can't be."""
IN_BACKGROUND = "background"
"""The shape of such a call whose answer was made in the background: its own is not known any more by then."""


def within_bound(record: CallRecord) -> CallRecord:
    """The row, flagged if it exceeds what was held for the call."""
    bound = record.bound
    if bound is None:
        return record
    used = charged(record)
    units = [unit for unit in (Unit.INPUT, Unit.OUTPUT, Unit.USD) if bound.of(unit)] or [Unit.INPUT]
    if all(used.of(unit) <= bound.of(unit) for unit in units):
        return record
    return replace(record, cost=replace(record.cost, flags=(*record.cost.flags, VIOLATED)))


def ended(
    known: Known, report: Report, cost: Cost, status: int | None, cut: bool, ended_us: int
) -> CallRecord:
    """The row of a call of which nothing more will be known. `cut`: it did not end by itself."""
    error = known.error or report.error
    if cut and error is None:
        error = "cut" if known.left else "not_connected"
    if known.abandoned:
        error = "abandoned"
    return row(known, "done", report, cost, status, error, ended_us)


def row(
    known: Known,
    state: str,
    report: Report,
    cost: Cost,
    status: int | None,
    error: str | None,
    ended_us: int | None,
) -> CallRecord:
    """A row, open or done."""
    asked, endpoint = known.asked or NOTHING_ASKED, known.endpoint
    model = asked.model or endpoint.model
    return CallRecord(
        id=known.id,
        state=state,
        started_us=known.started_us,
        first_byte_us=known.first_byte_us,
        ended_us=ended_us,
        client=known.client,
        network=known.identity.network,
        user=known.identity.user,
        team=known.identity.team,
        role=known.identity.role,
        service=known.identity.service,
        groups=known.identity.groups,
        claims=known.identity.attributes,
        identity=known.identity.source,
        verified=known.identity.verified,
        program=known.program,
        credential=known.credential,
        provider=endpoint.provider,
        host=known.host,
        operation=endpoint.operation or endpoint.kind.value,
        model_asked=known.ruling.asked or model,
        model=model or report.model,
        model_served=report.model,
        tier=report.tier or asked.tier,
        usage=report.usage or NO_USAGE,
        max_output_tokens=asked.max_output_tokens,
        tags=known.tags,
        cost=cost,
        billing=known.billing,
        status=status,
        stream=asked.stream or bool(endpoint.stream),
        request_bytes=known.request_bytes,
        response_bytes=known.response_bytes,
        session=asked.session,
        account=asked.account,
        response_id=report.id,
        error=error,
        limits=known.ruling.limits,
        bound=known.ruling.bound,
        action=done(known),
        findings=known.findings,
        cache=known.cache,
    )


def done(known: Known) -> str | None:
    """What guardrails, limits and routes did to it."""
    return ", ".join((*_said(known.findings), *known.ruling.actions)) or None


def _said(findings: Sequence[Finding]) -> Iterable[str]:
    """What guardrails in force did, each kind once."""
    return dict.fromkeys([one.said for one in findings if not one.shadow]) if findings else ()
