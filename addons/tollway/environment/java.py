"""JAVA_TOOL_OPTIONS: Java reads neither HTTPS_PROXY nor PEM files."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tollway.ca.pkcs12 import DEFAULT_PASSWORD
from tollway.environment.bypass import LOOPBACK

_TOKEN = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*'|["'])+""")
_QUOTED = re.compile(r""""([^"]*)"|'([^']*)'""")

_BYPASS, _DEFAULT = "-Dhttp.nonProxyHosts", "localhost|127.*|[::1]"
_OURS = f"{_BYPASS}={_DEFAULT}"


@dataclass(frozen=True, slots=True)
class Store:
    """A trust store that the user's options name."""

    path: str
    password: str = DEFAULT_PASSWORD


def own_store(options: str) -> Store | None:
    """The trust store that these options name, if any."""
    values = dict(_split(_plain(token)) for token in _TOKEN.findall(options))
    path = values.get("-Djavax.net.ssl.trustStore")
    if not path:
        return None
    return Store(path, values.get("-Djavax.net.ssl.trustStorePassword", DEFAULT_PASSWORD))


def options(own: str, proxy_url: str, store: str | None, no_proxy: str) -> str:
    """The user's options, and after them the proxy and the trust store; None leaves the store as it is.

    Of the user's own, those are dropped which say the same of another proxy or store. Credentials in the
    proxy's URL stay out: Java has no property for them.
    """
    url = urlsplit(proxy_url)
    added: dict[str, str] = {}
    if url.scheme == "http" and url.hostname:
        for scheme in ("http", "https"):
            added[f"-D{scheme}.proxyHost"] = url.hostname
            added[f"-D{scheme}.proxyPort"] = str(url.port or 80)
    if store is not None:
        added["-Djavax.net.ssl.trustStore"] = store
    replaced = {*added, "-Djavax.net.ssl.trustStoreType"} if store is not None else {*added}
    kept = [
        token
        for token in _TOKEN.findall(own)
        if _split(_plain(token))[0] not in replaced and not _plain(token).startswith(_OURS)
    ]
    if not any(_BYPASS in token for token in kept) and (hosts := _non_proxy_hosts(no_proxy)):
        added[_BYPASS] = hosts
    return " ".join([*kept, *(_quote(f"{key}={value}") for key, value in added.items())])


def _non_proxy_hosts(no_proxy: str) -> str:
    """NO_PROXY in Java's notation, which has no CIDRs; "" where Java's default (the loopback) says it all."""
    own = [e for e in no_proxy.split(",") if e and e not in LOOPBACK and "/" not in e]
    if not own:
        return ""
    return "|".join([_DEFAULT, *dict.fromkeys(name for entry in own for name in _patterns(entry))])


def _patterns(entry: str) -> Iterable[str]:
    name = entry.removeprefix("*").lstrip(".")
    return (name, f"*.{name}") if name else ("*",)


def _plain(token: str) -> str:
    """A token without its quotes, as the JVM takes it."""
    return _QUOTED.sub(lambda match: match[1] or match[2] or "", token)


def _split(token: str) -> tuple[str, str]:
    key, _, value = token.partition("=")
    return key, value


def _quote(token: str) -> str:
    """A token as the JVM reads it back: quotes may begin anywhere, and nothing escapes them."""
    if not re.search(r"""[\s"']""", token):
        return token
    return '"' + token.replace('"', '"\'"\'"') + '"'
