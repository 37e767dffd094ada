"""One call, all that is known of it."""

from zoneinfo import ZoneInfo

from rich.text import Text

from tollway.live.call_facts import call_facts
from tollway.live.glyphs import fit
from tollway.model import CallRecord


def call_page(call: CallRecord, now_us: int, zone: ZoneInfo, cut: str, width: int, height: int) -> list[Text]:
    """A line for each fact that is known."""
    facts = call_facts(call, now_us, zone)
    longest = max(len(name) for name, _ in facts)
    lines = [
        Text.assemble(
            (name.rjust(longest), "dim"), "  ", fit(value, width - longest - 2, cut), end="", no_wrap=True
        )
        for name, value in facts
    ]
    return lines[:height]
