"""What is no message of an answer, as one text; and JSON of which nothing is known, string by string."""

from tollway.guardrails.answers.arguments import strings
from tollway.guardrails.answers.channel import Channel, Filter, Filters, What
from tollway.guardrails.answers.json_message import edited, instead, loaded
from tollway.guardrails.answers.said import Path
from tollway.guardrails.escapes import KEPT

_UNREAD = Channel(What.UNREAD, ())


def as_it_is(data: bytes, filters: Filters) -> tuple[bytes, bool]:
    """What goes on of it, and whether a filter ended the answer there."""
    text, filter = data.decode("utf-8", KEPT), filters(_UNREAD)
    new = _through(text, filter)
    return (data if new == text else new.encode("utf-8", KEPT)), filter.ended


def string_by_string(body: bytes, filters: Filters) -> bytes:
    """An answer of no dialect, such as an error. Where a filter ends it, all that follows is empty."""
    message = loaded(body)
    if message is None:
        return as_it_is(body, filters)[0]
    values, ended = dict[Path, object](), False
    for said in strings(message, (), ()):
        filter = filters(Channel(What.TEXT, said.key))
        new = "" if ended else _through(said.text, filter)
        ended = ended or filter.ended
        if new != said.text:
            values[said.path] = instead(message, said.path, new)
    return edited(body, message, values) if values else body


def _through(text: str, filter: Filter) -> str:
    new = filter.feed(text)
    return new if filter.ended else new + filter.end()
