"""How a call that a guardrail blocks is told so: kinds and places, never a value."""

from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import UNSCANNED, Finding, Verdict

CODE = "guardrail"
MOST = 5
"""Findings that are named."""


def blocked(said: Verdict, may_change: bool = True) -> str:
    """A sentence or two for people, as agents show it in their terminals. `may_change`: as of the verdict."""
    found = [one for one in said.findings if one.do is Do.BLOCK and not one.shadow]
    named = "; ".join(_named(one) for one in found[:MOST])
    more = f"; and {len(found) - MOST} more" if len(found) > MOST else ""
    rules = ", ".join(dict.fromkeys(one.by for one in found))
    why = "" if may_change else ", and a request of this kind can't be changed"
    return f"Tollway: the guardrail {rules} blocks this request{why}. It has {named}{more}. Take it out."


def unread(rule: str, is_batch: bool) -> str:
    """The same of a call that nothing here reads, or of a batch."""
    what, fault = ("a batch", "batch") if is_batch else ("this call", "unknown_call")
    return (
        f"Tollway: nothing here reads {what}, so the guardrail {rule} can't look through it (faults: {fault})"
    )


def _named(one: Finding) -> str:
    what = "a file that can't be looked into" if one.kind == UNSCANNED else one.kind
    place = f" at {one.at}" if one.at else ""
    times = f" ({one.times} times)" if one.times > 1 else ""
    return f"{what}{place}{times}"
