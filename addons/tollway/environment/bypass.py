"""NO_PROXY: the hosts that clients reach past the proxy."""

import re
from collections.abc import Iterable, Mapping

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Added always: servers of one's own machine (Ollama, notebooks, tests) are nobody's bill, many of them speak
plain HTTP that would come through the proxy too, and Go leaves them out in any case. `::1` and not `[::1]`:
httpx takes the latter for a broken URL."""


def no_proxy(present: Mapping[str, str]) -> str:
    """The user's NO_PROXY, both spellings of it, and the loopback names."""
    own = f"{present.get('no_proxy', '')},{present.get('NO_PROXY', '')}"
    return ",".join(dict.fromkeys([*filter(None, re.split(r"[,\s]+", own)), *LOOPBACK]))


def bypassed(value: str, hosts: Iterable[str]) -> tuple[str, ...]:
    """Which of these hosts a NO_PROXY value takes past the proxy."""
    suffixes = [e.lower().removeprefix("*").lstrip(".") for e in value.split(",")]
    return tuple(
        host for host in hosts if any(not s or host == s or host.endswith("." + s) for s in suffixes)
    )
