"""What a request calls its host: in its target, its `:authority`, its `Host`. Front ends of many hosts go by
one of them, so none may name another than the one that is called."""

import re

from tollway.providers.hosts import normal

_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")


def host_of(authority: str) -> str:
    """The host of a `Host` field or the like (RFC 9110, section 7.2), as the provider table has it; "" if it
    is none, such as a list of hosts, or one with a user before it: servers read these differently."""
    found = _AUTHORITY.fullmatch(authority.strip(" \t"))
    return normal(found[1]) if found else ""
