"""What a guardrail did to a call, as lines of 80 columns at most, with usual names and figures."""

import json
import textwrap
from collections.abc import Sequence

from rich.text import Text

from tollway.demo.calling import Answer
from tollway.demo.lines import WHAT, WIDTH, deed, quoted
from tollway.demo.stop import Stop

MASK = r"REDACTED_[A-Z]+_[a-z2-7]+"
YELLOW, RED, GREEN = "bold yellow", "bold red", "bold green"
SHOWN = ("call", "program", "tags", "model", "done", "found", "status")
"""Of the facts of a call, those of which the tour has something to say."""
LEFT_OUT = "..."


def sends(stop: Stop, *hidden: str) -> Text:
    """The last that a program says to the model, without what the tour has no need to show."""
    said = stop.body["messages"][-1]["content"]
    text = said if isinstance(said, str) else said[-1]["content"]
    for value in hidden:
        text = text.replace(value, LEFT_OUT)
    return told("sends", text)


def blocked(answer: Answer, reached: int) -> list[Text]:
    """What the program got instead of an answer, and how many requests the provider has got."""
    said = f"status {answer.status}, x-should-retry: {answer.headers.get('x-should-retry')}"
    count = "1 call" if reached == 1 else f"{reached} calls"
    return [deed("blocked", said, RED), quoted(answer.body), deed("provider", f"got {count}")]


def redacted(said: str, size: int) -> list[Text]:
    """What the provider got in the place of what was sent."""
    shown = told("redacted", said, YELLOW)
    shown.highlight_regex(MASK, YELLOW)
    return [shown, deed("", f"is what the provider got; all else of {size:,} bytes is as it was")]


def answered(texts: Sequence[str]) -> Text:
    """The texts of the answer's events, which have nothing to put back."""
    return told("answer", _quoted(texts))


def again(same: int) -> Text:
    """How much of the first turn the provider got again."""
    said = (
        f"the same placeholders: the provider got the first turn's {same:,} bytes, to the end of its "
        "message, as they were, which is what a prompt cache goes by"
    )
    return told("redacted", said, YELLOW)


def streamed(texts: Sequence[str]) -> Text:
    """The texts of a stream's events, as the provider sent them."""
    return told("streamed", _quoted(texts))


def restored(texts: Sequence[str], values: Sequence[str]) -> Text:
    """The same, as the program got them: these values are back."""
    shown = told("restored", _quoted(texts), GREEN)
    shown.highlight_words(values, GREEN)
    return shown


def flagged() -> Text:
    """That no more was done than to say so."""
    return deed("flagged", "goes on as it is: it looks like a password, and may be none", YELLOW)


def kept(facts: Sequence[tuple[str, str]]) -> list[Text]:
    """What is known of a call, as `tollway show` has it, and that it has more."""
    return [
        *(told(f"{name:>{WHAT - 4}}", value) for name, value in facts if name in SHOWN),
        deed(f"{LEFT_OUT:>{WHAT - 4}}", "what it used and cost, how long it took"),
    ]


def told(what: str, said: str, style: str = "dim") -> Text:
    """It, broken into lines."""
    first, *rest = [
        part
        for line in said.splitlines()
        for part in textwrap.wrap(line, WIDTH - WHAT, break_on_hyphens=False)
    ]
    return Text("\n").join([deed(what, first, style), *(Text(" " * WHAT + line) for line in rest)])


def _quoted(texts: Sequence[str]) -> str:
    return " ".join(json.dumps(text, ensure_ascii=False) for text in texts)
