"""What is still held once a stream has told its input's usage: that, and the output that may come."""

from msgspec.structs import replace

from tollway.bound.bound import Bound
from tollway.budget.amounts import Amounts
from tollway.candidate import Candidate
from tollway.model import Usage

EARLY = frozenset({"anthropic_messages", "bedrock_invoke", "gemini"})
"""Dialects whose streams tell their input's usage before their output is written."""


OUTPUT = frozenset({"output_tokens", "reasoning_tokens", "output_audio_tokens", "output_image_tokens"})
"""What an early report says of these is a placeholder."""


def lowers(candidate: Candidate) -> bool:
    """Whether its stream will tell early what its whole input comes to.

    Tools that the provider runs make the model read on: then it does not.
    """
    bound, call = candidate.bound, candidate.call
    if not isinstance(bound, Bound) or candidate.row.bound is None or call.asked is None:
        return False
    if bound.max_output is None:
        return False
    tools = bound.usage.web_searches or bound.usage.tool_calls
    return call.asked.stream and bound.answers == 1 and not tools and call.endpoint.dialect in EARLY


def lowered(candidate: Candidate, reported: Usage) -> Amounts | None:
    """What is held from now on; None: no less than before."""
    bound, most = candidate.bound, candidate.row.bound
    if not isinstance(bound, Bound) or most is None or reported.input_tokens is None:
        return None
    if reported.cache_read_tokens is None and candidate.call.endpoint.dialect != "gemini":
        return None  # caches, which Claude counts apart, are still to be told
    nano = most.nano
    if candidate.ceiling is not None:
        told = {name: count for name, count in reported.known().items() if name not in OUTPUT}
        nano = min(nano, candidate.ceiling.reported(replace(bound.usage, **told)))
    less = Amounts(
        nano=nano,
        input_tokens=min(most.input_tokens, reported.input_tokens),
        output_tokens=most.output_tokens,
        requests=most.requests,
    )
    return less if less != most else None
