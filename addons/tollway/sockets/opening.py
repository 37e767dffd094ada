"""A socket as it is opened: what is spoken on it, and the model that its address names."""

from urllib.parse import parse_qs

from tollway.model import Endpoint
from tollway.sockets import SESSIONS
from tollway.sockets.events import Settings
from tollway.sockets.session import Session

_MODEL = ("model", "deployment")
"""Azure's older paths have the deployment."""


def session(endpoint: Endpoint, query: str) -> Session | None:
    """The reader of the socket's messages; None if nothing here knows what is spoken on it."""
    make = SESSIONS.get(endpoint.socket)
    if make is None:
        return None
    return make(endpoint, Settings(model=endpoint.model or _model(query)))


def _model(query: str) -> str | None:
    try:
        said = parse_qs(query, max_num_fields=100)
    except ValueError:
        return None
    return next((said[name][0][:256] for name in _MODEL if name in said), None)
