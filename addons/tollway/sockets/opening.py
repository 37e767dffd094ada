"""A socket as it is opened: what is spoken on it, and the model that its address names."""

from urllib.parse import parse_qs, quote, unquote_plus

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
    return make(endpoint, Settings(model=endpoint.model or model_of(query)))


def model_of(query: str) -> str | None:
    """The model that a query names; None: it names none, or can't be read."""
    try:
        said = parse_qs(query, max_num_fields=100)
    except ValueError:
        return None
    return next((said[name][0][:256] for name in _MODEL if name in said), None)


def names(query: str) -> list[str]:
    """The names of a query's parameters."""
    return [_name(pair) for pair in query.split("&") if pair]


def renamed(query: str, model: str) -> str | None:
    """The query with another model in it; None: which one it names is not beyond doubt."""
    pairs = query.split("&")
    named = [name.lower() in _MODEL for name in map(_name, pairs)]
    if sum(named) != 1:
        return None
    index = named.index(True)
    if (name := _name(pairs[index])) not in _MODEL:
        return None
    pairs[index] = f"{name}={quote(model, safe='')}"
    return "&".join(pairs)


def _name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])
