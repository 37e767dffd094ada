"""OpenAI's Completions, the format before Chat: a prompt for messages, the same answers otherwise."""

from typing import ClassVar

from tollway.wire.openai_chat import OpenAIChat


class OpenAICompletions(OpenAIChat):
    """The dialect."""

    reads: ClassVar[tuple[str, ...]] = ("prompt", "suffix")
