"""What is played: three people, three providers, one after another."""

from typing import Any

from tollway.demo.stop import Stop

_CLAUDE = "https://api.anthropic.com/v1/messages"
_CHAT = "https://api.openai.com/v1/chat/completions"
_RESPONSES = "https://api.openai.com/v1/responses"
_EMBEDDINGS = "https://api.openai.com/v1/embeddings"
_GEMINI = "https://generativelanguage.googleapis.com/v1beta/models"
_TALK = [{"role": "user", "content": "Why does the build fail on Mondays?"}]
_PARTS = {"contents": [{"role": "user", "parts": [{"text": "Sum up the tickets of this week."}]}]}
_PLAN = {"authorization": "Bearer sk-ant-oat01-of-a-plan", "anthropic-beta": "oauth-2025-04-20"}


def _claude(model: str) -> dict[str, Any]:
    return {"model": model, "max_tokens": 4096, "stream": True, "messages": _TALK}


def _used(read: int, written: int = 0, out: int = 0, cached: int = 0) -> dict[str, Any]:
    usage = {"input_tokens": read, "cache_write_tokens": written, "cache_read_tokens": cached}
    return {"usage": {**usage, "output_tokens": out}, "events": 24, "interval": 0.01}


TOUR = (
    Stop(
        person="ada",
        program="coding agent",
        does="asks Claude about a bug: the first turn fills the cache",
        url=_CLAUDE,
        body=_claude("claude-opus-4-8"),
        answer=_used(21_400, written=20_900, out=640),
    ),
    Stop(
        person="ada",
        program="coding agent",
        does="goes on: the second turn reads from it",
        url=_CLAUDE,
        body=_claude("claude-opus-4-8"),
        answer=_used(23_100, written=1_500, cached=20_900, out=910),
    ),
    Stop(
        person="ben",
        program="notebook",
        does="embeds some texts with OpenAI",
        url=_EMBEDDINGS,
        body={"model": "text-embedding-3-small", "input": ["one text", "another text"]},
        answer=_used(180_000),
    ),
    Stop(
        person="ben",
        program="notebook",
        does="asks at once: the answer has its cost in a header",
        url=_CHAT,
        body={"model": "gpt-5-mini", "messages": _TALK},
        answer=_used(3_900, out=420),
    ),
    Stop(
        person="ben",
        program="notebook",
        does="streams without asking for usage: Tollway does",
        url=_CHAT,
        body={"model": "gpt-5-mini", "messages": _TALK, "stream": True},
        answer=_used(4_400, out=380),
    ),
    Stop(
        person="ci",
        program="review bot",
        does="reads a pull request with a larger model",
        url=_RESPONSES,
        body={"model": "gpt-5", "input": "Review this change.", "stream": True},
        answer=_used(31_000, cached=12_000, out=2_700),
    ),
    Stop(
        person="ci",
        program="review bot",
        does="is told to wait: an error costs nothing",
        url=_RESPONSES,
        body={"model": "gpt-5", "input": "Review this change."},
        answer={"status": 429},
    ),
    Stop(
        person="ada",
        program="coding agent",
        does="logs in with her plan: shown at list price, not billed",
        url=_CLAUDE,
        body=_claude("claude-opus-4-8"),
        headers=_PLAN,
        answer=_used(24_800, cached=23_100, out=350),
    ),
    Stop(
        person="ben",
        program="notebook",
        does="sums up tickets with Gemini",
        url=f"{_GEMINI}/gemini-2.5-flash:generateContent",
        body=_PARTS,
        answer=_used(9_600, out=240),
    ),
    Stop(
        person="ben",
        program="notebook",
        does="leaves half-way: Gemini goes on and bills, Tollway stays",
        url=f"{_GEMINI}/gemini-2.5-pro:streamGenerateContent?alt=sse",
        body=_PARTS,
        answer={**_used(12_500, out=3_100), "events": 60},
        leave=True,
    ),
)
