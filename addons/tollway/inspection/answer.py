"""Reads an answer's body, of any dialect, as its bytes come by."""

from tollway.inspection.conversation import Attachment, Block, Conversation, Text, Turn, clipped
from tollway.inspection.draft import Draft
from tollway.inspection.failure import failure
from tollway.inspection.messages import Message, Messages
from tollway.inspection.pieces import PIECES, unknown

_FAILURES = 20


class Answer:
    """Reads one answer. It never raises, and says the same wherever its bytes are cut."""

    def __init__(self, dialect: str | None, media_type: str = "") -> None:
        """`media_type`: the answer's content type. A dialect that is unknown is read by what the body has."""
        self._pieces = PIECES.get(dialect or "", unknown.pieces)
        self._messages = Messages(media_type)
        self._draft = Draft()
        self._failures: tuple[str, ...] = ()

    def feed(self, data: bytes) -> None:
        """Take the next decoded bytes."""
        for message in self._messages.feed(data):
            self._draft.add(self._pieces(message))
            self._failures = _with(self._failures, message)

    def conversation(self) -> Conversation:
        """What has been said so far; after the last byte, all of it."""
        rest = self._messages.rest()
        draft, failures = self._draft, self._failures
        if rest.messages:
            draft = draft.copy()
        for message in rest.messages:
            draft.add(self._pieces(message))
            failures = _with(failures, message)
        beside: list[Block] = [Text(clipped(rest.text))] if rest.text else []
        if rest.size:
            beside.append(Attachment(rest.media.partition("/")[0], rest.media, rest.size))
        turns = draft.turns() + ((Turn("assistant", tuple(beside)),) if beside else ())
        remarks = (
            *(f"error: {said}" for said in failures),
            *(["only the beginning of the answer is shown: it is very long"] if draft.full else ()),
            *([rest.remark] if rest.remark else ()),
        )
        return Conversation(turns, (), remarks)


def _with(failures: tuple[str, ...], message: Message) -> tuple[str, ...]:
    said = failure(message)
    return failures if said is None or said in failures or len(failures) >= _FAILURES else (*failures, said)


def read_answer(dialect: str | None, body: bytes | None, media_type: str = "") -> Conversation:
    """What a whole decoded body says, as `Answer` reads it."""
    answer = Answer(dialect, media_type)
    answer.feed(body or b"")
    return answer.conversation()
