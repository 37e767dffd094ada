"""What passed to AI services, as text and CSV."""

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.ledger.test_tunnels import ANN, ONE
from tollway.discovery.services import known_services
from tollway.discovery.sighting import Who
from tollway.reporting.discovered import Discovered, discovered
from tollway.reporting.discovered_text import as_csv, as_text, size
from tollway.reporting.periods import local

UTC = ZoneInfo("UTC")
POE = replace(ONE, sent_bytes=1_234_567, first_us=NOON_US, last_us=NOON_US + 60_000_000)
SIGHTINGS = (POE, replace(POE, host="claude.ai", who=ANN._replace(user="=cmd()\x1b"), connections=1_000))
SHOWN = "=cmd()\N{REPLACEMENT CHARACTER}"
DAY = f"{local(NOON_US, UTC):%Y-%m-%d}"


def found(*by: str) -> Discovered:
    return discovered(SIGHTINGS, known_services(), by, UTC)


def test_text_has_a_row_a_line_the_total_and_that_nothing_was_read() -> None:
    times = f"{DAY} 12:00  {DAY} 12:01"

    assert as_text(found("host", "user")).splitlines() == [
        "service  kind  host       user     connections  refused    sent  received  first seen        "
        "last seen",
        f"Claude   chat  claude.ai  {SHOWN}        1,000        2  1.2 MB       4 B  {times}",
        f"Poe      chat  poe.com    ann                1        2  1.2 MB       4 B  {times}",
        f"total                                    1,001        4  2.5 MB       8 B  {times}",
        "",
        "Counted as it passed, undecrypted: nothing of what was said there was read.",
    ]


def test_a_total_alone_has_no_name() -> None:
    assert as_text(found()).splitlines()[0].startswith("connections  refused")


def test_nothing_seen_has_no_times() -> None:
    assert as_text(discovered([], known_services(), ["user"], UTC)).splitlines()[1].endswith("-           -")


def test_csv_has_exact_bytes_and_nothing_that_a_spreadsheet_runs() -> None:
    assert as_csv(found("user")).splitlines() == [
        "user,connections,refused,sent_bytes,received_bytes,first_seen,last_seen",
        f"'{SHOWN},1000,2,1234567,4,{DAY}T12:00:00+00:00,{DAY}T12:01:00+00:00",
        f"ann,1,2,1234567,4,{DAY}T12:00:00+00:00,{DAY}T12:01:00+00:00",
    ]
    nobody = discovered([replace(POE, who=Who())], known_services(), ["user"], UTC)
    assert as_csv(nobody).splitlines()[1].startswith(",1,")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_049, "1.0 kB"), (1_050, "1.1 kB"),
        (999_949, "999.9 kB"), (999_950, "1.0 MB"), (12_345_678, "12.3 MB"), (9_990_000_000, "10.0 GB"),
        (5 * 10**15, "5.0 PB"), (5 * 10**18, "5,000.0 PB"),
    ],
)  # fmt: skip
def test_bytes_are_written_as_people_read_them(count: int, text: str) -> None:
    assert size(count) == text
