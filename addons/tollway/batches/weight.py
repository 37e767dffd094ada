"""What requests that are handed in come to, added up: all that is kept of them."""

import msgspec
from msgspec import Struct

from tollway.budget.amounts import Amounts

MOST_MODELS = 20
"""Names of models that are kept."""


class Weight(Struct, frozen=True, kw_only=True):
    """Of one request, or of many."""

    requests: int = 0
    most: Amounts = Amounts()
    """What they can come to, at the price of batches; as one request: a batch is one."""
    likely: Amounts = Amounts()
    """What they are likely to come to."""
    models: tuple[str, ...] = ()
    """Which they ask for, each once."""
    unbounded: str | None = None
    """Why `most` does not bound them; None: it does."""
    unplaced: bool = False
    """Some name no path and no model, which their batch says: of these the tokens are known, and no price."""

    def plus(self, other: "Weight") -> "Weight":
        """Both."""
        more = tuple(name for name in other.models if name not in self.models)
        return Weight(
            requests=self.requests + other.requests,
            most=_sum(self.most, other.most),
            likely=_sum(self.likely, other.likely),
            models=(self.models + more)[:MOST_MODELS] if more else self.models,
            unbounded=other.unbounded if self.unbounded is None else self.unbounded,
            unplaced=self.unplaced or other.unplaced,
        )

    @property
    def model(self) -> str | None:
        """The one model that all ask for; None: there are several, or none."""
        return self.models[0] if len(self.models) == 1 else None


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
