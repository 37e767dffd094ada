"""What is told at the admin address, over real sockets."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec import structs

from tests.tollway.observe.asking import GET, ask, listening_at
from tollway.errors import TollwayError
from tollway.observe import pages as module
from tollway.observe.door import Door, door
from tollway.observe.pages import Told, pages
from tollway.readiness import serving
from tollway.readiness.check import Check, fail, ok, warn

HERE = ("127.0.0.1", 0)
WELL = (serving.TAKING, ok("ca", "lasts", days_left=9))


async def metrics() -> bytes:
    return b"# metrics\n"


async def well() -> Sequence[Check]:
    return WELL


TOLD = Told(
    metrics=metrics,
    checks=well,
    is_stopping=lambda: False,
    stands_still=lambda: None,
    budgets=lambda: b'{"budgets": []}\n',
)


def said(*checks: Check) -> Told:
    """A proxy that says this of itself."""

    async def say() -> Sequence[Check]:
        return checks

    return structs.replace(TOLD, checks=say)


@asynccontextmanager
async def telling(told: Told = TOLD, of: Door | None = None) -> AsyncIterator[int]:
    """An admin address; its port."""
    async with listening_at(HERE, pages(of or Door(), told)) as place:
        assert isinstance(place, tuple)
        yield place[1]


async def get(port: int, path: str, *lines: str) -> tuple[int, dict[str, str], Any]:
    """What is answered, of JSON as a value."""
    more = "".join(f"{line}\r\n" for line in lines)
    status, headers, body = await ask(
        port, GET.replace(b"/metrics", path.encode())[:-2] + f"{more}\r\n".encode()
    )
    return status, headers, json.loads(body) if headers["content-type"] == "application/json" else body


async def test_each_page_is_where_it_should_be_and_kept_by_nobody() -> None:
    async with telling() as port:
        live, ready, text, budgets = [
            await get(port, path) for path in ("/healthz", "/readyz", "/metrics", "/budgets")
        ]
        none = await get(port, "/")

    assert (live[0], live[2]) == (200, {"alive": True})
    assert (ready[0], ready[2]["ready"]) == (200, True)
    assert (text[0], text[2]) == (200, b"# metrics\n")
    assert (budgets[0], budgets[2]) == (200, {"budgets": []})
    assert {each[1]["cache-control"] for each in (live, ready, budgets)} == {"no-store"}
    assert (none[0], none[2]) == (404, b"there is: /healthz, /readyz, /metrics, /budgets\n")


@pytest.mark.parametrize(
    ("checks", "path", "status"),
    [
        (WELL, "/readyz", 200),
        (WELL, "/readyz?strict", 200),
        ((*WELL, warn("policy", "was not reloaded")), "/readyz", 200),
        ((*WELL, warn("policy", "was not reloaded")), "/readyz?strict", 503),
        ((*WELL, warn("policy", "was not reloaded")), "/readyz?strict=1&x=2", 503),
        ((*WELL, fail("store", "is full")), "/readyz", 503),
    ],
)
async def test_a_load_balancer_reads_the_status_and_people_each_check(
    checks: tuple[Check, ...], path: str, status: int
) -> None:
    async with telling(said(*checks)) as port:
        found, _, body = await get(port, path)

    assert found == status
    assert body["ready"] is (status == 200)
    assert body["checks"]["ca"] == {"status": "ok", "reason": "lasts", "days_left": 9}
    assert list(body["checks"]) == [check.name for check in checks]


async def test_who_has_no_token_hears_yes_or_no_where_probes_are_open() -> None:
    of = door(HERE, "made-up-token-of-32-characters-x", open_probes=True)
    for told, status in ((TOLD, 200), (said(fail("store", "is full")), 503)):
        async with telling(told, of) as port:
            assert (await get(port, "/readyz"))[::2] == (status, {"ready": status == 200})
            assert (await get(port, "/budgets"))[0] == 401

    async with telling(structs.replace(TOLD, stands_still=lambda: 42.4), of) as port:
        assert (await get(port, "/healthz"))[::2] == (503, {"alive": False})


async def test_a_process_that_was_told_to_stop_is_not_ready_at_once_whatever_else_it_does() -> None:
    """Its event loop need not answer for that."""

    async def never() -> Sequence[Check]:
        raise AssertionError

    async with telling(structs.replace(TOLD, checks=never, is_stopping=lambda: True)) as port:
        status, _, body = await get(port, "/readyz")

    assert status == 503
    assert list(body["checks"]) == ["serving"]
    assert "told to stop" in body["checks"]["serving"]["reason"]


async def test_however_many_probe_a_process_is_asked_five_times_a_second() -> None:
    times = [0]

    async def counted() -> Sequence[Check]:
        times[0] += 1
        return WELL

    async with telling(structs.replace(TOLD, checks=counted)) as port:
        loop = asyncio.get_running_loop()
        began = loop.time()
        found = await asyncio.gather(*(get(port, "/readyz") for _ in range(60)))
        seconds = loop.time() - began

    assert {status for status, *_ in found} == {200}
    assert 1 <= times[0] <= 1 + seconds / module.FRESH_SECONDS


async def test_a_process_that_does_not_answer_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READY_SECONDS", 0.05)

    async def silent() -> Sequence[Check]:
        await asyncio.get_running_loop().create_future()
        return WELL

    async with telling(structs.replace(TOLD, checks=silent)) as port:
        status, _, body = await get(port, "/readyz")

    assert status == 503
    assert "did not answer within 0.05 s" in body["checks"]["serving"]["reason"]


async def test_a_loop_that_stands_still_is_to_be_started_anew() -> None:
    async with telling(structs.replace(TOLD, stands_still=lambda: 42.4)) as port:
        status, _, body = await get(port, "/healthz")

    assert (status, body["alive"]) == (503, False)
    assert body["reason"].endswith("has stood still for 42 s")


async def test_budgets_that_can_not_be_read_are_said() -> None:
    def unread() -> bytes:
        raise TollwayError("ledger /l.db: there is no such file")

    async with telling(structs.replace(TOLD, budgets=unread)) as port:
        assert (await get(port, "/budgets"))[::2] == (503, {"error": "ledger /l.db: there is no such file"})


async def test_budgets_that_take_long_hold_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read in a thread of their own; the end does not wait for it."""
    monkeypatch.setattr(module, "BUDGETS_SECONDS", 0.05)
    go = threading.Event()
    async with telling(structs.replace(TOLD, budgets=lambda: b"x" * go.wait(60))) as port:
        status, _, body = await get(port, "/budgets")
        assert (await get(port, "/healthz"))[0] == 200

    assert (status, body) == (503, {"error": module.SLOW})
    go.set()
