"""The proxy that clients of this environment are led to."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from tollway.diagnosis.variables import OPTION, Named
from tollway.environment.bypass import bypassed, no_proxy
from tollway.environment.upstream import Upstream, named, upstream


def seen(
    environment: Mapping[str, str], option: str | None, hosts: Iterable[str]
) -> tuple[Named, Upstream | None]:
    """What is named, as it may be shown, and the proxy itself. `option`: what --proxy has; `hosts`: the
    providers'."""
    url = named(environment) if option is None else option
    source = OPTION if option is not None else _source(environment)
    passed_by = bypassed(no_proxy(environment), hosts)
    if url is None:
        only_all = bool(environment.get("ALL_PROXY") or environment.get("all_proxy"))
        return Named(source=source, only_all_proxy=only_all, passed_by=passed_by), None
    try:
        proxy = upstream(url)
    except ValueError as error:
        return Named(source=source, fault=str(error) + _socks(url), passed_by=passed_by), None
    upper, lower = environment.get("HTTPS_PROXY"), environment.get("https_proxy")
    return (
        Named(
            source=source,
            place=proxy.place,
            secure=proxy.scheme == "https",
            logs_in=proxy.credentials is not None,
            local=_is_local(proxy.host),
            differ=option is None and bool(upper and lower) and upper != lower,
            passed_by=passed_by,
        ),
        proxy,
    )


def _source(environment: Mapping[str, str]) -> str:
    only_lower = environment.get("https_proxy") and not environment.get("HTTPS_PROXY")
    return "https_proxy" if only_lower else "HTTPS_PROXY"


def _socks(url: str) -> str:
    return ": Tollway does not speak SOCKS" if url.strip().lower().startswith("socks") else ""


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
