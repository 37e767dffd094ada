"""A program that was run through `tollway run`, and what is known of it afterwards."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.simulator.process import Running
from tests.tollway.command import Office
from tollway.model import CallRecord, Source
from tollway.money import nano

PROGRAMS = Path(__file__).with_name("programs")
TEXT = "The simulator answers with the same words every"
"""What each answer says."""
INPUT, OUTPUT = 1000, 200
"""What each answer reports, in tokens."""
KEYS = {
    "OPENAI_API_KEY": "sk-" + "made-up" * 5,
    "ANTHROPIC_API_KEY": "sk-ant-" + "made-up" * 5,
    "GEMINI_API_KEY": "AIza" + "made-up" * 5,
}


@dataclass(frozen=True)
class Played:
    """One run."""

    said: dict[str, Any]
    """What the program made of the answers: the JSON that it printed."""
    calls: tuple[CallRecord, ...]
    """The ledger."""
    seen: tuple[dict[str, Any], ...]
    """What the providers saw."""
    line: str
    """The last line on standard error."""
    report: dict[str, Any]
    """`tollway report --by provider --format json`."""

    def call(self, model: str) -> CallRecord:
        """The one call of this model."""
        (call,) = (call for call in self.calls if call.model == model)
        return call

    def passed(self, path: str) -> bool:
        """Whether this path reached the provider, and stands in no ledger."""
        return any(one["path"] == path for one in self.seen)


def play(
    home: Path, sim: Running, command: Sequence[str], variables: Mapping[str, str] | None = None
) -> Played:
    """Run a program that prints JSON. Raises AssertionError, with what it said, if it fails."""
    sim.reset()
    sim.default(usage={"input_tokens": INPUT, "output_tokens": OUTPUT})
    office = Office(home, sim, {**KEYS, **(variables or {})})
    done = office.run("run", "--tag", "program=played", "--", *command)
    assert done.returncode == 0, done.stdout + done.stderr
    report = office.run("report", "--by", "provider", "--format", "json")
    assert report.returncode == 0, report.stderr
    return Played(
        said=json.loads(done.stdout),
        calls=tuple(office.calls()),
        seen=tuple(sim.seen()),
        line=done.stderr.splitlines()[-1],
        report=json.loads(report.stdout),
    )


def python(name: str) -> list[str]:
    """The words of a program of this folder."""
    return [sys.executable, "-I", str(PROGRAMS / f"{name}.py")]


def is_metered(call: CallRecord, provider: str, usd: str, output: int | None = OUTPUT) -> None:
    """Assert that a call was answered, read and priced: `usd` is worked out by hand from the list price."""
    assert (call.provider, call.status, call.state, call.error) == (provider, 200, "done", None)
    assert (call.usage.input_tokens, call.usage.output_tokens) == (INPUT, output)
    assert (call.cost.nano, call.cost.source, call.cost.flags) == (nano(Decimal(usd)), Source.COMPUTED, ())
    assert call.tags == {"program": "played"}
