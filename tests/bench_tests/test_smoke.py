"""One comparison with real proxies, tiny."""

import asyncio
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.calls import agent_turn, json_call
from tests.bench.comparison import Comparison, compare, cpu_ratio
from tests.bench.extent import QUICK
from tests.bench.load import PROTOCOLS, alternate, drive
from tests.bench.memory import recorded
from tests.bench.pairs import pairs
from tests.bench.routes import CHAT, ECONOMY, REROUTED, TRANSLATED, asking, key, leading, naming
from tests.bench.scraping import scraping
from tests.bench.sockets import sockets
from tests.bench.subjects import Place, simulator
from tests.bench.table import Results
from tests.bench.workers import workers
from tollway.ledger.open import open_books


@pytest.mark.slow
def test_proxies_are_compared_over_both_protocols(tmp_path: Path) -> None:
    """Every call reaches the simulator and the ledger; an agent turn arrives event by event."""
    results = Results()
    with simulator(tmp_path / "simulator") as providers:
        place = Place(tmp_path, providers)
        with place.running("stock-streaming") as stock, place.running("tollway") as tollway:
            for protocol in PROTOCOLS:
                comparison = Comparison("turn", agent_turn(0.001, events=100), protocol, 2, 1)
                rounds = compare(results, comparison, [stock, tollway], 2)
                assert cpu_ratio(rounds, "tollway", "stock-streaming").low > 0
                assert all(min(figures.last) >= 0.1 for figures in rounds.values())
                asyncio.run(drive(protocol, tollway.target, json_call(), 2, 5))
                both = [stock.target, tollway.target]
                first = asyncio.run(alternate(protocol, both, json_call(), 3))
                assert [len(times) for times in first] == [3, 3]
    assert recorded(tmp_path / "tollway" / "ledger.db") == 2 * (3 * 2 + 2 * 5 + 4)
    assert len(results.costs) == 4


@pytest.mark.slow
def test_turns_down_a_route_are_compared_with_those_that_ask_for_its_target(tmp_path: Path) -> None:
    """Each is asked of another model, or in Chat; what asks for the target goes there as it is."""
    haiku = "claude-haiku-4-5"
    with simulator(tmp_path / "simulator") as providers:
        providers.default(events=20)
        place = Place(tmp_path, providers)
        with leading(place, CHAT.format(key(place)), TRANSLATED) as there:
            compare(Results(), Comparison("turn", asking(), "HTTP/1.1", 1, 1), [there], 1)
        with leading(place, ECONOMY, REROUTED) as within:
            direct = replace(within, name="direct", asks=naming(agent_turn(), haiku))
            compare(Results(), Comparison("turn", agent_turn(), "HTTP/1.1", 1, 1), [within, direct], 1)

    assert (there.name, within.name) == (TRANSLATED, REROUTED)
    assert taken(tmp_path / "tollway-translated") == [("openai", "route chat")] * 2
    calls = taken(tmp_path / "tollway-rerouted")
    assert sorted(calls, key=str) == [("anthropic", "route economy")] * 2 + [("anthropic", None)] * 2


@pytest.mark.slow
def test_calls_are_compared_with_those_made_while_metrics_are_asked_for(tmp_path: Path) -> None:
    """Each model has lines of its own in what is told."""
    results = Results()
    with simulator(tmp_path / "simulator") as providers:
        scraping(results, replace(QUICK, rounds=1), Place(tmp_path, providers), models=3)

    ((bar, figure),) = results.bars
    assert "metrics of 3 models" in bar.what
    assert figure.median > 0
    assert any(
        re.search(r"Metrics of 3 models, \d{3} lines: .* asked for [1-9]", note) for note in results.notes
    )


def taken(folder: Path) -> list[tuple[str, str | None]]:
    """Where a proxy's calls went, and why: those that were answered well."""
    with closing(open_books(f"sqlite:{folder / 'ledger.db'}")) as books:
        return [(call.provider, call.action) for call in books.calls() if call.status == 200]


@pytest.mark.slow
def test_answers_on_sockets_are_compared(tmp_path: Path) -> None:
    """Each is metered; mitmproxy's own engine relays them unread."""
    results = Results()
    with simulator(tmp_path / "simulator") as providers:
        sockets(results, replace(QUICK, rounds=1, turns=1, paced_turns=1), Place(tmp_path, providers))

    assert recorded(tmp_path / "tollway-sockets" / "ledger.db") == 4 * 2 * 4
    assert len(results.costs) == 8


@pytest.mark.slow
def test_workers_are_beside_one_process_at_the_same_load(tmp_path: Path) -> None:
    """Every call of it is made, and written by one of them."""
    results, extent = Results(), replace(QUICK, rounds=1, worker_rounds=1, offered_seconds=0.2)
    with simulator(tmp_path / "simulator") as providers:
        place = Place(tmp_path, providers)
        workers(results, extent, place)

    assert len(results.bars) == 3
    assert len(results.costs) == 4
    assert recorded(tmp_path / "tollway-workers-1" / "ledger.db") == 2 * 30
    assert recorded(tmp_path / "tollway-workers-2" / "ledger.db") == 2 * 30
    assert re.search(r"the bare engine \d\.\d\dx the CPU", " ".join(results.notes))


@pytest.mark.slow
def test_two_processes_hold_and_settle_on_one_ledger(tmp_path: Path) -> None:
    """Each makes its own pairs there; none is lost."""
    results, extent = Results(), replace(QUICK, rounds=1, pairs=40)
    pairs(results, extent, tmp_path)

    assert len(results.works) == 3
    assert recorded(tmp_path / "first" / "ledger.db") == 40 + 40 + 40 + 40 + 40 + 4 + 4 * 40 + 4
    assert not (tmp_path / "second" / "ledger.db").exists()
    assert "Two processes on one ledger" in " ".join(results.notes)
