"""A usage times a schedule of rates: exact nano-dollars, by part.

Counts are as `Usage` defines them: input includes what caches gave and took, output includes reasoning.
Modalities with a price of their own are taken out of the plain tokens. A usage that contradicts itself is
never refused: nothing that was reported is dropped, nothing is counted twice, and the charge says so.

The arithmetic is exact: counts are bounded, so products stay within a Decimal's 28 digits.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tollway.model import Usage
from tollway.prices.rates import ZERO, Rates, Schedule

MAX_COUNT = 10**12
"""No call uses more of anything: a count above it is a lie, and would not fit the ledger's integers."""
MAX_PART = 10**15
"""Nano-dollars: a million USD, the most that the ledger takes, so that sums fit 64 bits."""


class Charge(NamedTuple):
    """What a usage costs, in nano-dollars, not yet rounded."""

    input: Decimal = ZERO
    cache_read: Decimal = ZERO
    cache_write: Decimal = ZERO
    output: Decimal = ZERO
    other: Decimal = ZERO
    consistent: bool = True
    """False: the usage contradicted itself, or a modality's share of the cache was not said."""
    complete: bool = True
    """False: there were tool calls that have no known price."""

    def plus(self, other: "Charge") -> "Charge":
        """The sum, part by part; the flags hold if both do."""
        return Charge(
            self.input + other.input,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.output + other.output,
            self.other + other.other,
            self.consistent and other.consistent,
            self.complete and other.complete,
        )


def charge(usage: Usage, schedule: Schedule) -> Charge:
    """What the usage costs."""
    read = _count(usage.cache_read_tokens)
    write = _count(usage.cache_write_tokens)
    long = _count(usage.cache_write_1h_tokens)
    longest = _count(usage.cache_write_12h_tokens)
    said = _count(usage.input_tokens)
    out = _count(usage.output_tokens)
    written = write if write >= long + longest else long + longest
    total = said if said >= read + written else read + written
    rates = schedule.at(total)
    fresh = total - read - written
    consistent = total == said and written == write
    plain, cached, made = rates.input * fresh, rates.cache_read * read, rates.output * out
    if rates.modal:
        plain, cached, made, sound = _by_modality(usage, rates, fresh, read, out)
        consistent = consistent and sound
    return Charge(
        plain + _units_in(usage, rates),
        cached,
        rates.cache_write * (written - long - longest)
        + rates.cache_write_1h * long
        + rates.cache_write_12h * longest,
        made + rates.image * _count(usage.images) if usage.images else made,
        fees(usage, rates),
        consistent and _sane(usage),
        not (usage.tool_calls and rates.tool_call is None),
    )


def fees(usage: Usage, rates: Rates) -> Decimal:
    """Searches, tool calls and the fee per request."""
    fee = rates.request * (1 if usage.requests is None else _count(usage.requests))
    if usage.web_searches:
        fee += rates.web_search * (1 if rates.search_once else _count(usage.web_searches))
    if usage.tool_calls and rates.tool_call is not None:
        fee += rates.tool_call * _count(usage.tool_calls)
    return fee


def _units_in(usage: Usage, rates: Rates) -> Decimal:
    """Input that is not counted in tokens: seconds of sound, characters of speech, pages."""
    sum = ZERO
    if usage.seconds:
        sum += rates.second * _count(usage.seconds)
    if usage.characters:
        sum += rates.character * _count(usage.characters)
    if usage.pages:
        sum += rates.page * _count(usage.pages)
    return sum


def _by_modality(
    usage: Usage, rates: Rates, fresh: int, read: int, out: int
) -> tuple[Decimal, Decimal, Decimal, bool]:
    """Input, cache reads and output where a modality has a price of its own; False if parts exceed the whole.

    Where the provider does not say how much of the audio was cached, none was: the dearest reading.
    """
    splits = rates.cache_audio_read is not None
    cached_audio = min(_count(usage.cache_audio_read_tokens), read) if splits else 0
    heard = max(0, _count(usage.input_audio_tokens) - cached_audio)
    into = ((heard, rates.input_audio), (_count(usage.input_image_tokens), rates.input_image),
            (_count(usage.input_video_tokens), rates.input_video))  # fmt: skip
    from_ = ((_count(usage.output_audio_tokens), rates.output_audio),
             (_count(usage.output_image_tokens), rates.output_image),
             (_count(usage.reasoning_tokens), rates.reasoning))  # fmt: skip
    plain, sound_in = _shared(fresh, rates.input, into)
    made, sound_out = _shared(out, rates.output, from_)
    cached = rates.cache_read * (read - cached_audio) + (rates.cache_audio_read or ZERO) * cached_audio
    said = not (heard and read and splits and usage.cache_audio_read_tokens is None)
    return plain, cached, made, sound_in and sound_out and said


def _shared(whole: int, rate: Decimal, parts: tuple[tuple[int, Decimal | None], ...]) -> tuple[Decimal, bool]:
    """The price of a whole of which parts have prices of their own; False if the parts exceed it."""
    sum, left, sound = ZERO, whole, True
    for count, own in parts:
        if count and own is not None:
            taken = min(count, left)
            sound = sound and taken == count
            sum += own * taken
            left -= taken
    return sum + rate * left, sound


def _count(number: int | None) -> int:
    if not number or number < 0:
        return 0
    return number if number < MAX_COUNT else MAX_COUNT


def _sane(usage: Usage) -> bool:
    """False if one of the counts that every call has is no count at all."""
    for count in (usage.input_tokens, usage.output_tokens, usage.cache_read_tokens, usage.cache_write_tokens):
        if count and not 0 < count <= MAX_COUNT:
            return False
    return True


def rounded(nano: Decimal) -> int:
    """Whole nano-dollars, half up."""
    if not nano:
        return 0
    return min(int(nano.to_integral_value(ROUND_HALF_UP)), MAX_PART)
