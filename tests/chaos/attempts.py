"""The accounting of calls that went from one target to the next: clients, targets, ledger. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from json import loads
from typing import NamedTuple

from tests.chaos.accounts import Request, refused
from tests.chaos.evidence import Evidence
from tests.chaos.load import Outcome
from tests.chaos.targets import TARGETS, Chat, named
from tollway.model import CallRecord
from tollway.tally import dollars

DONE = "data: [DONE]\n\n"
_ID = re.compile(r'"id":"chatcmpl-0*([0-9]+)"')
_HOSTS = {target.host: target for target in TARGETS}


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """The figures; money in nano-dollars."""

    calls: int
    whole: int
    """Answered in full."""
    failed: int
    """Told the last target's error, or that there was no answer."""
    refused: int
    """By the limit."""
    cut: int
    """Answers that broke off, with their target's."""
    left: int
    """Clients that did not wait for the end."""
    requests: int
    """That reached a target."""
    at_once: int
    """The most of one call: its first, and those in the place of what failed."""
    settled_nano: int
    over_nano: int
    """By how much what was settled, or settled and held together at any moment, exceeded the limit."""
    held: int
    """Rows that are open at the end, and buckets that hold something."""
    apart: int
    """Looks at which a bucket was not the sum of its rows."""
    unclean: int
    """Calls of clients that stayed which got neither an answer, nor an error, nor half of an answer whose
    target broke off."""
    mixed: int
    """Answers that are not one answer of one request of the call's own, as its row has it."""
    untold: int
    """Targets of a call whose requests and rows do not match, one to one: status and charge."""
    twice: int
    """Calls that were tried again after their answer had begun."""
    astray: int
    """Requests with any key but their target's."""

    @property
    def good(self) -> bool:
        """Nothing is wrong."""
        wrong = (self.unclean, self.mixed, self.untold, self.twice, self.astray)
        return not any((*wrong, self.over_nano, self.held, self.apart))

    def said(self) -> str:
        """In a line."""
        return (
            f"over {dollars(self.over_nano)}, holds left {self.held}, apart {self.apart}, unclean "
            f"{self.unclean}, mixed {self.mixed}, untold {self.untold}, twice {self.twice}, "
            f"keys astray {self.astray}: {self.calls:,} calls, {self.whole:,} whole, {self.failed:,} errors, "
            f"{self.cut:,} cut, {self.refused:,} refused, {self.left:,} left; {self.requests:,} requests, of "
            f"a call up to {self.at_once}; settled {dollars(self.settled_nano)}"
        )


def attempts(
    outcomes: Mapping[str, Outcome],
    stayed: Mapping[str, bool],
    seen: Sequence[Request],
    rows: Sequence[CallRecord],
    amount_nano: int | None,
    evidence: Evidence,
) -> Attempts:
    """Compare. `stayed`: whether a call's client waited for its end. `amount_nano` None: no limit."""
    by_name, by_target, lost = _by_name(rows), _requests(seen), broken(seen)
    ended = Ended(lost, disowning(seen), amount_nano is not None)
    kept = {row.id: row for row in rows}
    targets = by_target.keys() | {(row.tags.get("n", ""), row.provider) for row in rows if row.status}
    settled = sum(row.cost.nano for row in rows if row.state != "open")
    ends = [_end(one, stayed[name]) for name, one in outcomes.items()]
    return Attempts(
        calls=len(outcomes),
        whole=ends.count("whole"),
        failed=ends.count("error"),
        cut=ends.count("cut"),
        refused=sum(refused(row) for row in rows),
        left=ends.count("left"),
        requests=len(seen),
        at_once=max(map(len, by_name.values()), default=0),
        settled_nano=settled,
        over_nano=0 if amount_nano is None else max(settled - amount_nano, evidence.over_nano, 0),
        held=sum(row.state == "open" for row in rows) + evidence.holding,
        apart=evidence.apart,
        unclean=sum(
            end == "unclean" or (end == "cut" and not _broke_off(name, seen, lost))
            for name, end in zip(outcomes, ends, strict=True)
        ),
        mixed=sum(not is_one(name, one, kept.get(one.id), seen) for name, one in outcomes.items()),
        untold=sum(
            not fits(by_target[name, provider], _of(by_name[name], provider), ended)
            for name, provider in targets
        ),
        twice=sum(any(row.status == 200 for row in tried[:-1]) for tried in by_name.values()),
        astray=sum(is_astray(one) for one in seen),
    )


def _by_name(rows: Sequence[CallRecord]) -> defaultdict[str, list[CallRecord]]:
    found = defaultdict[str, list[CallRecord]](list)
    for row in sorted(rows, key=lambda row: row.id):
        found[row.tags.get("n", "")].append(row)
    return found


def _requests(seen: Sequence[Request]) -> defaultdict[tuple[str, str], list[Request]]:
    found = defaultdict[tuple[str, str], list[Request]](list)
    for one in seen:
        if one["received"] is not None:  # else nobody can be billed for it
            found[named(one), _HOSTS[one["host"]].provider].append(one)
    return found


def _of(rows: Sequence[CallRecord], provider: str) -> list[CallRecord]:
    return [row for row in rows if row.provider == provider]


def _end(outcome: Outcome, stayed: bool) -> str:
    if not stayed:
        return "left"
    if outcome.status == 200:
        return "cut" if not outcome.whole else "whole" if is_whole(outcome) else "unclean"
    return "error" if outcome.whole and is_error(outcome.text) else "unclean"


def is_whole(outcome: Outcome) -> bool:
    """Whether an answer is there to its very end, once."""
    assert isinstance(outcome.call, Chat)
    if outcome.call.stream:
        return outcome.text.endswith(DONE) and outcome.text.count(DONE) == 1
    return _is_json(outcome.text, "choices")


def is_error(text: str) -> bool:
    """Whether it is an error as the client's provider would say it."""
    return _is_json(text, "error")


def _is_json(text: str, member: str) -> bool:
    try:
        return member in loads(text)
    except ValueError:
        return False


def broken(seen: Sequence[Request]) -> frozenset[int]:
    """The connections that a target broke, or that ended before an answer did: with each, whatever else was
    on it may have got lost, or be disowned."""
    return frozenset(one["connection"]["number"] for one in seen if one["cut"] or not one["complete"])


def disowning(seen: Sequence[Request]) -> frozenset[int]:
    """The connections on which a target said, by a GOAWAY, that it had not taken what it had not answered."""
    return frozenset(one["connection"]["number"] for one in seen if one["cut"] == "goaway_lost")


class Ended(NamedTuple):
    """How connections ended, and what that has calls charged."""

    lost: Collection[int]
    """Those that broke."""
    disowned: Collection[int] = ()
    """Those on which a target disowned what it had not answered."""
    limited: bool = True
    """Under a hard limit; without, what is not known is estimated."""


def _broke_off(name: str, seen: Sequence[Request], lost: Collection[int]) -> bool:
    return any(
        one["status"] == 200 and one["connection"]["number"] in lost for one in seen if named(one) == name
    )


def is_one(name: str, outcome: Outcome, row: CallRecord | None, seen: Sequence[Request]) -> bool:
    """Whether what a client got is of one request, made for its own call, to the target its row names."""
    if outcome.status is None:
        return True
    if row is None or row.tags.get("n") != name:
        return False
    said = {int(number) for number in _ID.findall(outcome.text)}
    if outcome.status != 200 or not said:
        return not said and (row.status or outcome.status) == outcome.status
    made = [one for one in seen if one["number"] in said]
    return [(named(one), _HOSTS[one["host"]].provider) for one in made] == [(name, row.provider)]


def fits(seen: Sequence[Request], rows: Sequence[CallRecord], ended: Ended) -> bool:
    """Whether each request is a row, in their order, and every other row of one that never arrived."""
    if not seen or not rows:
        return not seen and all(row.status is None for row in rows)
    taken = tells(seen[0], rows[0], ended) and fits(seen[1:], rows[1:], ended)
    return taken or (rows[0].status is None and fits(seen, rows[1:], ended))


def tells(request: Request, row: CallRecord, ended: Ended) -> bool:
    """Whether a row tells of a request: its status, and no less than what it may have cost.

    What a target disowned costs nothing, whether its client heard of that or had left by then.
    """
    connection = request["connection"]["number"]
    if row.state == "open" or row.status not in (None, request["status"]):
        return False
    if row.error == "not_taken":
        return connection in ended.lost
    if row.error == "abandoned" and not row.cost.nano and connection in ended.disowned:
        return not request["complete"]
    if (request["status"] or 200) != 200:
        return row.cost.nano == 0 or row.status is None
    if not ended.limited:
        return row.cost.nano > 0
    real = Chat("").nano_at(_HOSTS[request["host"]].rates)
    told = row.status == 200 and "charged_at_bound" not in row.cost.flags
    return row.cost.nano == real if told else row.cost.nano >= real


def is_astray(request: Request) -> bool:
    """Whether a request shows anything but its own target's key, anywhere in its headers or target."""
    own = _HOSTS[request["host"]].key
    shown = " ".join([request["target"], *(value for _, value in request["headers"])])
    return own not in shown or any(one.key in shown for one in TARGETS if one.key != own)
