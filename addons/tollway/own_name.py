"""`tollway.internal`, the proxy's own name: what is asked of it is answered here, and goes nowhere.

It is asked as proxies are: `GET http://tollway.internal/...`, or in a tunnel to it. A `Host` header that
names it is none of that, since a web page can bring such a one about: whoever answers for the name, where a
browser uses no proxy, can have it point to the proxy's address later (DNS rebinding), and then reads what the
proxy says as a page of the same origin. Public name servers do not know the name (ICANN has set `.internal`
aside), and public authorities do not vouch for it; a hostile network's may know anything.
"""

from mitmproxy.connection import Client
from mitmproxy.proxy.mode_specs import ReverseMode

from tollway.ca.constraints import INTERNAL
from tollway.providers.hosts import Host, normal


def is_own_name(host: str) -> bool:
    """Whether a host is the proxy itself."""
    return host.lower().removesuffix(".") == INTERNAL


def is_asked(client: Client, host: str) -> bool:
    """Whether a request is to the proxy itself. `host`: where it would go, as the engine has it.

    Where that is an address, the name in the client's hello counts: it is what was decrypted for. Behind
    `--mode reverse:` that name is the client's for the server behind it.
    """
    if is_own_name(host):
        return True
    name = client.sni
    if name is None or not is_own_name(name) or isinstance(client.proxy_mode, ReverseMode):
        return False
    return Host(name=normal(host)).is_address
