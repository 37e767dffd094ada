"""Run by the user's own Python, from 3.8 on: whether one of its HTTP clients trusts the proxy.

Its arguments are the client's module and a URL; it prints an object: outcome, said, version. Nothing of
Tollway's can be imported there.
"""

from __future__ import annotations

import importlib
import json
import ssl
import sys


def causes(error: BaseException) -> list[BaseException]:
    """An exception, and those that it came of, in whatever way its library keeps them."""
    waiting: list[object] = [error]
    seen: list[BaseException] = []
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, BaseException) and each not in seen:
            seen.append(each)
            waiting += [getattr(each, "reason", None), each.__cause__, each.__context__, *each.args]
    return seen


def outcome(name: str, url: str) -> tuple[str, str]:
    """How a call ends, and the client's words."""
    try:
        module = importlib.import_module(name)
    except ImportError:
        return "absent", "it is not installed for the python3 on PATH"
    ask = module.urlopen if name == "urllib.request" else module.get
    try:
        ask(url).close()
    except Exception as error:
        for each in causes(error):
            if isinstance(each, ssl.SSLCertVerificationError):
                return "refused", each.verify_message
        if getattr(error, "code", None) is None:
            return "failed", f"{type(error).__name__}: {error}"
    return "accepted", ""  # whatever the proxy answered, it did so over TLS


if __name__ == "__main__":
    found, words = outcome(*sys.argv[1:])
    print(json.dumps({"outcome": found, "said": words, "version": sys.version.split()[0]}))
