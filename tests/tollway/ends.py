"""How calls end, and on what each is settled: a table that a test plays, and `docs/ends.md` shows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from tests.simulator import Cut, Scenario
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, RESPONSES, TALK, Call
from tests.tollway.road import HOSTS

DIALECTS = {
    "OpenAI Chat": CHAT.streamed(),
    "Responses": RESPONSES.streamed(),
    "Codex": Call(
        "chatgpt.com",
        "/backend-api/codex/responses",
        {"model": "gpt-5.3-codex", "input": "say hi", "stream": True, "store": False},
    ),
    "Anthropic": CLAUDE.streamed(),
    "Gemini": GEMINI_SSE,
    "Code Assist": Call(
        "cloudcode-pa.googleapis.com",
        "/v1internal:streamGenerateContent?alt=sse",
        {"model": "gemini-2.5-pro", "project": "p", "request": GEMINI.body},
    ),
    "Cohere": Call(
        "api.cohere.com",
        "/v2/chat",
        {"model": "command-r-08-2024", "max_tokens": 64, "messages": TALK, "stream": True},
    ),
    "Bedrock": Call(
        "bedrock-runtime.us-east-1.amazonaws.com",
        "/model/amazon.nova-pro-v1:0/converse-stream",
        {
            "messages": [{"role": "user", "content": [{"text": "say hi"}]}],
            "inferenceConfig": {"maxTokens": 64},
        },
    ),
}
"""A stream of each, by the names that readers know."""
EVERY_HOST = tuple({*HOSTS, *(call.host for call in DIALECTS.values())})


class Settled(StrEnum):
    """What a call is charged."""

    REPORTED = "reported"
    """What the provider said."""
    TEXTS = "texts"
    """The input, and the texts that came: an estimate; under a hard limit all that was held."""
    INPUT = "input"
    """The input, an estimate, since nothing is known to have come; under a hard limit all that was held."""
    NOTHING = "nothing"


class End(NamedTuple):
    """One way to end."""

    said: str
    """For readers."""
    scenario: Scenario
    settled: Settled
    but: Mapping[str, Settled] = {}
    """Of dialects whose providers tell, or do, more."""
    error: str | None = None
    """What the row says, as far as it is the same in all dialects."""
    leaves: bool = False
    """The client does, once something of the answer has come."""
    limited: Settled | None = None
    """Under a hard limit, if that is another: it is read on, where else all that is held would be charged."""


def stream(**more: object) -> Scenario:
    """16 events with texts, which are so much that an estimate tells whether it saw them."""
    return Scenario(events=16, text="some words that come by ", **more)  # type: ignore[arg-type]


BILLS_ON = dict.fromkeys(("Gemini", "Code Assist", "Bedrock"), Settled.REPORTED)
"""These go on, and bill, when the client has left: they are read to their usage."""
ENDS = {
    "whole": End("it ends as it should", stream(), Settled.REPORTED),
    "comments": End(
        "comments between its events, as routers keep connections open",
        stream(comments=True),
        Settled.REPORTED,
    ),
    "incomplete": End(
        "its output maximum is reached (`incomplete`, `max_tokens`)",
        stream(finish="length"),
        Settled.REPORTED,
    ),
    "failed": End(
        "it fails half-way, and says so in its last event (`response.failed`)",
        stream(finish="failed"),
        Settled.TEXTS,
        dict.fromkeys(("Responses", "Codex"), Settled.REPORTED),
    ),
    "error": End("an error event half-way, and no more", stream(finish="error"), Settled.TEXTS),
    "silent": End("it ends as it should, and tells no usage", stream(usage=None), Settled.TEXTS),
    "reset": End(
        "the connection is reset half-way",
        stream(cut=Cut(how="reset", after_events=8)),
        Settled.TEXTS,
        error="cut",
    ),
    "closed": End(
        "the connection is closed half-way",
        stream(cut=Cut(how="close", after_events=8)),
        Settled.TEXTS,
        error="cut",
    ),
    "unfinished": End(
        "the message ends half-way, as if it were whole",
        stream(cut=Cut(how="end", after_events=8)),
        Settled.TEXTS,
    ),
    "left": End(
        "its client leaves, or waits no longer (under a hard limit: `reported`)",
        stream(interval=0.02),
        Settled.TEXTS,
        BILLS_ON,
        "abandoned",
        leaves=True,
        limited=Settled.REPORTED,
    ),
    "hangs": End(
        "it says nothing more, and its client waits no longer",
        stream(cut=Cut(how="hang", after_events=8)),
        Settled.TEXTS,
        error="abandoned",
        leaves=True,
    ),
    "headless": End(
        "the connection is reset behind the head",
        stream(cut=Cut(how="reset", after_events=0)),
        Settled.INPUT,
        error="cut",
    ),
    "unanswered": End(
        "the connection is reset before the head", Scenario(cut=Cut(how="reset")), Settled.INPUT, error="cut"
    ),
    "busy": End("429: too many calls", Scenario(status=429), Settled.NOTHING),
    "overloaded": End("529: overloaded, as Anthropic says", Scenario(status=529), Settled.NOTHING),
    "broken": End("500: the provider failed", Scenario(status=500), Settled.NOTHING),
}


WHOLES = {"OpenAI Chat": CHAT, "Responses": RESPONSES, "Anthropic": CLAUDE, "Gemini": GEMINI}
"""An answer in one piece of each."""
WHOLE_ENDS = {
    "whole": End("it ends as it should", stream(), Settled.REPORTED),
    "incomplete": End("its output maximum is reached", stream(finish="length"), Settled.REPORTED),
    "silent": End("it ends as it should, and tells no usage", stream(usage=None), Settled.TEXTS),
    "reset": End(
        "the connection is reset half-way, and its size is all that is known",
        stream(cut=Cut(how="reset", after_bytes=150)),
        Settled.TEXTS,
        error="cut",
    ),
    "left": End(
        "its client leaves, or waits no longer: it is read to its end",
        stream(slices=40, interval=0.02),
        Settled.REPORTED,
        error="abandoned",
        leaves=True,
    ),
    "unanswered": ENDS["unanswered"],
    "busy": ENDS["busy"],
    "broken": ENDS["broken"],
}


class Table(NamedTuple):
    """Calls of one kind, in each dialect, and how they end."""

    dialects: Mapping[str, Call]
    ends: Mapping[str, End]

    def settled(self, end: str, dialect: str, limited: bool = False) -> Settled:
        """A cell. `limited`: under a hard limit."""
        found = self.ends[end]
        return (found.limited if limited else None) or found.but.get(dialect, found.settled)

    def shown(self, heading: str) -> str:
        """All of it, as Markdown."""
        rows = [[heading, "row says", *self.dialects], ["---"] * (len(self.dialects) + 2)]
        for name, end in self.ends.items():
            error = f"`{end.error}`" if end.error else ""
            rows.append([end.said, error, *(self.settled(name, dialect) for dialect in self.dialects)])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


TABLES = {"a stream": Table(DIALECTS, ENDS), "an answer in one piece": Table(WHOLES, WHOLE_ENDS)}
