"""What is played under the policy: a question, the same in other JSON, and one that five ask at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tollway.demo.stop import Stop

URL = "https://api.openai.com/v1/chat/completions"
GATE = "all ask"
"""What the answer waits behind that five programs ask for."""
RUNS = 5
SKIP = "x-tollway-skip-cache"
_ASKS = [{"role": "user", "content": "Is 'your parcel is late, sorry' polite? Answer in one word."}]
_READS = [{"role": "user", "content": "Grade these forty replies, each from 1 to 5 ..."}]
_USAGE = {"cache_read_tokens": 0}


def first() -> Stop:
    """A question that nobody has asked yet."""
    return _stop("ada", "runs her evaluation", {"model": "gpt-5", "messages": _ASKS}, 1_480, 610)


def again() -> Stop:
    """The same, as another program writes it."""
    body = {"messages": _ASKS, "user": "build 4711", "model": "gpt-5"}
    return _stop("ben", "lets CI run it: another program, other JSON, the same question", body, 1_480, 610)


def together() -> Stop:
    """A question that several ask at once, and get answered as a stream."""
    body = {"model": "gpt-5", "messages": _READS, "stream": True, "stream_options": {"include_usage": True}}
    does = f"starts {RUNS} jobs, which ask the same at the same moment"
    return _stop("ben", does, body, 31_000, 2_400, gate=GATE, events=24, interval=0.01)


def fresh() -> Stop:
    """The first question, by somebody who wants no recorded answer."""
    stop = _stop("cleo", f"wants a fresh answer, and says so: {SKIP}: true", first().body, 1_480, 590)
    return replace(stop, headers={SKIP: "true"})


def _stop(person: str, does: str, body: Mapping[str, Any], read: int, written: int, **more: object) -> Stop:
    usage = {**_USAGE, "input_tokens": read, "output_tokens": written}
    return Stop(
        person=person,
        program="evaluation",
        does=does,
        url=URL,
        body=body,
        answer={"usage": usage, **more},
    )
