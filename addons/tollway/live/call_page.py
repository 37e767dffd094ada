"""One call, all that is known of it."""

from rich.text import Text

from tollway.live.call_facts import call_facts
from tollway.live.glyphs import fit
from tollway.live.snapshot import Snapshot
from tollway.model import CallRecord


def call_page(call: CallRecord, snapshot: Snapshot, cut: str, width: int, height: int) -> list[Text]:
    """A line for each fact that is known."""
    facts = call_facts(call, snapshot.now_us, snapshot.zone, snapshot.orphaned)
    longest = max(len(name) for name, _ in facts)
    lines = [
        Text.assemble(
            (name.rjust(longest), "dim"), "  ", fit(value, width - longest - 2, cut), end="", no_wrap=True
        )
        for name, value in facts
    ]
    return lines[:height]
