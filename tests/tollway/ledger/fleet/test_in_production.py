"""Redis as it is run: a Cluster, TLS, a user who may do no more than is needed."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.ports import free_port
from tests.redis_server import RedisServer
from tests.simulator.certificates import Authority
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.stores import wait_for_log
from tollway import clock
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.open import open_books
from tollway.ledger.store import Refused, Reserved

LIMITS = Limits(Limit(amount=500), Limit("team", 1_000, per=("team",)))
PASSWORD = "made-up" * 3
RIGHTS = ("+@read", "+@write", "+@scripting", "+@connection", "+info", "+command", "+cluster")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The URL of a Cluster of three."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                closing(RedisServer(tmp_path / str(n), "--cluster-enabled", "yes", port=free_port()))
            )
            for n in range(3)
        ]
        addresses = [f"127.0.0.1:{server.port}" for server in servers]
        made = ["redis-cli", "--cluster", "create", *addresses, "--cluster-yes"]
        subprocess.run(made, check=True, capture_output=True, timeout=60)
        for server in servers:  # each learns of the others by itself
            server.wait_until(lambda client: is_formed(client))
        yield f"redis://{addresses[0]}/0?cluster=yes&timeout=20&grace=0&journal={tmp_path / 'journals'}"


def is_formed(client: Any) -> bool:
    """Whether a node of a Cluster knows the others."""
    return bool(client.execute_command("CLUSTER INFO")["cluster_state"] == "ok")


async def shared_by_two(url: str) -> None:
    """Two processes share a limit, and the log has what ended."""
    with closing(FleetLedger(url)) as one, closing(FleetLedger(url)) as other:
        for ledger in (one, other):
            await ledger.adopt(LIMITS, clock.now_us())
        calls = [opened(name, 200, clock.now_us()) for name in "abc"]
        outcomes = [
            await ledger.reserve(call, LIMITS.wants(call), clock.now_us())
            for ledger, call in zip((one, other, one), calls, strict=True)
        ]
        assert [type(outcome) for outcome in outcomes] == [Reserved, Reserved, Refused]
        balances = await other.settle(ended(calls[1], 50))
        assert [(each.settled, each.held) for each in balances] == [(50, 200), (50, 200)]
        await one.settle(ended(calls[0], 60))
    wait_for_log(url)
    with closing(open_books(url)) as books:
        assert {call.id: call.cost.nano for call in books.calls()} == {"a": 60, "b": 50}
        assert [(row.settled, row.held) for row in books.buckets(clock.now_us())] == [(110, 0), (110, 0)]


async def test_a_cluster_has_all_of_an_organisation_on_one_node(cluster: str) -> None:
    """Else it would refuse the scripts: all their keys are in one slot."""
    await shared_by_two(cluster)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[RedisServer]:
    """A server on which a user of Tollway's own may use Tollway's keys, and nobody else anything."""
    with closing(RedisServer(tmp_path / "redis", port=free_port())) as server:
        server.client().acl_setuser(
            "tollway", enabled=True, passwords=[f"+{PASSWORD}"], keys=["{tollway:*"], commands=RIGHTS
        )
        yield server


async def test_a_user_needs_rights_to_tollways_keys_alone(guarded: RedisServer, tmp_path: Path) -> None:
    url = f"redis://tollway:{PASSWORD}@127.0.0.1:{guarded.port}/0"
    await shared_by_two(f"{url}?timeout=20&grace=0&journal={tmp_path / 'journals'}")
    mine = redis.Redis(port=guarded.port, username="tollway", password=PASSWORD)
    with closing(mine), pytest.raises(redis.exceptions.NoPermissionError):
        mine.set("somebody's", 1)


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[str]:
    """The URL of a server that speaks TLS alone, whose certificate an authority of its own has signed."""
    authority, leaf, port = Authority(tmp_path / "authority"), tmp_path / "leaf.pem", free_port()
    authority.write_leaf(leaf)
    words = (
        "--tls-port",
        str(port),
        "--tls-auth-clients",
        "no",
        "--tls-ca-cert-file",
        str(authority.root_ca),
    )
    files = ("--tls-cert-file", str(leaf), "--tls-key-file", str(leaf))
    with closing(RedisServer(tmp_path / "redis", *words, *files)):
        journals = tmp_path / "journals"
        options = f"timeout=20&grace=0&journal={journals}&ssl_ca_certs={authority.root_ca}"
        yield f"rediss://127.0.0.1:{port}/0?{options}"


async def test_over_tls_the_server_has_to_show_who_it_is(sealed: str) -> None:
    await shared_by_two(sealed)
    trusts_others = sealed.partition("&ssl_ca_certs=")[0]
    with closing(FleetLedger(trusts_others)) as ledger:
        await ledger.adopt(LIMITS, clock.now_us())
        with pytest.raises(LedgerError, match="certificate verify failed"):
            await ledger.look(LIMITS.wants(opened("a")), clock.now_us())


async def test_a_wrong_password_is_said_and_never_shown(guarded: RedisServer, tmp_path: Path) -> None:
    wrong = PASSWORD[::-1]
    url = f"redis://tollway:{wrong}@127.0.0.1:{guarded.port}/0?timeout=20&grace=0"
    with closing(FleetLedger(f"{url}&journal={tmp_path / 'journals'}")) as ledger:
        await ledger.adopt(LIMITS, clock.now_us())
        call = opened("a", 200, clock.now_us())
        with pytest.raises(LedgerError, match=f"redis://127.0.0.1:{guarded.port}/0: .*password") as raised:
            await ledger.reserve(call, LIMITS.wants(call), clock.now_us())

    assert wrong not in str(raised.value)
