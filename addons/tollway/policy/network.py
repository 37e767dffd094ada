"""Networks as they are written: `10.20.0.0/16`, `fd00::/8`."""

import ipaddress
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(value: Any) -> Network:
    """`10.20.0.0/16`; an address alone is a network of one."""
    if isinstance(value, Network):
        return value
    if not isinstance(value, str):
        raise ValueError(f"must be a network, as 10.20.0.0/16, not {value}")
    try:
        return ipaddress.ip_network(value)
    except ValueError:
        pass
    try:
        whole = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValueError(f"{value!r} is no network: write it as 10.20.0.0/16 or fd00::/8") from None
    raise ValueError(f"{value!r} has bits beside the network: did you mean {whole}?")


NetworkText = Annotated[Network, BeforeValidator(_network), WithJsonSchema({"type": "string"})]
"""A field of a policy that holds a network."""
