"""The texts of an answer that came as a whole, without going through it piece by piece."""

from collections.abc import Sequence

from tollway.guardrails.answers.channel import Key
from tollway.guardrails.answers.said import Ended, Message, Reading


def texts(reading: Reading, message: Message) -> Sequence[str] | None:
    """Each of them, its pieces put together. None: one goes on behind others, and what it is one text with
    is for `Flow` to say."""
    pieces, last, seen = list[list[str]](), None, set[Key]()
    for said in reading.read(message):
        if isinstance(said, Ended):
            last = None
        elif said.key == last and not said.whole:
            pieces[-1].append(said.text)
        elif said.key in seen:
            return None
        else:
            pieces.append([said.text])
            seen.add(said.key)
            last = said.key
    return ["".join(each) for each in pieces]
