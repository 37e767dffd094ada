"""From what is known of a call to its row: what it used, what that costs, and where the figure comes from."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from tollway import rows
from tollway.answers import Answers
from tollway.batches.ending import awaits
from tollway.budget.amounts import Amounts
from tollway.known import Known
from tollway.model import (
    AWAITED,
    RETRIEVE,
    Asked,
    Billing,
    CallRecord,
    Cost,
    Kind,
    Report,
    Source,
    Usage,
)
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Ceiling, Leaving
from tollway.prices.priced import Priced
from tollway.prices.reach import speed_asked
from tollway.settlement import Verdict, completed, verdict
from tollway.wire import tokens
from tollway.wire.estimate import estimate
from tollway.wire.request_body import parsed

BYTES_PER_TOKEN = 4
"""Of English prose and code in JSON; only for the row of a call whose end nobody saw."""

REMEMBERED_RATES = 4096
HALF_HOUR_US = 1_800_000_000
SAMPLE = 1000
"""Tokens of the call that an input's rate is read from: few enough for the lowest step of every price."""

NOTHING_ASKED, NO_REPORT, NO_USAGE = Asked(), Report(), Usage()
FREE, UNKNOWN_CALL = Cost(), Cost(source=Source.NONE, flags=("unknown_call",))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

AT_BOUND = "charged_at_bound"
"""Flag: what it used is not known, so a hard limit charges all that it may have come to."""

Counter = Callable[[str], Callable[[str], int]]
"""For a model's name, what counts the tokens of a text: `wire.tokens.counter`, or one that remembers."""


class Charging:
    """Makes the rows. It reads what is known, and changes nothing of it.

    It remembers which answers were billed, so one instance sees all calls of a ledger, or of a file.
    """

    def __init__(self, book: PriceBook, counter: Counter = tokens.counter) -> None:
        self._book = book
        self._counter = counter
        self._answers = Answers()
        self._late: list[CallRecord] = []
        self._input_rates: dict[tuple[object, ...], Cost] = {}

    def ceiling(self, known: Known, body: Mapping[str, Any], dearest: bool = False) -> Ceiling | None:
        """The dearest that the call may be charged at; None where no price of its model is known.

        `body`: the request's members. `dearest`: such a model may cost what its provider's dearest one does.
        """
        return self._book.ceiling(_leaving(known, body), dearest)

    def likely(self, known: Known, body: Mapping[str, Any], usage: Usage) -> int:
        """What such a usage would cost, in nano-dollars, if the call is served as it asks."""
        return self._book.expected(_leaving(known, body), usage)

    def opened(self, known: Known) -> CallRecord:
        """The row before the request leaves: charged as if only the input will ever be known."""
        return rows.row(known, "open", NO_REPORT, self._input_cost(known), None, known.error, None)

    def closed(self, known: Known, status: int | None, cut: bool, ended_us: int) -> CallRecord | None:
        """The row of a call that ended; None where that takes an estimate, which takes a while."""
        report = known.reader.report() if known.reader is not None else NO_REPORT
        counted = self._counted(known, report, ended_us)
        ended = verdict(
            left=known.left,
            status=status,
            report=report,
            operation=known.endpoint.operation,
            counted=counted,
        )
        if counted:
            report = replace(report, usage=None, portions=())
        bound = known.ruling.bound
        untold = ended in (Verdict.TEXTS, Verdict.INPUT)
        if bound is not None and (untold or (ended is Verdict.REPORTED and _is_half(report, status, bound))):
            return self._at_bound(known, report, bound, status, cut, ended_us)
        if ended is Verdict.TEXTS and known.reader is not None:
            return None
        cost = Cost()
        if ended is Verdict.REPORTED:
            cost = self._cost(known, report)
        elif ended is not Verdict.NOTHING:
            cost = self._input_cost(known)
            if known.endpoint.kind is Kind.INFERENCE:
                report = replace(report, usage=_input_usage(known))
        return rows.within_bound(rows.ended(known, report, cost, status, cut, ended_us))

    def asks_for(self, known: Known) -> str | None:
        """What the answer goes by that a call shows, with its usage, if nothing is remembered of it: another
        process may have asked for it."""
        if known.endpoint.operation != RETRIEVE or known.reader is None:
            return None
        report = known.reader.report()
        answer = _answer(known, report)
        if report.usage is None or answer is None:
            return None
        return None if self._answers.knows(answer) else answer

    def recall(self, answer: str, row: CallRecord) -> None:
        """Remember the call that asked for an answer: it was billed, or its usage is still to come. What was
        remembered meanwhile stays."""
        if self._answers.knows(answer):
            return
        if awaits(row):
            self._answers.await_usage(answer, row)
        else:
            self._answers.bill(answer)

    def late(self) -> list[CallRecord]:
        """Rows of earlier calls whose usage has come with the last one that was closed; each only once."""
        late, self._late = self._late, []
        return late

    def guess(self, known: Known, report: Report, delivered: bytes) -> Usage:
        """What the request alone told of its bill, else what its texts and the answer's amount to.

        Counting tokens takes a while.
        """
        if (billed := _billed(known)) is not None:
            return billed
        model = report.model or _model(known) or ""
        texts = request_texts(known)
        guess = estimate(texts or (), delivered, self._counter(model), model)
        return guess if texts is not None else replace(guess, input_tokens=_input_tokens(known))

    def estimated(
        self,
        known: Known,
        report: Report,
        delivered: bytes,
        guess: Usage,
        *,
        status: int | None,
        cut: bool,
        ended_us: int,
    ) -> CallRecord:
        """The row of a call whose usage was guessed, for what was not reported."""
        streams = (known.asked or NOTHING_ASKED).stream
        if not delivered and not report.complete and not streams and _billed(known) is None:
            # JSON that broke off shows no texts, only their size.
            guess = replace(guess, output_tokens=-(-known.response_bytes // BYTES_PER_TOKEN))
        used = completed(report.usage, guess)
        cost = self._cost(known, replace(report, usage=used, portions=()), estimated=True)
        answer = _answer(known, report) if report.usage is None and report.error is None else None
        if answer is not None:
            cost = replace(cost, flags=(*cost.flags, AWAITED))
        record = rows.ended(known, replace(report, usage=used), cost, status, cut, ended_us)
        if answer is not None:
            self._answers.await_usage(answer, record)
        return record

    def failed(self, known: Known, status: int | None, ended_us: int) -> CallRecord:
        """The row of a call that could not be settled because our own code failed: its bytes, as tokens, or
        under a hard limit all that it may have come to."""
        if known.left and known.ruling.bound is not None:
            row = self._at_bound(known, NO_REPORT, known.ruling.bound, status, False, ended_us)
            return replace(row, error="tollway_failed")
        output = -(-known.response_bytes // BYTES_PER_TOKEN)
        report = Report(usage=replace(_input_usage(known), output_tokens=output))
        cost = Cost()
        if known.left:
            inference = known.endpoint.kind is Kind.INFERENCE
            cost = self._cost(known, report, estimated=True) if inference else _unread_cost(known)
        return rows.row(known, "done", report, cost, status, "tollway_failed", ended_us)

    def _at_bound(
        self, known: Known, report: Report, bound: Amounts, status: int | None, cut: bool, ended_us: int
    ) -> CallRecord:
        """The row of a call under a hard limit that may have cost all that is held for it."""
        used = Usage(input_tokens=bound.input_tokens, output_tokens=bound.output_tokens)
        report = replace(report, usage=used, portions=())
        if bound.nano:
            cost = Cost(other_nano=bound.nano, source=Source.ESTIMATED, price_version="bound")
        else:  # only tokens or requests are limited
            cost = self._cost(known, report, estimated=True)
        answer = _answer(known, report) if status is not None and report.error is None else None
        flags = (*cost.flags, AT_BOUND, *((AWAITED,) if answer is not None else ()))
        record = rows.ended(known, report, replace(cost, flags=flags), status, cut, ended_us)
        if answer is not None:
            self._answers.await_usage(answer, record)
        return record

    def _counted(self, known: Known, report: Report, ended_us: int) -> bool:
        """Whether the answer is billed elsewhere; it is from now on, if this one reports its usage.

        One that is only shown, and that nobody here asked for, is billed here; but under a hard limit it was
        held, and charged at its bound, by whoever did: another process of the ledger, or this one before.
        """
        answer = _answer(known, report)
        if answer is None or report.usage is None:
            return False
        shown = known.endpoint.operation == RETRIEVE
        if shown and self._answers.was_billed(answer):
            return True
        asked = self._answers.bill(answer)
        if not shown:
            return False
        if asked is None:
            return known.ruling.bound is not None
        self._late.append(self._with_usage(asked, report, ended_us))
        return True

    def _with_usage(self, row: CallRecord, report: Report, ended_us: int) -> CallRecord:
        """The row of a call whose answer was made in the background, once its usage is known."""
        cost = self.answered(row, report)
        assert report.usage is not None
        tier, served = report.tier or row.tier, report.model or row.model_served
        amended = replace(
            row,
            state="done",
            ended_us=row.ended_us or ended_us,
            usage=report.usage,
            cost=cost,
            tier=tier,
            model_served=served,
            error=report.error,
        )
        return rows.within_bound(amended)

    def answered(self, row: CallRecord, report: Report) -> Cost:
        """What an answer costs that came later than the call which asked for it."""
        return self._book.price(
            Priced(
                provider=row.provider,
                host=row.host,
                operation=row.operation,
                model_asked=row.model_asked,
                report=report,
                tier_asked=row.tier,
                at=moment(row.started_us),
                notional=row.billing is Billing.NOTIONAL,
            )
        )

    def _cost(self, known: Known, report: Report, estimated: bool = False) -> Cost:
        return self._book.price(
            Priced(
                provider=known.endpoint.provider,
                host=known.host,
                operation=known.endpoint.operation,
                model_asked=_model_priced(known),
                report=report,
                tier_asked=known.asked.tier if known.asked else None,
                at=moment(known.started_us),
                estimated=estimated,
                notional=known.billing is Billing.NOTIONAL,
            )
        )

    def _input_cost(self, known: Known) -> Cost:
        """What the input alone is estimated to cost: a price per token, asked for once a model and half hour.

        Some prices depend on the time of day; the book, too, tells half hours apart.
        """
        if known.endpoint.kind is not Kind.INFERENCE:
            return _unread_cost(known)
        if (billed := _billed(known)) is not None:
            return self._cost(known, Report(usage=billed), estimated=True)
        key = (
            known.endpoint.provider,
            known.host,
            known.endpoint.operation,
            _model_priced(known),
            known.asked.tier if known.asked else None,
            known.billing,
            known.started_us // HALF_HOUR_US,
        )
        rate = self._input_rates.get(key)
        if rate is None:
            sample = Report(usage=Usage(input_tokens=SAMPLE))
            rate = self._input_rates[key] = self._cost(known, sample, estimated=True)
            if len(self._input_rates) > REMEMBERED_RATES:
                self._input_rates.clear()
        return replace(rate, input_nano=rate.input_nano * _input_tokens(known) // SAMPLE)


def guess_by_size(known: Known, delivered: bytes) -> Usage:
    """The guess where texts could not be counted: bytes, as tokens."""
    return replace(_input_usage(known), output_tokens=len(delivered) // BYTES_PER_TOKEN)


def request_texts(known: Known) -> Iterable[str] | None:
    """What the model was given to read; None if the request is not what its dialect says."""
    if known.dialect is None or (body := parsed(known.body, known.media_type)) is None:
        return None
    return known.dialect.texts(body)


def _unread_cost(known: Known) -> Cost:
    """Of a call that no dialect reads; a free one is in the ledger for what guardrails found in it."""
    return FREE if known.endpoint.kind is Kind.PASS else UNKNOWN_CALL


def _is_half(report: Report, status: int | None, bound: Amounts) -> bool:
    """Whether an answer told its input or its output alone, though both may have been billed."""
    usage = report.usage
    if usage is None or report.cost_nano is not None or status is None or status >= 300:
        return False
    both = ((usage.input_tokens, bound.input_tokens), (usage.output_tokens, bound.output_tokens))
    lacking = [most > 0 for told, most in both if told is None]
    return len(lacking) == 1 and lacking[0]  # neither: it bills in other units


def _answer(known: Known, report: Report) -> str | None:
    """What an answer goes by that may be shown again; None if it has no id, or no way to be shown."""
    if not known.endpoint.shows_again or report.id is None:
        return None
    return f"{known.endpoint.provider} {report.id}"


def _leaving(known: Known, body: Mapping[str, Any]) -> Leaving:
    return Leaving(
        provider=known.endpoint.provider,
        host=known.host,
        operation=known.endpoint.operation,
        model=_model_priced(known),
        tier=known.asked.tier if known.asked else None,
        speed=speed_asked(known.endpoint.provider, body),
        at=moment(known.started_us),
        notional=known.billing is Billing.NOTIONAL,
    )


def moment(us: int) -> datetime:
    """A time of the ledger's."""
    return EPOCH + timedelta(microseconds=us)


def _model(known: Known) -> str | None:
    return (known.asked.model if known.asked else None) or known.endpoint.model


def _model_priced(known: Known) -> str | None:
    """As a router has it that is asked for who is to serve: `model:upstream` (Hugging Face)."""
    model, upstream = _model(known), known.endpoint.upstream
    return f"{model}:{upstream}" if model and upstream else model


def _input_tokens(known: Known) -> int:
    size = len(known.body) if known.body is not None else known.request_bytes
    return -(-size // BYTES_PER_TOKEN)


def _input_usage(known: Known) -> Usage:
    return _billed(known) or Usage(input_tokens=_input_tokens(known))


def _billed(known: Known) -> Usage | None:
    """What the request alone tells of its bill: an upload's bytes are no tokens, and an image's neither."""
    return known.asked.billed if known.asked else None
