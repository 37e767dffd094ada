"""What is left of a policy that has mistakes; test_load has what is told of it."""

from typing import Any

import pytest

from tollway.policy.document import Way
from tollway.policy.schema import Policy
from tollway.policy.sound_part import sound_part

LIMIT = {"name": "a", "amount": "5 USD", "window": "day"}
ROUTE = [{"from": "gpt-5", "to": "openai/gpt-4o"}]


@pytest.mark.parametrize(
    ("value", "wrong", "kept"),
    [
        ({"version": 2, "timezone": "UTC"}, [("version",)], {"timezone"}),
        ({"faults": {"batch": "x"}, "timezone": "UTC"}, [("faults", "batch")], {"timezone"}),
        ({"limits": {"a": 1}}, [("limits",)], set()),
        ({"zzz": 1}, [("zzz",)], set()),
        ({"credentials": {"openai": 1}}, [("credentials", "openai")], set()),
        ({"limits": []}, [("limits", 0, "name")], set()),
        ([], [()], set()),
    ],
)
def test_a_section_that_is_wrong_is_left_out(value: Any, wrong: list[Way], kept: set[str]) -> None:
    assert sound_part(value, wrong).keys() == {"version", *kept}


def test_an_entry_that_is_wrong_keeps_its_place() -> None:
    """Others are known by theirs, and a route is there by its name."""
    value = {
        "limits": [{"name": "b"}, LIMIT],
        "identity": [{"networks": {}}],
        "routes": {"r": [{"from": "x"}], "s": ROUTE},
    }

    part = sound_part(value, [("limits", 0, "amount"), ("identity", 0, "networks"), ("routes", "r", 0, "to")])

    policy = Policy.model_validate(part)
    assert [entry.name for entry in policy.limits][1:] == ["a"]
    assert (len(policy.identity), set(policy.routes)) == (1, {"r", "s"})


@pytest.mark.parametrize("routes", [{"r": [{"from": "gpt-5", "to": "vllm/x"}]}, ["no", "mapping"]])
def test_where_providers_are_wrong_nothing_names_one(routes: Any) -> None:
    value = {"providers": [{"name": "vllm"}], "routes": routes, "credentials": {"vllm": "passthrough"}}

    part = sound_part(value, [("providers", 0, "hosts")])

    assert "providers" not in part
    assert "credentials" not in part
    assert "vllm" not in str(part)
