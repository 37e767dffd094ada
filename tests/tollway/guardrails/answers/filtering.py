"""Filters as tests need them, and answers that go through them."""

from collections.abc import Iterable, Sequence

from tollway.guardrails.answers import Channel, Filters, What, rewriting, whole


class Heard:
    """What filters were told, and what they said, by channel, in the order of the channels."""

    def __init__(self) -> None:
        self.fed: dict[Channel, str] = {}
        self.sent: dict[Channel, str] = {}
        self.ends: list[Channel] = []

    def texts(self, what: What = What.TEXT) -> list[str]:
        """The texts of a kind that were fed."""
        return [text for channel, text in self.fed.items() if channel.what is what]


class Holding:
    """Holds back as many characters as it is told, then other ones, and says what is `changed`."""

    def __init__(self, heard: Heard, channel: Channel, sizes: Sequence[int], shift: bool) -> None:
        self.ended = False
        self._heard, self._channel, self._shift = heard, channel, shift
        self._sizes, self._calls, self._held = sizes, 0, ""
        heard.fed.setdefault(channel, "")
        heard.sent.setdefault(channel, "")

    def feed(self, text: str) -> str:
        self._heard.fed[self._channel] += text
        size = self._sizes[self._calls % len(self._sizes)]
        self._calls += 1
        text = self._held + text
        cut = max(len(text) - size, 0)
        self._held = text[cut:]
        return self._said(text[:cut])

    def end(self) -> str:
        self._heard.ends.append(self._channel)
        return self._said(self._held)

    def _said(self, text: str) -> str:
        said = changed(text) if self._shift else text
        self._heard.sent[self._channel] += said
        return said


def changed(text: str) -> str:
    """The text with other letters, of all kinds: no two filters that changed it would be one that did."""
    return text.translate(_OTHERS)


_OTHERS = {ord("a"): "ä", ord("e"): '"', ord("o"): "\\", ord("t"): "😀", ord("s"): "\n", ord("1"): "<1>"}


def holding(heard: Heard, sizes: Sequence[int] = (0,), shift: bool = False) -> Filters:
    """Filters that hold back."""
    return lambda channel: Holding(heard, channel, sizes, shift)


class Stopping:
    """Ends the answer at a word, of which nothing goes on."""

    def __init__(self, word: str) -> None:
        self.ended = False
        self._word = word

    def feed(self, text: str) -> str:
        before, word, _ = text.partition(self._word)
        self.ended = bool(word)
        return before

    def end(self) -> str:
        return ""


def stopping(word: str) -> Filters:
    """Filters that end an answer."""
    return lambda channel: Stopping(word)


class AtEnd(Stopping):
    """Holds all back, and ends the answer where the text ends, with what it held back."""

    def feed(self, text: str) -> str:
        self._word += text
        return ""

    def end(self) -> str:
        self.ended = True
        return self._word


def at_end(channel: Channel) -> AtEnd:
    """Filters that end an answer with a text's end."""
    return AtEnd("")


def through(dialect: str, media: str, pieces: Iterable[bytes], filters: Filters) -> bytes:
    """What comes out of a stream."""
    rewriter = rewriting(dialect, media, filters)
    assert rewriter is not None
    return b"".join([*map(rewriter.feed, pieces), rewriter.end()])


def cut(body: bytes, places: Iterable[int]) -> list[bytes]:
    """The body in pieces."""
    ends = sorted(place % (len(body) + 1) for place in places)
    return [body[a:b] for a, b in zip([0, *ends], [*ends, len(body)], strict=True)]


def whole_through(dialect: str, body: bytes, filters: Filters) -> bytes:
    """What comes out of an answer that is no stream."""
    made = whole(dialect, body, filters)
    assert made is not None
    return made
