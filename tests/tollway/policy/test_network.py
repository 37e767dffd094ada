"""Networks as they are written."""

from ipaddress import ip_network
from typing import Any

import pytest

from tollway.policy.network import NetworkText
from tollway.providers.schema import Strict


class Section(Strict):
    """A section with a network."""

    at: NetworkText


@pytest.mark.parametrize(
    ("text", "network"),
    [("10.0.0.0/8", "10.0.0.0/8"), ("192.168.1.7", "192.168.1.7/32"), ("fd00::/8", "fd00::/8")],
)
def test_networks_are_read(text: str, network: str) -> None:
    """An address alone is a network of one."""
    assert Section.model_validate({"at": text}).at == ip_network(network)
    assert Section(at=ip_network(network)).at == ip_network(network)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (10, "must be a network, as 10.20.0.0/16, not 10"),
        ("intranet", "'intranet' is no network: write it as 10.20.0.0/16 or fd00::/8"),
        ("10.1.0.0/8", "'10.1.0.0/8' has bits beside the network: did you mean 10.0.0.0/8?"),
    ],
)
def test_what_is_no_network_says_why(value: Any, said: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        Section.model_validate({"at": value})
