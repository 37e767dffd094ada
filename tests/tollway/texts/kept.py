"""What a road has kept of its calls."""

import asyncio
from contextlib import closing
from pathlib import Path

from tests.tollway.road import Road
from tollway.ledger.open import path_of
from tollway.texts.file import beside
from tollway.texts.reader import TextReader
from tollway.texts.store import Text


def texts(road: Road, call: str, now_us: int = 0) -> dict[str, Text]:
    """Those of a call that are there by now, by part."""
    with closing(TextReader(beside(path_of(road.ledger_url)))) as reader:
        return {text.part: text for text in reader.of(call, now_us)}


def bodies(road: Road, call: str) -> dict[str, bytes | None]:
    """The same, their bodies alone."""
    return {part: text.body for part, text in texts(road, call).items()}


async def kept(road: Road, call: str, *parts: str) -> dict[str, Text]:
    """Those of a call, once these are there: a thread writes them."""
    async with asyncio.timeout(60):
        while not (found := file_of(road).exists() and texts_or_none(road, call)) or not set(parts) <= set(
            found
        ):
            await asyncio.sleep(0.005)
    return found


def texts_or_none(road: Road, call: str) -> dict[str, Text]:
    """As `texts`, of a file that may just be made."""
    try:
        return texts(road, call)
    except Exception:
        return {}


def file_of(road: Road) -> Path:
    """Where they are."""
    return beside(path_of(road.ledger_url))


def all_bytes(road: Road) -> bytes:
    """All that is on the disk of them."""
    file = file_of(road)
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
