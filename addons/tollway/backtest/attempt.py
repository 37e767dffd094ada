"""A row of the ledger as a replay reads it."""

from typing import Any, NamedTuple

from tollway.actions import refusal
from tollway.model import USAGE_FIELDS

_INPUT, _OUTPUT = USAGE_FIELDS.index("input_tokens"), USAGE_FIELDS.index("output_tokens")
HITS = ("hit", "join")


class Attempt(NamedTuple):
    """One attempt at a call; the fields up to `calls` are columns of these names."""

    id: str
    state: str
    started_us: int
    ended_us: int | None
    user: str | None
    service: str | None
    session: str | None
    credential: str | None
    client: str | None
    provider: str
    host: str
    model_asked: str | None
    model: str | None
    tier: str | None
    max_output_tokens: int | None
    stream: int
    request_bytes: int
    billing: str
    cost_nano: int
    output_nano: int
    saved_nano: int
    flags: str
    status: int | None
    error: str | None
    action: str | None
    cache: str | None
    bound_nano: int | None
    bound_input_tokens: int | None
    bound_output_tokens: int | None
    calls: int
    """How many it stands for: more than one where `tollway ledger prune` has merged them."""
    counts: int
    """How many of them are charged as a request (`budget.charges`)."""
    used: tuple[int | None, ...]
    """The counts, in the order of USAGE_FIELDS."""
    who: tuple[Any, ...]
    """Its billing, whether its caller is verified, its operation, and the values of the attributes that were
    asked for, as their columns have them: all calls with equal ones are alike to the policy."""

    @property
    def operation(self) -> str:
        """What it does."""
        return str(self.who[2])

    @property
    def input_tokens(self) -> int:
        """0 where nobody said."""
        return self.used[_INPUT] or 0

    @property
    def output_tokens(self) -> int:
        """0 where nobody said."""
        return self.used[_OUTPUT] or 0

    @property
    def is_metered(self) -> bool:
        """Whether money moves for it."""
        return self.billing == "metered"

    @property
    def is_hit(self) -> bool:
        """Whether the cache answered it, or an identical call in flight."""
        return self.cache in HITS

    @property
    def refusal(self) -> str | None:
        """Why it was refused then; None: it was not."""
        return refusal(self.status, self.error, self.action)

    @property
    def ends_us(self) -> int | None:
        """When it ended; None: it did not. A row that is done and does not say when ended as it began."""
        if self.ended_us is None and self.state != "open":
            return self.started_us
        return self.ended_us


COLUMNS = Attempt._fields[: Attempt._fields.index("counts")]
"""The fields that are columns."""
FIRST = ("billing", "verified", "operation")
"""The columns that `who` begins with."""
