"""Messages, headers and frames, without what costs much and does little.

`MessageData.__post_init__` exists only where Python runs with assertions on: it compares each field of each
request and answer with its annotation, which is a tenth of the work of a small call. What is checked comes
from mitmproxy's own parsers.

`http.Headers` answers each question by four calls per header, and mitmproxy asks two dozen per call; the same
answers come from one loop.

Options are copied, deeply, each time that one is read: a dozen times per call. They do not change once the
proxy listens.

Connections are compared as instances of an abstract class first; their ids are unique.

The h2 library writes each frame that it receives out as text, for a log that it does not keep.
"""

from functools import lru_cache
from typing import Any

from hyperframe.frame import Frame
from mitmproxy import http
from mitmproxy.connection import Connection
from mitmproxy.options import Options


def without_type_checks() -> None:
    """Take the check away, for this process."""
    if hasattr(http.MessageData, "__post_init__"):
        http.MessageData.__post_init__ = lambda self: None  # type: ignore[method-assign]


def with_quick_headers() -> None:
    """Let header look-ups be one loop, for this process."""
    http.Headers.get_all = _get_all  # type: ignore[method-assign]
    http.Headers.get = _get  # type: ignore[method-assign, assignment]
    http.Headers.__contains__ = _contains  # type: ignore[method-assign, assignment]


@lru_cache(maxsize=256)
def _wanted(name: str | bytes) -> bytes:
    return (name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")).lower()


def _get_all(self: http.Headers, name: str | bytes) -> list[str]:
    wanted = _wanted(name)
    size = len(wanted)
    return [
        value.decode("utf-8", "surrogateescape")
        for key, value in self.fields
        if len(key) == size and key.lower() == wanted
    ]


def _get(self: http.Headers, name: str | bytes, default: Any = None) -> Any:
    values = _get_all(self, name)
    return ", ".join(values) if values else default


def _contains(self: http.Headers, name: object) -> bool:
    if not isinstance(name, str | bytes):
        return False
    wanted = _wanted(name)
    size = len(wanted)
    for key, _ in self.fields:
        if len(key) == size and key.lower() == wanted:
            return True
    return False


def without_frame_texts() -> None:
    """Let a frame's text be its type, for this process."""
    Frame.__repr__ = lambda self: type(self).__name__  # type: ignore[method-assign]


def with_quick_comparison() -> None:
    """Let connections be compared by who they are, for this process."""
    Connection.__eq__ = _is_same  # type: ignore[method-assign]


def _is_same(self: Connection, other: object) -> bool:
    return self is other or self.id == getattr(other, "id", None)


def fix(options: Options) -> None:
    """From now on these options are read as they are now; to set one has no effect."""
    vars(options).update({name: getattr(options, name) for name in options.keys()})
