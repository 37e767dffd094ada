"""What the results of a batch come to, added up answer by answer: each at its own price."""

from collections.abc import Callable

from msgspec.structs import replace

from tollway.batches.answers import Answer
from tollway.model import Cost, Report, Source, Usage
from tollway.wire.openai_usage import summed

BATCH_TIER = "batch"
Price = Callable[[Report], Cost]
"""What one answer costs."""


class Sum:
    """Of one batch. An answer that comes twice, by its mark, counts once."""

    def __init__(self, price: Price) -> None:
        self._price = price
        self._marks: set[int] = set()
        """Hashes of the marks: eight bytes each, and nothing of what they say."""
        self.usage: Usage | None = None
        self.cost = Cost()
        self.answers = 0
        self.models: dict[str, None] = {}

    def add(self, answer: Answer) -> None:
        """Take one more."""
        if answer.mark:
            mark = hash(answer.mark)
            if mark in self._marks:
                return
            self._marks.add(mark)
        if answer.report is not None:
            self.take(answer.report)

    def take(self, report: Report) -> None:
        """Take what an answer reports."""
        report = replace(report, tier=BATCH_TIER)
        self.answers += 1
        if report.usage is not None:
            self.usage = report.usage if self.usage is None else summed((self.usage, report.usage))
        if report.model is not None and len(self.models) < 2:
            self.models[report.model] = None
        cost = self._price(report)
        self.cost = cost if self.answers == 1 else _plus(self.cost, cost)

    @property
    def model(self) -> str | None:
        """The one model that served; None: there were several, or none was said."""
        return next(iter(self.models)) if len(self.models) == 1 else None


def _plus(one: Cost, other: Cost) -> Cost:
    """Both: as sure as the less sure of them."""
    source = max(one.source, other.source, key=tuple(Source).index)
    return Cost(
        input_nano=one.input_nano + other.input_nano,
        cache_read_nano=one.cache_read_nano + other.cache_read_nano,
        cache_write_nano=one.cache_write_nano + other.cache_write_nano,
        output_nano=one.output_nano + other.output_nano,
        other_nano=one.other_nano + other.other_nano,
        source=source,
        price_version=one.price_version or other.price_version,
        flags=tuple(dict.fromkeys((*one.flags, *other.flags))),
    )


def spread(report: Report, answers: int, price: Price) -> Cost:
    """What so many answers cost of which only the sum is known: as if each had used as much.

    A long context makes an answer dearer, not a batch.
    """
    usage = report.usage or Usage()
    known = {name: count for name, count in usage.known().items() if count}
    mean = Usage(**{name: count // answers for name, count in known.items()})
    cost = _times(price(replace(report, usage=mean, tier=BATCH_TIER)), answers)
    rest = {name: count % answers for name, count in known.items() if count % answers}
    if rest:
        cost = _plus(cost, price(replace(report, usage=Usage(requests=0, **rest), tier=BATCH_TIER)))
    return cost


def _times(cost: Cost, times: int) -> Cost:
    return replace(
        cost,
        input_nano=cost.input_nano * times,
        cache_read_nano=cost.cache_read_nano * times,
        cache_write_nano=cost.cache_write_nano * times,
        output_nano=cost.output_nano * times,
        other_nano=cost.other_nano * times,
    )
