"""OpenAI's Decisions: questions about an input, answered with probabilities, counted as a response is."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.wire.openai_responses import OpenAIResponses
from tollway.wire.strings import strings


class OpenAIDecisions(OpenAIResponses):
    """The dialect."""

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """The input and what is asked about it."""
        return strings(body.get("input"), body.get("questions"))
