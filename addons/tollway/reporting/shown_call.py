"""One call and what was said in it, as text and as JSON."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from unicodedata import category
from zoneinfo import ZoneInfo

from tollway.inspection import Conversation, read_answer, read_request
from tollway.inspection import as_text as said
from tollway.live.as_json import live_call_as_json
from tollway.live.call_facts import call_facts
from tollway.model import CallRecord
from tollway.reporting import periods
from tollway.reporting.budgets import iso
from tollway.texts.absent import absent, missing
from tollway.texts.store import Text

PARTS = {"request": "what went to the provider", "response": "what the client got"}
CUT, REPLACED, JOINER = "it broke off", "\N{REPLACEMENT CHARACTER}", "\N{ZERO WIDTH JOINER}"


def as_text(
    call: CallRecord, texts: Sequence[Text], now_us: int, zone: ZoneInfo, orphaned: Collection[str]
) -> str:
    """The facts, then each text under a line that says what it is. `orphaned`: the ids of open calls whose
    process died."""
    facts = call_facts(call, now_us, zone, orphaned)
    longest = max(len(name) for name, _ in facts)
    lines = [f"{name.rjust(longest)}  {value}" for name, value in facts]
    for part, title in PARTS.items():
        lines += ["", *_part(call, part, title, texts, zone, orphaned)]
    return "\n".join(lines)


def as_json(
    call: CallRecord, texts: Sequence[Text], zone: ZoneInfo, orphaned: Collection[str]
) -> dict[str, Any]:
    """`call` as `tollway top` has it; `request` and `response`, each with its `text` or with `why_not`."""
    found: dict[str, Any] = {"call": live_call_as_json(call, zone, orphaned)}
    for part in PARTS:
        text = _of(texts, part)
        found[part] = (
            _text(text, zone) if text is not None else {"why_not": missing(call, part, texts, orphaned)}
        )
    return found


def _of(texts: Sequence[Text], part: str) -> Text | None:
    return next((text for text in texts if text.part == part), None)


def _part(
    call: CallRecord, part: str, title: str, texts: Sequence[Text], zone: ZoneInfo, orphaned: Collection[str]
) -> Iterator[str]:
    text = _of(texts, part)
    if text is None:
        yield f"{title}: {missing(call, part, texts, orphaned)}"
    elif text.body is None:
        yield f"{title}: {absent(text)}"
    else:
        broken = "" if text.whole else f"; {CUT}"
        yield f"{title}, kept by {text.rule} until {_time(text.until_us, zone)}{broken}:"
        yield ""
        yield from (f"  {line}".rstrip() for line in lines_of(said(conversation(text))))


def conversation(text: Text) -> Conversation:
    """What is said in it."""
    read = read_request if text.part == "request" else read_answer
    return read(text.dialect, text.body, text.media_type)


def lines_of(text: str) -> list[str]:
    """The lines of a text, fit for a terminal: whoever wrote it, no control character reaches that."""
    return [
        "".join(c if _is_shown(c) else REPLACED for c in line.expandtabs(4)) for line in text.splitlines()
    ]


def _is_shown(char: str) -> bool:
    """Blanks of every kind are, and what makes one picture of two: to Python they are not printable."""
    return char.isprintable() or char == JOINER or category(char) == "Zs"


def _text(text: Text, zone: ZoneInfo) -> dict[str, Any]:
    found = {
        "rule": text.rule,
        "until": iso(text.until_us, zone),
        "dialect": text.dialect,
        "media_type": text.media_type,
        "size": text.size,
        "whole": text.whole,
    }
    if text.body is None:
        return {**found, "why_not": absent(text)}
    return {**found, "text": text.body.decode("utf-8", "replace")}


def _time(us: int, zone: ZoneInfo) -> str:
    return f"{periods.local(us, zone):%Y-%m-%d %H:%M}"
