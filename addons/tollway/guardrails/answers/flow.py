"""The texts of one answer, each through its filter, message by message."""

from typing import Any, NamedTuple

from tollway.guardrails.answers.channel import Channel, Filter, Filters, Key
from tollway.guardrails.answers.json_message import at, instead
from tollway.guardrails.answers.said import Ended, Message, Path, Reading, Said


class Change(NamedTuple):
    """What is to be done about a message."""

    before: list[dict[str, Any]]
    """Messages that are sent first."""
    values: dict[Path, object]
    """What changes in it."""


class _Text:
    """One text so far."""

    __slots__ = ("fed", "filter", "message", "said", "sent")

    filter: Filter
    said: Said
    """The last piece of it ..."""
    message: Message
    """... and the message which that stood in."""

    def __init__(self) -> None:
        self.fed, self.sent = list[str](), list[str]()


class Flow:
    """One answer. Where a text begins beside which others of its choice are another kind, these are over."""

    def __init__(self, reading: Reading, filters: Filters) -> None:
        self._reading, self._filters = reading, filters
        self._texts = dict[Key, _Text]()
        self._open = dict[Key, _Text]()
        self._last: _Text | None = None  # the one that the last piece was of
        self._message: Message | None = None
        self._before = list[dict[str, Any]]()
        self._now = dict[Path, tuple[str, str]]()  # in the message: what was said, what is now
        self.ended = False
        """A filter ended the answer."""

    def take(self, message: Message | None, last: bool = False) -> Change:
        """The next message; None: what is no message. `last`: all texts are over with it."""
        self._message, self._before, self._now = message, [], {}
        if message is not None:
            for item in self._reading.read(message):
                if isinstance(item, Ended):
                    self._end(item.prefix)
                else:
                    self._now[item.path] = (item.text, self._new(item, message))
        if last:
            self._end(())
        return Change(self._before, {} if message is None else self._changes(message))

    def _changes(self, message: Message) -> dict[Path, object]:
        changed = [(path, new) for path, (old, new) in self._now.items() if new != old]
        found: dict[Path, object] = {path: instead(message, path, new) for path, new in changed}
        for path in [*found]:
            tokens = self._reading.tokens(path)
            if tokens is not None and at(message, tokens[0]):
                found[tokens[0]] = tokens[1]
        return found | self._reading.stopped(message) if self.ended else found

    def _new(self, said: Said, message: Message) -> str:
        """What goes on of a piece; behind the end, nothing."""
        text = self._open.get(said.key)
        if said.whole or text is None or text is not self._last:
            self._overtake(said)
        if self.ended:
            return ""
        if said.whole:
            return self._whole(said)
        return self._next(self._open.get(said.key) or self._opened(said), said, message)

    def _overtake(self, said: Said) -> None:
        """Ends what a text follows: those of another kind; all, where it comes as a whole."""
        for key, other in [*self._open.items()]:
            if key[0] == said.key[0] and (said.whole or other.said.what is not said.what):
                self._end(key)

    def _next(self, text: _Text, said: Said, message: Message) -> str:
        """What goes on of a text that grows."""
        self._last = text
        new = text.filter.feed(said.text)
        self.ended = text.filter.ended
        text.said, text.message = said, message
        if self._reading.repeats:
            text.fed.append(said.text)
            text.sent.append(new)
        return new

    def _opened(self, said: Said) -> _Text:
        """A text that begins, or goes on behind others."""
        text = self._open[said.key] = self._texts.get(said.key) or _Text()
        text.filter = self._filter(said)
        if self._reading.repeats:
            self._texts[said.key] = text
        return text

    def _whole(self, said: Said) -> str:
        """What goes on of a text that comes as a whole: what went on of it piece by piece, if it did."""
        text = self._texts.get(said.key)
        if text is not None and "".join(text.fed) == said.text:
            return "".join(text.sent)
        filter = self._filter(said)
        new = filter.feed(said.text)
        if not filter.ended:
            new += filter.end()
        self.ended = filter.ended
        if text is None and self._reading.repeats:
            text = self._texts[said.key] = _Text()
            text.fed, text.sent = [said.text], [new]
        return new

    def _end(self, prefix: Key) -> None:
        """These texts are over: what was held back of each goes with the message, if that has a piece of it,
        or else before it."""
        for key in [key for key in self._open if key[: len(prefix)] == prefix]:
            text = self._open.pop(key)
            held = "" if self.ended else text.filter.end()
            self.ended = self.ended or text.filter.ended
            text.sent.append(held)
            if held and text.message is self._message:
                old, new = self._now[text.said.path]
                self._now[text.said.path] = (old, new + held)
            elif held:
                self._before.append(self._reading.more(text.message, text.said, held))

    def _filter(self, said: Said) -> Filter:
        return self._filters(Channel(said.what, said.key, said.tool, said.json))
