"""Answers in Redis as it is run: a Cluster, a user who may do no more than is needed, a replica promoted."""

import asyncio
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from tests.redis_server import RedisServer
from tests.tollway.cache.fleet.fleets import Fleet, key, read, wait_until
from tests.tollway.caching.kept import NOON_US, answer
from tests.tollway.ledger.fleet.fleets import Fleet as Limits
from tests.tollway.ledger.fleet.fleets import is_admitted, want
from tests.tollway.ledger.fleet.test_in_production import PASSWORD, cluster, guarded
from tests.tollway.ledger.limits import Limit, opened
from tollway.cache.fleet.answers import FleetAnswers
from tollway.cache.fleet.shelf import FleetShelf
from tollway.caching.store import Which

__all__ = ["cluster", "guarded"]

SIZE = 50_000
LIMIT = Limit(amount=10**9)


async def all_that_is_done(url: str) -> None:
    """Two processes share answers, of which some make room, some are over, some are given."""
    with closing(FleetAnswers(url, SIZE)) as one, closing(FleetAnswers(url, SIZE)) as other:
        for n in range(40):
            one.keep(key(n), answer(os.urandom(2_000), made_us=NOON_US + n, until_us=NOON_US + 10**9 + n))
        wait_until(lambda: one._keeping.waiting == 0)
        assert one._keeping.lost == 0
        there = [n for n in range(40) if await read(other, n, NOON_US) is not None]
        assert 10 < len(there) < 20
        assert there == list(range(40 - len(there), 40))
        other.hit(key(39), NOON_US)
        other.prune(NOON_US + 10**9 + there[0])
    with closing(FleetShelf(url)) as shelf:
        (share,) = shelf.stats(NOON_US)
        assert (share.answers, share.hits) == (len(there) - 1, 1)
        assert shelf.size() == share.size <= SIZE
        assert shelf.clear(Which()).answers == len(there) - 1


async def test_a_cluster_has_all_of_an_organisation_on_one_node(cluster: str) -> None:
    """Else it would refuse the scripts: all their keys are in one slot."""
    await all_that_is_done(cluster)


async def test_a_user_needs_rights_to_tollways_keys_alone(guarded: RedisServer, tmp_path: Path) -> None:
    url = f"redis://tollway:{PASSWORD}@127.0.0.1:{guarded.port}/0"

    await all_that_is_done(f"{url}?timeout=20&journal={tmp_path / 'journals'}")


async def test_a_wrong_password_is_said_and_never_shown(
    guarded: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = PASSWORD[::-1]
    url = f"redis://tollway:{wrong}@127.0.0.1:{guarded.port}/0?timeout=20"
    with closing(FleetAnswers(url, SIZE)) as answers:
        assert await read(answers, 1, NOON_US) is None
        answers.keep(key(1), answer())
        wait_until(lambda: answers._keeping.lost == 1)

    assert "password" in caplog.text
    assert wrong not in caplog.text


async def test_a_replica_that_is_promoted_has_whole_answers(tmp_path: Path) -> None:
    """Those that had come to it, and its index knows them."""
    ports = free_port(), free_port()
    at_once = ("--repl-diskless-sync-delay", "0")
    first, second = (RedisServer(tmp_path / str(port), *at_once, port=port) for port in ports)
    with closing(first), closing(second), closing(second.client()) as client:
        client.replicaof("127.0.0.1", str(ports[0]))
        second.wait_until(lambda one: one.info("replication")["master_link_status"] == "up")
        fleet = Fleet(first)
        with closing(fleet.answers()) as answers:
            for n in range(50):
                answers.keep(key(n), answer(os.urandom(50_000)))
            second.wait_until(lambda one: one.zcard(fleet.names.used) > 10)
            first.kill()
        client.replicaof("NO", "ONE")
        fleet.server, fleet.url = second, fleet.url.replace(str(first.socket), str(second.socket))
        there = fleet.there()
        with closing(fleet.answers()) as answers:
            found = await asyncio.gather(*(read(answers, n, NOON_US) for n in there))

    assert there == list(range(len(there)))
    assert len(there) > 10
    assert all(found)


async def test_limits_go_on_in_a_redis_that_answers_would_fill(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Several times over, from two processes, with answers of all sizes."""
    with closing(RedisServer(tmp_path / "redis")) as server:
        limits = Limits(server, tmp_path)
        fleet = Fleet(server)
        with closing(limits.node()) as node, closing(server.client()) as client:
            assert await is_admitted(node, opened("first"), [want(LIMIT, hold=1)])
            used: Any = client.info("memory")
            client.config_set("maxmemory", used["used_memory"] + 10_000_000)
            with closing(fleet.answers()) as one, closing(fleet.answers()) as other:
                for n in range(100):
                    one.keep(key(n), answer(os.urandom(7_000 * n), made_us=NOON_US + n))
                    other.keep(key(1_000 + n), answer(os.urandom(300_000), made_us=NOON_US + n))
                n = 0
                while one._keeping.waiting or other._keeping.waiting or n < 20:
                    n += 1
                    assert await is_admitted(node, opened(f"c{n}"), [want(LIMIT, hold=1)])
                assert one._keeping.lost + other._keeping.lost < 20
        there = fleet.there()

    assert 5 < len(there) < 60
    assert "limits do as" not in caplog.text
