"""Of which calls the texts are kept: the section `record` of a policy."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from tollway.policy.entry import NameText
from tollway.policy.length import LengthText
from tollway.policy.pattern import AttributeName, ConditionText
from tollway.policy.size import SizeText
from tollway.providers.schema import Strict

_KEEP: Any = "30d"
_LARGEST: Any = "1 MB"
"""As they would be written, so that the JSON Schema shows them."""


class RecordEntry(Strict):
    """Which texts are kept of which calls, and for how long."""

    model_config = ConfigDict(populate_by_name=False)

    name: NameText | None = None
    """What `tollway show` calls it; None: by its place, as record[1]."""
    match: dict[AttributeName, ConditionText] = Field(default={})
    """Which calls: all conditions must be met. Empty: every call."""
    in_: Literal["both", "request", "response"] = Field(default="both", alias="in")
    """Which of its texts: what went to the provider, what the client got, or both."""
    keep: LengthText = Field(default=_KEEP, validate_default=True)
    """How long after the call began; then they are deleted. In microseconds."""
    max_size: SizeText = Field(default=_LARGEST, validate_default=True)
    """Of one text, decoded, in bytes: of what is longer nothing is kept."""


Record = Annotated[tuple[RecordEntry, ...], Field(strict=False)]
"""The first entry that matches a call holds; of a call that none matches, nothing is kept."""
