"""Redis as a node speaks to it."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis._parsers import Encoder
from redis.connection import PythonRespSerializer

from tests.redis_server import RedisServer
from tests.tollway.ledger.fleet.fleets import Fleet, asked, is_admitted, want
from tests.tollway.ledger.limits import opened
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.server import SECONDS, Server, packed, script, where

ECHO = "return {KEYS[1], ARGV[1]}"


@pytest.fixture
def redis(server: RedisServer) -> Iterator[Server]:
    """A connection."""
    with closing(Server(where(server.url))) as redis:
        yield redis


def test_a_url_says_where_redis_is_and_where_journals_are() -> None:
    secret = os.urandom(4).hex()
    found = where(f"rediss://u:{secret}@h:1/2?organisation=acme&journal=/j&timeout=0.2&ssl_ca_certs=/c")

    assert found.url == f"rediss://u:{secret}@h:1/2?ssl_ca_certs=%2Fc"
    assert (found.shown, found.organisation) == ("rediss://h:1/2", "acme")
    assert (found.folder, found.seconds) == (Path("/j"), 0.2)
    plain = where("unix:///r.sock")
    assert (plain.shown, plain.organisation, plain.folder) == ("unix:///r.sock", "tollway", None)
    assert plain.seconds == SECONDS


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://h?organisation={x", "organisation '{x' must be a name without braces"),
        ("redis://h?timeout=soon", "timeout 'soon' must be seconds, above 0 and up to 60"),
        ("redis://h?timeout=0", "timeout '0' must be seconds"),
        ("redis://h?timeout=61", "timeout '61' must be seconds"),
        ("redis://h?cluster=true", "cluster 'true' must be yes or no"),
        ("redis://h/zero", "'zero' is no database of Redis: write its number"),
        ("rediss://h/0/1", "'0/1' is no database of Redis"),
    ],
)
def test_what_is_wrong_in_a_url_is_said(url: str, said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        where(url)


@pytest.mark.parametrize("special", "/#?")
def test_a_password_that_is_not_spelled_for_urls_is_not_shown(special: str) -> None:
    first, second = os.urandom(4).hex(), os.urandom(4).hex()
    with pytest.raises(LedgerError, match="%2F for /") as caught:
        where(f"redis://u:z{first}{special}{second}@h/0")

    assert first not in str(caught.value)
    assert second not in str(caught.value)


def test_an_option_that_there_is_not_is_said_before_anything_is_connected() -> None:
    said = "ledger redis://h/0: there is no option 'organization': there are organisation, journal"
    with pytest.raises(LedgerError, match=said):
        Server(where("redis://h/0?organization=acme"))


def test_an_option_of_redis_that_is_wrong_is_said() -> None:
    secret = os.urandom(4).hex()
    with pytest.raises(LedgerError, match="ledger redis://h/0: ") as caught:
        Server(where(f"redis://u:{secret}@h/0?socket_keepalive=1&max_connections=x"))

    assert secret not in str(caught.value)


def test_a_script_runs_as_often_as_it_is_asked_and_is_loaded_once(redis: Server) -> None:
    """And again where Redis has forgotten it."""
    assert redis.run(ECHO, ["k"], ["a"]) == [b"k", b"a"]
    assert redis.run(ECHO, ["k"], ["b"]) == [b"k", b"b"]
    redis.ask("SCRIPT", "FLUSH")
    assert redis.run(ECHO, ["k"], ["c"]) == [b"k", b"c"]


def test_what_redis_refuses_is_said(redis: Server) -> None:
    with pytest.raises(LedgerError, match=r"Redis refuses \(.*unknown command"):
        redis.ask("NOSUCH")
    with pytest.raises(LedgerError, match="Redis refuses"):
        redis.run("nonsense", [], [])


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with (
        closing(Server(where(f"unix://{tmp_path / 'none.sock'}"))) as redis,
        pytest.raises(LedgerError, match=r"none.sock: Redis does not answer .*this machine reaches it"),
    ):
        redis.ask("PING")


def test_scripts_are_joined_behind_what_they_make_use_of() -> None:
    assert script("sliding", "exchange") == f"{script('sliding')}\n{script('exchange')}"


async def test_a_wrong_password_is_said_and_none_is_shown(tmp_path: Path) -> None:
    right, wrong = os.urandom(4).hex(), os.urandom(4).hex()
    with closing(RedisServer(tmp_path / "redis")) as server:
        with closing(server.client()) as client:
            client.config_set("requirepass", right)
        for password, said in ((wrong, "refuses .*password"), ("", "refuses .*authenticated")):
            fleet = Fleet(server, tmp_path)
            fleet.plain += f"&password={password}" if password else ""
            with closing(fleet.node()) as node:
                with pytest.raises(LedgerError, match=said) as caught:
                    await asked(node, opened(), [want()])
                assert wrong not in str(caught.value)


async def test_a_server_that_is_full_or_takes_no_writes_is_said_and_then_all_is_right(frail: Fleet) -> None:
    """Nothing was held meanwhile."""
    with closing(frail.node()) as node, closing(frail.client()) as client:
        assert await is_admitted(node, opened("a"), [want()])
        client.config_set("maxmemory", 1)
        with pytest.raises(LedgerError, match=r"Redis refuses .*maxmemory"):
            await asked(node, opened("b"), [want()])
        client.config_set("maxmemory", 0)
        client.replicaof("127.0.0.1", "1")
        frail.clock.pass_by(2)
        with pytest.raises(LedgerError, match=r"Redis refuses .*read only replica"):
            await asked(node, opened("c"), [want()])
        client.replicaof("NO", "ONE")
        frail.clock.pass_by(2)

        assert await is_admitted(node, opened("d"), [want()])
        assert frail.row(want().bucket) == (0, 200)
        assert frail.shared() == frail.parts()


@given(st.lists(st.text(max_size=9) | st.binary(max_size=9) | st.integers(-(2**63), 2**63)))
def test_a_command_is_packed_as_the_client_would(words: list[str | bytes | int]) -> None:
    client = PythonRespSerializer(6_000, Encoder("utf-8", "strict", False).encode)  # type: ignore[no-untyped-call]

    assert packed("EVALSHA", *words) == b"".join(client.pack("EVALSHA", *words))  # type: ignore[no-untyped-call]


def test_what_was_let_go_of_while_it_connected_is_closed_then(tmp_path: Path) -> None:
    """Redis hangs, and takes connections all the same."""
    with closing(RedisServer(tmp_path / "redis")) as server:
        server.pause()
        redis = Server(where(f"{server.hurried}&password=made-up&timeout=0.01"), seconds=0.01)
        with pytest.raises(LedgerError, match="does not answer"):
            redis.ask("PING")
        redis.close()
        server.go_on()
        server.wait_until(lambda client: len(client.client_list()) == 1)
