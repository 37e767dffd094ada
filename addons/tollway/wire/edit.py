"""Least edits of a JSON object: one top-level member changes, every other byte stays."""

from collections.abc import Iterable

import orjson

from tollway.wire.members import Member, members, opening


def set_member(body: bytes, key: str, value: object) -> bytes:
    """The body with the member `key` set to `value`, or put first where there was none.

    Duplicates are all set: which of them a reader goes by must make no difference. Raises ValueError if
    the body is no JSON object, TypeError if the value is nothing that JSON can say.
    """
    text = orjson.dumps(value)
    every = list(members(body))
    found = [m for m in every if m.key == key]
    if found:
        return _replaced(body, [(m.value, m.end) for m in found], text)
    at = opening(body)
    comma = b"," if every else b""
    return body[:at] + orjson.dumps(key) + b":" + text + comma + body[at:]


def remove_member(body: bytes, key: str) -> bytes:
    """The body without the member `key`, however often it was there.

    Raises ValueError if the body is no JSON object.
    """
    return _replaced(body, list(_spans(list(members(body)), key)), b"")


def _spans(every: list[Member], key: str) -> Iterable[tuple[int, int]]:
    """What to cut: each run of such members with the commas that it leaves useless."""
    kept_end: int | None = None  # of the last member that stays, up to which a run's cut goes back
    for i, member in enumerate(every):
        if member.key != key:
            kept_end = member.end
        elif kept_end is not None:
            yield kept_end, member.end
            kept_end = member.end
        else:
            yield member.start, every[i + 1].start if i + 1 < len(every) else member.end


def _replaced(body: bytes, spans: list[tuple[int, int]], text: bytes) -> bytes:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [body[at:start], text]
        at = end
    return b"".join([*pieces, body[at:]])
