"""After a mixed run, whatever shows money says what the ledger says, to the nano-dollar."""

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.simulator import Simulator
from tests.tollway import mixed
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tests.tollway.scraped import scrape, shown
from tollway.cli import cli
from tollway.money import NANO
from tollway.observe.measuring import Measuring


@pytest.fixture
def measuring() -> Measuring:
    """What the proxy tells for its metrics."""
    return Measuring()


@pytest.fixture
async def road(tmp_path: Path, home: Path, sim: Simulator, measuring: Measuring) -> AsyncIterator[Road]:
    """A proxy that has served a mixed run, and still runs."""
    async with running_road(tmp_path, sim, policy=mixed.POLICY, measuring=measuring) as road:
        await mixed.run(road)
        await road.rows()
        yield road


async def told(road: Road, *words: str) -> Any:
    """What a command says of the ledger in JSON."""
    words = (*words, "--format=json", f"--ledger={road.ledger_url}")
    found = await asyncio.to_thread(CliRunner().invoke, cli, words, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def nano(usd: str) -> int:
    """The nano-dollars of an amount that is written as a decimal."""
    exact = Decimal(usd) * NANO
    assert exact == int(exact)
    return int(exact)


def ledgers(road: Road, billing: str = "metered") -> dict[str | None, tuple[int, int]]:
    """Calls and nano-dollars by model, added up by nothing of ours."""
    sql = "SELECT model, count(*), sum(cost_nano) FROM calls WHERE billing = ? GROUP BY model"
    with closing(sqlite3.connect(road.ledger_url.removeprefix("sqlite:"))) as db:
        return {model: (calls, cost) for model, calls, cost in db.execute(sql, (billing,))}


def test_a_mixed_run_has_calls_of_every_end(road: Road) -> None:
    """Else it would show nothing that these figures could differ in."""
    rows = road.ended
    actions = Counter((row.action or "").partition(" ")[0] for row in rows)

    assert len({row.id for row in rows}) == mixed.NUMBER
    assert {row.cost.source.value for row in rows} == {"computed", "estimated", "none"}
    assert {row.billing.value for row in rows} == {"metered", "notional"}
    assert {row.status for row in rows} == {None, 200, 404, 429}
    assert (actions["route"], actions["clamp"], actions["block"]) == (1, 1, 1)
    assert [row.error for row in rows if row.error] == ["over_limit", "requests", "cut"]


async def test_the_live_view_says_what_the_ledger_says(road: Road) -> None:
    found = await told(road, "top", "--span=hour")
    metered, planned = ledgers(road), ledgers(road, "notional")

    assert found["total"]["calls"] == mixed.NUMBER
    assert nano(found["total"]["cost_usd"]) == sum(cost for _, cost in metered.values())
    assert nano(found["total"]["notional_usd"]) == sum(cost for _, cost in planned.values()) > 0
    assert {one["value"]: nano(one["cost_usd"]) for one in found["spent"]["model"]} == {
        model: metered.get(model, (0, 0))[1] for model in {*metered, *planned}
    }
    assert sum(nano(call["cost_usd"]) for call in found["calls"]) == sum(row.cost.nano for row in road.ended)


async def test_the_bill_says_what_the_ledger_says(road: Road) -> None:
    found = await told(road, "report", "--by=model")
    metered = ledgers(road)

    assert nano(found["total"]["cost_usd"]) == sum(cost for _, cost in metered.values())
    assert {one["model"]: nano(one["cost_usd"]) for one in found["rows"] if one["model"] in metered} == {
        model: cost for model, (_, cost) in metered.items()
    }


async def test_budgets_say_what_the_ledger_says(road: Road) -> None:
    """The one that counts every call; what a plan covers is in none."""
    found = await told(road, "budgets")
    settled = {one["limit"]: (one["settled"], one["held"]) for one in found["budgets"]}
    every = sum(cost for _, cost in ledgers(road).values())

    assert {name: (nano(spent), nano(held)) for name, (spent, held) in settled.items()}["everything"] == (
        every,
        0,
    )


async def test_the_page_says_what_the_ledger_says(road: Road) -> None:
    """Everybody's, to who calls from this machine, and that caller's own, who made all calls."""
    metered, planned = ledgers(road), ledgers(road, "notional")
    async with road.client() as client:
        for path, name in (("/all", "total"), ("/calls", "today")):
            answer = await client.get(
                f"http://tollway.internal{path}", headers={"accept": "application/json"}
            )
            found = answer.json()

            assert found[name]["calls"] == mixed.NUMBER
            assert nano(found[name]["cost_usd"]) == sum(cost for _, cost in metered.values())
            assert nano(found[name]["notional_usd"]) == sum(cost for _, cost in planned.values())
            assert {one["value"]: nano(one["cost_usd"]) for one in found["spent"]["model"]} == {
                model: metered.get(model, (0, 0))[1] for model in {*metered, *planned}
            }


async def test_the_metrics_say_what_the_ledger_says(road: Road, measuring: Measuring) -> None:
    async with shown(road, measuring) as port:
        found = await scrape(port)

    for billing in ("metered", "notional"):
        rows = ledgers(road, billing)
        assert {
            model: nano(str(found.sum("tollway_cost_usd_total", billing=billing, model=model or "none")))
            for model in rows
        } == {model: cost for model, (_, cost) in rows.items()}
    assert found.sum("tollway_calls_total") == mixed.NUMBER


async def test_page_metrics_and_live_view_agree_how_many_were_refused(
    road: Road, measuring: Measuring
) -> None:
    """As many as the clients were told so."""
    async with shown(road, measuring) as port:
        metrics = await scrape(port)
    async with road.client() as client:
        page = await client.get("http://tollway.internal/all", headers={"accept": "application/json"})
    live = await told(road, "top", "--span=hour")

    assert sum(one["calls"] for one in page.json()["unanswered"] if one["refused"]) == 1
    assert metrics.sum("tollway_refusals_total") == 1
    assert sum("block" in (call["action"] or "") for call in live["calls"]) == 1


def done(*words: str) -> str:
    """What `tollway ledger WORDS` prints, once it is done."""
    ran = CliRunner().invoke(cli, ["ledger", *words], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.stdout


async def test_a_ledger_that_was_moved_and_cut_says_the_same_and_is_well(road: Road, tmp_path: Path) -> None:
    """By export, import, prune and verify; and the one that the proxy still writes to is well, too."""
    policy, moved, file = tmp_path / "policy.yaml", tmp_path / "moved.db", str(tmp_path / "a.csv.gz")
    policy.write_text(mixed.POLICY)
    url = f"--ledger=sqlite:{moved}"
    before = await told(road, "report", "--by=model,status,error")
    assert (await told(road, "ledger", "verify", f"--policy={policy}"))["ok"]
    await asyncio.to_thread(done, "export", "-o", file, f"--ledger={road.ledger_url}")
    await asyncio.to_thread(done, "import", file, url)
    with closing(sqlite3.connect(moved)) as db:
        ((rows,),) = db.execute("SELECT count(*) FROM calls").fetchall()
        db.execute(
            "UPDATE calls SET started_us = started_us - 864000000000, ended_us = ended_us - 864000000000"
        )
        db.commit()
    await asyncio.to_thread(done, "prune", "--before=2d", "--per=day", "--yes", url)
    await asyncio.to_thread(done, "verify", url)
    words = ["report", "--by=model,status,error", "--format=json", url]
    after = await asyncio.to_thread(CliRunner().invoke, cli, words)

    assert rows == mixed.NUMBER
    assert json.loads(after.stdout) == before
