"""What is played under the policy: one limit of 2 USD, from its first call to its last cents.

`tollway bound` shows the arithmetic for any request. At most, a token of Opus costs 0.000011 USD (input, kept
in a cache for an hour) and 0.0000275 (output), one of Haiku a fifth of that; what is paid here is 0.000005
and 0.000025. Each call has at most some 2,240 tokens of input, and asks for 64,000 of output: 1.785 USD.

  left    the call                                                             holds       costs
  2       fits                                                                 1.785      0.7595
  1.2405  is clamped to 44,200 tokens                                            all      0.3595
  0.8810  is clamped to 31,100                                                   all      0.2345
  0       waits, since 0.6465 is to come; is clamped to 22,600                   all      0.5470
  0.0995  moves to Haiku, clamped to 17,200: Opus takes 0.137 at the least       all      0.0819
  0.0176  is refused: Haiku takes 0.027 at the least

The least is 4,096 tokens of output, since the callers have tools.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tollway.demo.stop import Stop

MOST = 64_000
"""Output tokens that each call asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A call, and what the limit is to make of it."""

    stop: Stop
    gate: str
    """What the simulator's answer waits behind."""
    headers: tuple[str, ...] = ()
    """Those of the answer that are shown."""
    met: tuple[str, ...]
    """The actions, in their order, without what they say in numbers."""


def _step(person: str, does: str, asks: str, output: int, *met: str, headers: tuple[str, ...] = ()) -> Step:
    return Step(
        stop=Stop(
            person=person,
            program="claude-cli",
            does=does,
            url="https://api.anthropic.com/v1/messages",
            body=_body(asks),
            headers={"user-agent": "claude-cli/2.1.40 (external, cli)"},
            answer=_answer(asks, output),
        ),
        gate=asks,
        headers=headers,
        met=met,
    )


def _body(asks: str) -> dict[str, Any]:
    read = {"name": "read", "description": "Reads a file.", "input_schema": {"type": "object"}}
    talk = [{"role": "user", "content": asks}]
    return {
        "model": "claude-opus-4-8", "max_tokens": MOST, "stream": True, "tools": [read], "messages": talk,
    }  # fmt: skip


def _answer(gate: str, output: int) -> Mapping[str, Any]:
    usage = {"input_tokens": 1_900, "cache_read_tokens": 0, "cache_write_tokens": 0, "output_tokens": output}
    return {"usage": usage, "events": 24, "interval": 0.01, "gate": gate}


WHOLE = _step("ada", "asks for a parser", "Write the parser.", 30_000, headers=("x-tollway-remaining",))
CLAMPED = _step("ada", "asks for its tests", "Write its tests.", 14_000, "clamp")
FIRST = _step("ada", "asks for a review", "Review the tests.", 9_000, "clamp")
SECOND = _step("ben", "asks while she is still being answered", "Write the manual.", 21_500, "wait", "clamp")
REROUTED = _step(
    "ben", "asks again", "Shorten the manual.", 16_000, "route", "clamp", headers=("x-tollway-route",)
)
REFUSED = _step("ben", "asks once more", "Translate the manual.", 0, "route", "block")
STEPS = (WHOLE, CLAMPED, FIRST, SECOND, REROUTED, REFUSED)
