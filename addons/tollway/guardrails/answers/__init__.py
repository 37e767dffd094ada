"""The texts of an answer, changed as it streams, in every dialect: pure, and never collected.

Who uses it gives a filter for each text: that sees what is said, decoded, and says what may go on. Bytes
that no filter changes pass as they came. What a filter holds back goes on before its text ends, in a message
as the provider would have written it; where a filter ends the answer, the dialect's own end of a stream
follows.

Not within a text, and so passed as they are: names of tools and keys of their arguments, what a provider
cites, places in texts that annotations tell of, signatures, and all that is no text. What is no message is
a text of its own, as it is.
"""

from collections.abc import Callable, Sequence

from tollway.guardrails.answers.anthropic import Anthropic
from tollway.guardrails.answers.array import Array
from tollway.guardrails.answers.as_it_is import string_by_string
from tollway.guardrails.answers.channel import Channel, Filter, Filters, What
from tollway.guardrails.answers.chat import Chat
from tollway.guardrails.answers.cohere import Cohere
from tollway.guardrails.answers.conversations import Conversations
from tollway.guardrails.answers.converse import Converse
from tollway.guardrails.answers.events import Events
from tollway.guardrails.answers.flow import Flow
from tollway.guardrails.answers.frames import Frames
from tollway.guardrails.answers.gemini import Gemini
from tollway.guardrails.answers.interactions import Interactions
from tollway.guardrails.answers.invoke import Invoke
from tollway.guardrails.answers.json_message import edited, loaded
from tollway.guardrails.answers.lines import Lines
from tollway.guardrails.answers.ollama import Ollama
from tollway.guardrails.answers.responses import Responses
from tollway.guardrails.answers.rewriter import Rewriter
from tollway.guardrails.answers.said import Reading
from tollway.guardrails.answers.texts import texts
from tollway.guardrails.answers.transcript import Transcript
from tollway.guardrails.answers.unit import Cutter

__all__ = [
    "Channel",
    "Filter",
    "Filters",
    "Rewriter",
    "What",
    "reads",
    "rewriting",
    "string_by_string",
    "whole",
]

READINGS: dict[str, Callable[[], Reading]] = {
    "openai_chat": Chat,
    "openai_completions": Chat,
    "openai_responses": Responses,
    "anthropic_messages": Anthropic,
    "gemini": Gemini,
    "ollama": Ollama,
    "gemini_interactions": Interactions,
    "cohere_chat": Cohere,
    "mistral_conversations": Conversations,
    "bedrock_converse": Converse,
    "bedrock_invoke": Invoke,
    "openai_transcriptions": Transcript,
}
"""By the dialect's name."""
_BEDROCK = (Converse, Invoke)
_LINES = ("ndjson", "jsonl", "stream+json")
_FRAMES = "vnd.amazon.eventstream"


def reads(dialect: str) -> bool:
    """Whether answers of a dialect have texts that are read here."""
    return dialect in READINGS


def rewriting(dialect: str, media_type: str, filters: Filters) -> Rewriter | None:
    """What rewrites a streamed answer of this content type; one that says nothing is taken for events.

    None: the dialect is not read here, or the answer is no stream, and `whole` takes it. Gemini's are always
    taken: theirs may be an array of JSON.
    """
    made, media_type = READINGS.get(dialect), media_type.lower()
    if made is None:
        return None
    reading, of_bedrock = made(), made in _BEDROCK
    if of_bedrock or _FRAMES in media_type:
        return Rewriter(reading, Frames(), filters) if of_bedrock and _FRAMES in media_type else None
    if any(kind in media_type for kind in _LINES):
        return Rewriter(reading, Lines(), filters)
    if "json" not in media_type:
        return Rewriter(reading, Events(reading.mark), filters)
    return Rewriter(reading, Array(), filters) if made is Gemini else None


def whole(
    dialect: str, body: bytes, filters: Filters, passes: Callable[[Sequence[str]], bool] = lambda texts: False
) -> bytes | None:
    """An answer that came as a whole, each of its texts through its filter.

    What is no JSON object is taken for a stream, whatever its content type says. None: the dialect is not
    read, or the body is nothing of it, such as JSON that is cut off; it went through a filter as it is.
    `passes`: whether no filter would change or note anything in these texts, if somebody knows that sooner.
    """
    made = READINGS.get(dialect)
    if made is None:
        return None
    reading, message = made(), loaded(body)
    if message is not None:
        said = texts(reading, message)
        if said is not None and passes(said):
            return body
        values = Flow(made(), filters).take(message, last=True).values
        return edited(body, message, values) if values else body
    cutter = Frames() if made in _BEDROCK else _cutter(body.lstrip()[:1], reading)
    rewriter = Rewriter(reading, cutter, filters)
    changed = rewriter.feed(body) + rewriter.end()
    return changed if rewriter.has_read or not body.strip() else None


def _cutter(opening: bytes, reading: Reading) -> Cutter:
    if opening == b"{":
        return Lines()
    return Array() if opening == b"[" else Events(reading.mark)
