"""What guardrails found in a call, as the column `findings` has it: JSON, never a value that was found."""

from collections.abc import Sequence
from typing import Any

import orjson

from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import Finding

MOST = 100
"""Findings of a call that are kept: the strictest."""


def kept(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Those of a call that are kept, and shown."""
    if len(findings) <= MOST:
        return findings
    return sorted(findings, key=lambda one: (one.shadow, -one.do))[:MOST]


def written(findings: Sequence[Finding]) -> str:
    """`[{kind, at, times, hash, do, by, in, shadow}, ...]`; `at` is a JSON Pointer (RFC 6901)."""
    return orjson.dumps([as_json(one) for one in kept(findings)]).decode()


def as_json(one: Finding) -> dict[str, Any]:
    """One, as the ledger, logs and commands say it."""
    said: dict[str, Any] = {"kind": one.kind, "at": one.at, "times": one.times, "hash": one.mark}
    return {**said, "do": one.do.word, "by": one.by, "in": one.text, "shadow": one.shadow}


def read(text: str) -> tuple[Finding, ...]:
    """What was written."""
    return tuple([_one(said) for said in orjson.loads(text)])


def _one(said: dict[str, Any]) -> Finding:
    return Finding(
        kind=said["kind"],
        at=said["at"],
        times=said["times"],
        mark=said["hash"],
        do=Do[said["do"].upper()],
        by=said["by"],
        text=said["in"],
        shadow=said["shadow"],
    )
