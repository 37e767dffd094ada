"""Which names a certificate authority may speak for.

A permitted name covers its subdomains (RFC 5280, 4.2.1.10).
"""

import re
from collections.abc import Iterable, Set
from ipaddress import ip_network

from cryptography import x509

INTERNAL = "tollway.internal"
"""The proxy's own page: always permitted, and nobody else's name."""

WIDE = frozenset(
    {
        "amazonaws.com", "api.aws", "azure.com", "azuredatabricks.net", "cloud.databricks.com",
        "databricks.com", "ghe.com", "google.com", "googleapis.com", "microsoft.com",
        "rep.googleapis.com", "snowflakecomputing.com", "windows.net",
    }
)  # fmt: skip
"""Names under which strangers have hosts of their own: never permitted as a whole."""

_NAME = re.compile(r"(?=.{1,253}\Z)(?!.*\.\d+\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+")
_NO_ADDRESS = [x509.IPAddress(ip_network(net)) for net in ("0.0.0.0/0", "::/0")]


def is_name(host: str) -> bool:
    """Whether this is a lower-case DNS name of two labels or more: no address, wildcard or bare label."""
    return _NAME.fullmatch(host) is not None


def covering(permitted: Set[str], host: str) -> str | None:
    """The permitted name that `host` is or lies under, if any."""
    if not is_name(host):
        return None
    while host and host not in permitted:
        host = host.partition(".")[2]
    return host or None


def permitted_names(hosts: Iterable[str]) -> tuple[str, ...]:
    """The names to permit for these hosts, sorted; what another one covers is left out.

    Addresses and bare labels (`127.0.0.1`, `vllm`) are left out: no authority can be constrained to them
    safely, so that such hosts are reached over plain HTTP only. Raises ValueError, naming the host, for one
    that would permit a whole cloud.
    """
    names = {INTERNAL} | {name for host in hosts if is_name(name := host.lower())}
    if wide := sorted(names & WIDE):
        raise ValueError(
            f"host {wide[0]!r} is too wide for the certificate authority: strangers have hosts under it. "
            "Name the hosts themselves (regions one by one)."
        )
    return tuple(sorted(n for n in names if covering(names, n.partition(".")[2]) is None))


def extension(names: Iterable[str]) -> x509.NameConstraints:
    """Permits these DNS names and no address.

    Other kinds of names (e-mail, URI, directory) are not constrained: Go refuses a chain whose critical
    constraints hold a directory name, and the authority's extended key usage already says TLS servers only,
    which are known by nothing but DNS names and addresses.
    """
    return x509.NameConstraints([x509.DNSName(name) for name in names], _NO_ADDRESS)


def names_in(certificate: x509.Certificate) -> tuple[str, ...]:
    """The DNS names that a certificate's critical constraints permit; none if it has no such constraints."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except x509.ExtensionNotFound:
        return ()
    if not found.critical:
        return ()
    return tuple(n.value for n in found.value.permitted_subtrees or () if isinstance(n, x509.DNSName))
