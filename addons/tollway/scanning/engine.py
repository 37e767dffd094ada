"""Which engine this platform has."""

from functools import cache
from importlib import import_module
from threading import Lock

from tollway.guardrails.secrets import load
from tollway.guardrails.secrets.secret_engine import SecretEngine

_MAKING = Lock()


def engine() -> SecretEngine:
    """Our own rules, and Kingfisher beside them where there is one. Its `name` says which.

    The first call of a process takes half a second, the first of a machine some seconds more, so call it
    before a proxy listens: no request is to wait for it.
    """
    with _MAKING:
        return _made()


@cache
def _made() -> SecretEngine:
    try:
        import_module("kingfisher_sdk")  # whether it is here, and can be loaded
    except ImportError:
        return load.pack()
    from tollway.scanning.kingfisher import kingfisher

    return kingfisher()
