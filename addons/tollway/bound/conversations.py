"""What earlier turns reported, by the mark that their request ended at (see `prefix`)."""

MOST = 50_000
"""Turns that are remembered: some 10 MB."""


class Conversations:
    """A bounded memory. Belongs to one event loop; what is forgotten only loosens a bound."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._tokens: dict[bytes, int] = {}

    def remember(self, mark: bytes, tokens: int) -> None:
        """What a request that ended at this mark reported as its whole input, cached and written included.

        Of two reports the larger holds.
        """
        tokens = max(tokens, self._tokens.pop(mark, 0))
        if len(self._tokens) >= self._most:
            del self._tokens[next(iter(self._tokens))]
        self._tokens[mark] = tokens

    def get(self, mark: bytes) -> int | None:
        """What was reported, if that is remembered."""
        return self._tokens.get(mark)
