"""WebSockets to providers: which calls go over one, what each asks for and used, and how one is refused.

Values in, values out: whoever relays the messages feeds them to a `Session`, and acts on what it tells.
"""

from collections.abc import Callable

from tollway.model import Endpoint
from tollway.sockets.events import Settings
from tollway.sockets.gemini_live import GeminiLive
from tollway.sockets.openai_live import OpenAILive
from tollway.sockets.openai_session import OpenAISession
from tollway.sockets.realtime import Realtime
from tollway.sockets.responses import Responses
from tollway.sockets.session import Session

SESSIONS: dict[str, Callable[[Endpoint, Settings], Session]] = {
    "openai_responses": lambda endpoint, settings: OpenAISession(Responses(endpoint), settings),
    "openai_realtime": lambda endpoint, settings: OpenAISession(Realtime(endpoint), settings),
    "openai_live": OpenAILive,
    "gemini_live": lambda endpoint, settings: GeminiLive(settings),
}
"""Every form of socket that is read, by the name that `providers.yaml` gives it."""
