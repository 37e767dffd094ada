"""What requests that are handed in come to, added up: all that is kept of them."""

import msgspec
from msgspec import Struct

from tollway.budget.amounts import Amounts

MOST_MODELS = 16
"""Names of models that are kept, and judged."""
TOO_MANY = "they name more models than are kept"


class Weight(Struct, frozen=True, kw_only=True):
    """Of one request, or of many."""

    requests: int = 0
    most: Amounts = Amounts()
    """What they can come to, at the price of batches; as one request: a batch is one."""
    likely: Amounts = Amounts()
    """What they are likely to come to."""
    models: tuple[str, ...] = ()
    """Which they ask for, each once."""
    names: tuple[str, ...] = ()
    """All models that they name, those of tools and fallbacks among them, each once."""
    untold: str | None = None
    """Why they may run others than `names`; None: they don't."""
    unbounded: str | None = None
    """Why `most` does not bound them; None: it does."""
    unplaced: bool = False
    """Some name no path and no model, which their batch says: of these the tokens are known, and no price."""

    def plus(self, other: "Weight") -> "Weight":
        """Both."""
        names = _both(self.names, other.names)
        untold = self.untold or other.untold or (TOO_MANY if len(names) > MOST_MODELS else None)
        return Weight(
            requests=self.requests + other.requests,
            most=_sum(self.most, other.most),
            likely=_sum(self.likely, other.likely),
            models=_both(self.models, other.models)[:MOST_MODELS],
            names=names[:MOST_MODELS],
            untold=untold,
            unbounded=other.unbounded if self.unbounded is None else self.unbounded,
            unplaced=self.unplaced or other.unplaced,
        )

    @property
    def model(self) -> str | None:
        """The one model that all ask for; None: there are several, or none."""
        return self.models[0] if len(self.models) == 1 else None


def unread(why: str, requests: int = 0) -> Weight:
    """Of requests of which nothing is known."""
    return Weight(requests=requests, unbounded=why, untold=why)


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    more = tuple(name for name in other if name not in one)
    return one + more if more else one


def _sum(one: Amounts, other: Amounts) -> Amounts:
    return Amounts(
        nano=one.nano + other.nano,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        requests=1,
    )


def written(weight: Weight) -> str:
    """As it is remembered."""
    return msgspec.json.encode(weight).decode()


_DECODER = msgspec.json.Decoder(Weight)


def read(text: str) -> Weight | None:
    """What was remembered; None: it is something else."""
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError:
        return None
