"""One wire format said in another: a request in its target's words, the answer in the caller's. Pure.

So far from Anthropic's Messages to OpenAI's Chat Completions, which nearly every provider speaks: then a
program for the one, such as Claude Code, runs on any model behind the other. The request becomes another one
(`request`), or a text says why it can't. The answer comes back in one piece (`answer`), event by event
(`stream`), or as an error (`errors`).

What has no counterpart is refused with a reason, and never dropped: documents, the provider's own tools,
containers, what nothing here knows. Left out is only what does not say anything to the model:

- `thinking` blocks of earlier turns. They are bound to the model that thought them, and Anthropic itself
  drops them when the model changes: https://platform.claude.com/docs/en/build-with-claude/preserved-thinking.
  What another model thought goes to the caller as such a block, too, and with a mark of ours: `thoughts`;
- the header that Claude Code writes into the system's text for Anthropic: `messages`;
- marks of what to cache (`cache_control`), and of which tools to show when (`defer_loading`): all are shown;
- `metadata`, which has the ids of an account, and a service tier, which is one of that account's;
- where the model is not known to have levels of thinking, how much it is to think: `effort`.
"""

from collections.abc import Mapping

INTO: Mapping[str, str] = {"anthropic_messages": "openai_chat"}
"""The dialect that a request is translated into, by its own."""
FROM: Mapping[str, str] = {into: own for own, into in INTO.items()}
"""A caller's own dialect, by that which its request was translated into."""
