"""What the keys in Redis are called that have answers: in the hash slot of their organisation."""

from tollway.ledger.fleet.names import Names


class AnswerNames:
    """Of one organisation. What was asked is in none of them: an answer is known by a digest."""

    def __init__(self, organisation: str) -> None:
        self._names = Names(organisation)
        self.used, self.until, self.facts, self.hits, self.total = self.index = tuple(
            self._names.named(f"answers:{name}") for name in ("used", "until", "facts", "hits", "total")
        )
        """The index, in the order in which scripts take it."""

    def answer(self, key: bytes) -> str:
        """Where an answer is."""
        return self._names.named(f"answer:{key.hex()}")

    def coming(self, writer: str) -> str:
        """Where the pieces of one come to, of which a writer has one at a time."""
        return self._names.named(f"answers:coming:{writer}")
