"""Whom the proxy talks to: public addresses are closed, as long as no option lets them in."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.tollway.engine.test_balancers import HERE, asked, call, end_of, line
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road

PUBLIC_6 = b"PROXY TCP6 2a00:1450:4001::7 2001:db8::1 40000 8080\r\n"
MAPPED = b"PROXY TCP6 ::ffff:8.8.8.8 2001:db8::1 40000 8080\r\n"


@pytest.fixture
async def road(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    """A proxy behind a balancer, whose word for addresses is enough."""
    async with running_road(tmp_path, sim, balancers=HERE) as found:
        yield found


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]


async def test_clients_of_public_addresses_are_closed_and_the_log_says_once_what_lets_them_in(
    road: Road, caplog: pytest.LogCaptureFixture
) -> None:
    for header in (line("8.8.8.8"), line("8.8.4.4"), PUBLIC_6, MAPPED):
        await end_of(road, header + call())

    assert road.ended == []
    assert nothing_left(road)
    assert warnings(caplog) == [
        "clients of public addresses are closed, 8.8.8.8 for one: `--set block_global=false` lets them in"
    ]


@pytest.mark.parametrize("client", ["10.0.0.7", "192.168.1.7", "172.16.0.7", "127.0.0.7", "100.64.0.7"])
async def test_others_are_not(road: Road, client: str) -> None:
    assert await asked(road, line(client) + call()) == 200


@pytest.mark.parametrize("header", [line("8.8.8.8"), PUBLIC_6, MAPPED])
async def test_an_option_lets_them_in(tmp_path: Path, home: Path, sim: Simulator, header: bytes) -> None:
    async with running_road(tmp_path, sim, balancers=HERE, set_options=("block_global=false",)) as road:
        assert await asked(road, header + call()) == 200


async def test_another_closes_private_ones_but_this_machines_own(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_road(tmp_path, sim, balancers=HERE, set_options=("block_private=true",)) as road:
        await end_of(road, line("10.0.0.7") + call())
        assert await asked(road, line("127.0.0.1") + call()) == 200

    assert warnings(caplog) == [
        "clients of private addresses are closed, 10.0.0.7 for one: `--set block_private=false` lets them in"
    ]
