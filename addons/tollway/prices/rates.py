"""What each unit costs, and the steps at which a long context costs more."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

type Prices = Mapping[str, Decimal]
"""Nano-dollars per unit, by field of `Rates`; a field that is absent has no price of its own."""

type Ladder = tuple[tuple[int, Prices], ...]
"""Prices by total input, lowest step first: a step holds for calls with MORE input tokens than its number.
Crossing a step reprices every token of the call, as the providers do."""

ZERO = Decimal(0)
NO_PRICES: Prices = {}
ALWAYS = -1
"""The first step of a ladder: every call has more input tokens than this."""

MODALITIES = (
    "input_audio",
    "input_image",
    "input_video",
    "cache_audio_read",
    "output_audio",
    "output_image",
    "reasoning",
)
"""Kinds of tokens that cost what text costs where they have no price of their own."""
TOKENS = ("input", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "output", *MODALITIES)
UNITS = ("web_search", "tool_call", "request", "second", "character", "page", "image")
FIELDS = TOKENS + UNITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Nano-dollars per unit: token, search, call, request, second, character, page, image."""

    input: Decimal
    cache_read: Decimal
    cache_write: Decimal
    cache_write_1h: Decimal
    cache_write_12h: Decimal
    output: Decimal
    input_audio: Decimal | None
    """None, here and below: such tokens cost what text costs."""
    input_image: Decimal | None
    input_video: Decimal | None
    cache_audio_read: Decimal | None
    output_audio: Decimal | None
    output_image: Decimal | None
    reasoning: Decimal | None
    web_search: Decimal
    tool_call: Decimal | None
    """None: nobody knows."""
    request: Decimal
    second: Decimal
    character: Decimal
    page: Decimal
    image: Decimal
    modal: bool
    """Some modality has a price of its own."""
    search_once: bool = False
    """Searches are billed once per request, however many there were (Gemini 2)."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rates by total input: `steps` as a ladder's."""

    steps: tuple[tuple[int, Rates], ...]

    def at(self, input_tokens: int) -> Rates:
        """The rates of a call with so many input tokens."""
        chosen = self.steps[0][1]
        for start, rates in self.steps[1:]:
            if input_tokens > start:
                chosen = rates
        return chosen


def rates(prices: Prices, search_once: bool = False) -> Rates:
    """Prices with every gap closed: what has no price of its own costs what the broader unit costs."""
    get = prices.get
    plain = get("input", ZERO)
    write = get("cache_write", plain)
    modalities = {name: get(name) for name in MODALITIES}
    return Rates(
        input=plain,
        cache_read=get("cache_read", plain),
        cache_write=write,
        cache_write_1h=get("cache_write_1h", write),
        cache_write_12h=get("cache_write_12h", write),
        output=get("output", ZERO),
        **modalities,
        web_search=get("web_search", ZERO),
        tool_call=get("tool_call"),
        request=get("request", ZERO),
        second=get("second", ZERO),
        character=get("character", ZERO),
        page=get("page", ZERO),
        image=get("image", ZERO),
        modal=any(price is not None for price in modalities.values()),
        search_once=search_once,
    )


def schedule(ladder: Ladder, search_once: bool = False) -> Schedule:
    """A ladder with every gap closed."""
    return Schedule(tuple((start, rates(prices, search_once)) for start, prices in ladder))
