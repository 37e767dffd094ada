"""Calls that nobody has made, and what policies decide of them, for tests."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tollway.decision.call import Call
from tollway.decision.decide import Decision, Step, decide
from tollway.decision.route import BEFORE, HERE, STAYS
from tollway.policy.load import placed
from tollway.providers.load import load as load_providers

AT = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Tuesday's noon."""
REGISTRY = load_providers()
CIRCUMSTANCES = {"wish", "size", "stream", "tools", "images", "shares", "at"}


def call(*models: str, provider: str | None = "openai", **known: Any) -> Call:
    """One; what is no circumstance is an attribute."""
    said = {name: known.pop(name) for name in CIRCUMSTANCES & known.keys()}
    attributes = {"operation": "chat", "provider": provider, **known}
    return Call(attributes=attributes, models=models or ("gpt-4o",), **{"at": AT, **said})


def decided(text: str, asked: Call | None = None) -> Decision:
    """What a policy, after its version, makes of it."""
    policy, places = placed(f"version: 1\n{text}", "p.yaml")
    return decide(policy, asked or call(), lambda way: places[way][0], REGISTRY)


def told(step: Step) -> bool:
    """Whether a call's row tells of it: of a route that is asked for, and of where one leads, or should."""
    if (route := step.route) is None:
        return False
    if route.leads_to is not None or step.by.startswith("on_request"):
        return True
    why = {target.why_not for rule in route.rules for target in rule.targets}
    return not why <= {None, STAYS, HERE, BEFORE}
