"""Counts the tokens of many texts in bounded time: the same text once, and all texts up to a sum exactly."""

import math
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b

from tollway.wire import tokens

EXACT = 16 * 2**20
"""Characters that are counted one by one, over all texts: a second or two. Agents resend theirs each turn."""
REMEMBERED = 100_000
"""Texts whose count is kept."""
SAMPLE = tokens.SLICE
"""Characters of a further text that are counted; the rest of it is taken to be like them."""

_SHORT = 64
"""Characters of a text that is counted as fast as it is looked up."""


class Counting:
    """Counts as `wire.tokens` does."""

    def __init__(self, exact: int = EXACT) -> None:
        self._left = exact
        self._counts: OrderedDict[tuple[str, bytes], tuple[int, bool]] = OrderedDict()
        self.sampled = False
        """A text was not counted whole since this was last set to False."""

    def counter(self, model: str) -> Callable[[str], int]:
        """What counts a text's tokens for this model."""
        count = tokens.counter(model)

        def counted(text: str) -> int:
            if len(text) <= _SHORT:
                return count(text)
            key = model, blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            found = self._counts.get(key)
            if found is None:
                found = self._counts[key] = self._count(text, count)
                if len(self._counts) > REMEMBERED:
                    self._counts.popitem(last=False)
            self.sampled = self.sampled or not found[1]
            return found[0]

        return counted

    def _count(self, text: str, count: Callable[[str], int]) -> tuple[int, bool]:
        """The tokens, and whether all of the text was counted."""
        if len(text) <= SAMPLE or len(text) <= self._left:
            self._left -= len(text)
            return count(text), True
        return math.ceil(count(text[:SAMPLE]) * len(text) / SAMPLE), False
