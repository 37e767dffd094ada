"""What is spoken on a socket, by where it was asked for."""

import re
from collections.abc import Callable

from tests.simulator.sockets import realtime_openai, realtime_xai
from tests.simulator.sockets.gemini_live import GeminiLive
from tests.simulator.sockets.realtime import Realtime
from tests.simulator.sockets.responses import Responses
from tests.simulator.sockets.session import Opening, Session

ROUTES: tuple[tuple[str, str, str, Callable[[Opening], Session]], ...] = (
    (r".*", r"/+ws/google\..*BidiGenerateContent(Constrained)?", "gemini_live", GeminiLive),
    (r".*\.x\.ai", r".*/realtime", "xai_realtime", lambda opening: Realtime(opening, realtime_xai)),
    (r".*", r".*/realtime", "openai_realtime", lambda opening: Realtime(opening, realtime_openai)),
    (r".*", r".*/responses", "openai_responses", Responses),
)
"""Host, path, name, session: the first that matches."""


def route(host: str, path: str) -> tuple[str, Callable[[Opening], Session]] | None:
    """Name and session of what is spoken there; None for nothing."""
    return next(
        (
            (name, session)
            for hosts, paths, name, session in ROUTES
            if re.fullmatch(hosts, host) and re.fullmatch(paths, path)
        ),
        None,
    )
