"""What a policy may say."""

from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from tollway.policy.load import load
from tollway.policy.schema import Faults, Policy
from tollway.providers.load import load as load_providers


def test_defaults_are_the_designs() -> None:
    """What holds where a policy is silent."""
    assert Faults().model_dump() == {
        "store_down": "closed",
        "unknown_price": "refuse",
        "unknown_call": "refuse",
        "batch": "refuse",
        "unsettled": 48 * 3_600_000_000,
        "websocket": "meter",
        "abandoned": "drain",
        "subscriptions": "observe",
        "tunnels": (),
        "unreadable": "allow",
        "unmanaged": "allow",
        "durability": "process",
        "accept_bound": (),
    }


def test_first_value_of_each_fault_is_its_default() -> None:
    """As the reference says."""
    faults = Policy.model_json_schema()["$defs"]["Faults"]["properties"]
    assert faults.pop("unsettled")["default"] == "48h"
    for schema in faults.values():
        assert schema["default"] == schema.get("enum", [[]])[0]


def test_defaults_may_be_said() -> None:
    """A policy that writes out every default is the default."""
    defaults = {**Faults().model_dump(), "unsettled": "48h"}
    said = "".join(f"  {key}: {value if value else '[]'}\n" for key, value in defaults.items())

    assert load(f"version: 1\nfaults:\n{said}", "p.yaml") == Policy(version=1)


def test_other_values_are_taken_where_that_misleads_nobody() -> None:
    """What matters to limits only may be said before there are limits."""
    faults = load(
        "version: 1\nfaults: {store_down: open, unknown_price: dearest, unknown_call: pass, batch: allow,"
        " accept_bound: [a1]}",
        "p.yaml",
    ).faults

    assert (faults.store_down, faults.unknown_price) == ("open", "dearest")
    assert (faults.unknown_call, faults.batch, faults.accept_bound) == ("pass", "allow", ("a1",))


def test_tunnels_are_networks() -> None:
    """An address is a network of one."""
    faults = load("version: 1\nfaults: {tunnels: [10.0.0.0/8, 192.168.1.7, 'fd00::/8']}", "p.yaml").faults

    assert faults.tunnels == tuple(map(ip_network, ("10.0.0.0/8", "192.168.1.7/32", "fd00::/8")))
    assert Faults(tunnels=faults.tunnels) == faults


def test_zone_is_the_timezones() -> None:
    """Windows and bills follow it."""
    assert Policy(version=1).zone == ZoneInfo("UTC")
    assert Policy(version=1, timezone="Europe/Berlin").zone == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../../etc/passwd", "Europe", "x" * 300, "a\0b"])
def test_timezone_is_the_name_of_one(name: str) -> None:
    """Folders, files and nonsense are no time zones."""
    with pytest.raises(ValidationError, match="no time zone is called"):
        Policy(version=1, timezone=name)


def test_a_policy_is_frozen() -> None:
    """It is a value: a reload makes a new one."""
    with pytest.raises(ValidationError, match="frozen"):
        Policy(version=1).timezone = "UTC"


def test_provider_rows_are_what_the_registry_takes() -> None:
    """Rows go through the schema and come out as they were written."""
    text = """\
version: 1
providers:
  - name: vllm
    hosts: [llm.corp.example]
    serves: [{at: [/v1], set: openai}]
    paths: {/rank: unknown, /files: pass, /jobs: {free: true, methods: [POST]}}
"""

    rows = load(text, "p.yaml").provider_rows()

    assert load_providers(rows).providers[0].row.name == "vllm"
    assert rows[0]["paths"] == {
        "/rank": {},
        "/files": {"free": True},
        "/jobs": {"free": True, "methods": ("POST",)},
    }
