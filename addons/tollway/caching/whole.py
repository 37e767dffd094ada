"""Which answers are kept: whole ones that are no error, of calls that went where they were meant to."""

import re
from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from tollway.caching.dialects import DIALECTS
from tollway.caching.place import Place
from tollway.caching.recorded import Recorded
from tollway.model import CallRecord, Report

OK = 200
NOT_OK = "its status is not 200"
BROKEN = "it did not come whole"
FAILED = "it says that it failed"
CHANGED = "another request was sent than the one that was asked"
TOO_LARGE = "it is larger than max_size allows, or its coding is unknown"
TYPE = "content-type"
REPLAYED = frozenset({"content-disposition", "openai-version"})
COUNTS = re.compile(r"x-amzn-bedrock-[a-z-]+-token-count")
"""In headers alone are the counts of Bedrock's InvokeModel."""


class Ended(Struct, frozen=True, kw_only=True):
    """How a call ended."""

    record: CallRecord
    """Its row, with usage and cost, as it is settled."""
    report: Report
    headers: Mapping[str, str]
    """The provider's answer's, by lower-case name."""
    body: bytes | None
    """As `Recorded.body`; None: it could not be decoded, or is larger than the rule allows."""
    whole: bool
    """The exchange ended by itself: nobody cut it; one that was abandoned was read to its end."""
    changed: bool
    """A route, a clamp or a limit sent another request than the one that was asked, or sent it elsewhere."""
    dialect: str
    """A key of `wire.DIALECTS`: the format of the body."""

    def __repr__(self) -> str:
        """Without what it says."""
        return f"Ended({self.record.id})"


def recorded(place: Place, ended: Ended, now_us: int) -> Recorded | str:
    """What is kept of an answer; a text: why nothing is."""
    rule, body = place.offer.rule, ended.body
    if ended.record.status != OK:
        return NOT_OK
    if not ended.whole or not ended.report.complete:
        return BROKEN
    if ended.changed:
        return CHANGED
    if body is None or len(body) > rule.largest:
        return TOO_LARGE
    if ended.report.error is not None or _failed(ended.dialect, body):
        return FAILED
    return Recorded(
        status=OK,
        headers=worth_replaying(ended.headers),
        body=body,
        stream=ended.record.stream,
        call=ended.record.id,
        rule=rule.name,
        scope=place.offer.scope,
        provider=ended.record.provider,
        model=ended.record.model,
        usage=ended.record.usage,
        cost_nano=ended.record.cost.nano,
        made_us=now_us,
        until_us=now_us + place.ttl_us,
    )


def worth_replaying(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Of an answer's headers those that say something of the answer itself, not of its transport, its call or
    the account that asked."""
    kept = sorted(name for name in headers if name in REPLAYED or COUNTS.fullmatch(name))
    first = (TYPE,) if TYPE in headers else ()
    return tuple((name, headers[name]) for name in (*first, *kept))


def _failed(dialect: str, body: bytes) -> bool:
    """Whether an answer says of its end that it failed. In texts, a backslash stands before each quote."""
    pattern = _failure(dialect)
    return pattern is not None and pattern.search(body) is not None


@cache
def _failure(dialect: str) -> re.Pattern[bytes] | None:
    meaning = DIALECTS.get(dialect)
    if meaning is None or not meaning.failures:
        return None
    return re.compile(rf'"{meaning.ends}"\s*:\s*"(?:{"|".join(meaning.failures)})"'.encode())
