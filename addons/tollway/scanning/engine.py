"""Which engine this platform has."""

from collections.abc import Collection
from contextlib import suppress
from functools import cache
from importlib import import_module
from threading import Lock, Thread

from tollway.guardrails.found import Family
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


def begin(families: Collection[Family]) -> None:
    """Makes it on another thread, if it will be asked for, while a program does the rest of its start."""
    if Family.SECRETS in families:
        Thread(target=_ahead, name="secret engine", daemon=True).start()


def _ahead() -> None:
    with suppress(Exception):  # who asks for it is told
        engine()


@cache
def _made() -> SecretEngine:
    try:
        import_module("kingfisher_sdk")  # whether it is here, and can be loaded
    except ImportError:
        return load.pack()
    from tollway.scanning.kingfisher import kingfisher

    return kingfisher()
