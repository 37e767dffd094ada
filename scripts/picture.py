"""Draws `docs/report.svg`, the README's picture: the report of a week that was made up, at today's prices.

.venv/bin/python scripts/picture.py
"""

import asyncio
import io
import random
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from tollway.ledger.open import open_books, open_ledger
from tollway.model import CallRecord, Report, Usage
from tollway.prices.book import PriceBook
from tollway.prices.priced import Priced
from tollway.reporting.bill import report
from tollway.reporting.table import as_table

WIDTH = 82
FIRST = datetime(2026, 11, 17, 9, tzinfo=UTC)
MODELS = (
    ("anthropic", "claude-opus-4-8", 40, 90_000, 0.93, 900),
    ("anthropic", "claude-haiku-4-5", 25, 12_000, 0.5, 400),
    ("openai", "gpt-5-mini", 30, 6_000, 0.3, 700),
    ("gemini", "gemini-2.5-pro", 12, 20_000, 0.0, 1_200),
)
"""Provider, model, calls a day, input tokens, share of them read from the cache, output tokens."""


def week(book: PriceBook) -> list[CallRecord]:
    """Calls of three days."""
    chance = random.Random(7)
    found = []
    for day in range(3):
        for provider, model, calls, came, cached, went in MODELS:
            for number in range(int(calls * chance.uniform(0.6, 1.4))):
                at = FIRST + timedelta(days=day, minutes=7 * number)
                tokens = int(came * chance.uniform(0.5, 1.5))
                usage = Usage(
                    input_tokens=tokens,
                    cache_read_tokens=int(tokens * cached),
                    output_tokens=int(went * chance.uniform(0.3, 2)),
                )
                cost = book.price(
                    Priced(
                        provider=provider,
                        host="",
                        operation="chat",
                        model_asked=model,
                        report=Report(usage=usage, complete=True),
                        at=at,
                    )
                )
                found.append(
                    CallRecord(
                        id=f"{model}-{day}-{number}",
                        state="done",
                        started_us=int(at.timestamp() * 1_000_000),
                        provider=provider,
                        operation="chat",
                        model=model,
                        usage=usage,
                        cost=cost,
                        status=200,
                    )
                )
    return found


async def fill(url: str) -> None:
    """Write the calls into a ledger."""
    ledger = open_ledger(url)
    await asyncio.gather(*(ledger.record(call) for call in week(PriceBook())))
    ledger.close()


def main() -> None:
    """Draw the picture."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:{folder}/ledger.db"
        asyncio.run(fill(url))
        books = open_books(url)
        bill = report(books, ("day", "provider", "model"), None, None, ZoneInfo("UTC"))
        books.close()
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print("[bold]$ tollway report[/bold]")
    console.print(as_table(bill, WIDTH))
    out = Path(__file__).resolve().parents[1] / "docs" / "report.svg"
    drawn = console.export_svg(title="tollway report")
    out.write_text(re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
