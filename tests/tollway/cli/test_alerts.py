"""`tollway alerts`: against a webhook that is a real server."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.cli.test_report import HEAVY, environment
from tests.tollway.hook import Hook, listening
from tests.tollway.ledger.samples import NOON_US
from tollway import clock
from tollway.alerts.alert import Kind
from tollway.alerts.signature import is_signed
from tollway.cli import cli
from tollway.ledger.sqlite import SqliteLedger

SECRET = "made-up secret of a webhook"


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook."""
    with listening() as server:
        yield server


@pytest.fixture
def variables(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that policies name."""
    monkeypatch.setenv("ALERT_URL", hook.url)
    monkeypatch.setenv("ALERT_SECRET", SECRET)


def alerts(*words: str) -> Result:
    return CliRunner().invoke(cli, ["alerts", *words])


def policy(folder: Path, said: str) -> str:
    """A policy's file."""
    path = folder / "policy.yaml"
    path.write_text(f"version: 1\nalerts: {said}\n")
    return str(path)


def test_one_of_each_kind_arrives(tmp_path: Path, hook: Hook, variables: None) -> None:
    done = alerts("test", "--policy", policy(tmp_path, "{webhook: env:ALERT_URL}"))

    assert (done.exit_code, hook.kinds) == (0, [kind.value for kind in Kind])
    assert all("a test, nothing has happened" in document["text"] for _, document in hook.got)
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == hook.kinds
    assert lines[0].startswith("level: arrived, 200 after ")
    assert {signature for signature, _ in hook.signed} == {""}


def test_those_are_sent_that_are_asked_for_in_the_policys_form_and_signed(
    tmp_path: Path, hook: Hook, variables: None
) -> None:
    said = "{webhook: env:ALERT_URL, format: teams, secret: env:ALERT_SECRET, on: [level, store, forecast]}"
    file = policy(tmp_path, said)

    all_ = alerts("test", "--policy", file, "--format", "json")
    some = alerts("test", "--policy", file, "--kind", "anomaly", "--kind", "store")

    told = json.loads(all_.stdout)
    assert (told["format"], told["signed"]) == ("teams", True)
    assert [(one["kind"], one["arrived"], one["status"]) for one in told["sent"]] == [
        (kind, True, 200) for kind in ("level", "forecast", "store")
    ]
    assert [line.partition(":")[0] for line in some.stdout.splitlines()] == ["anomaly", "store"]
    assert {document["type"] for _, document in hook.got} == {"message"}
    assert all(is_signed(mark, SECRET.encode(), body, int(clock.now())) for mark, body in hook.signed)


@pytest.mark.parametrize(
    ("status", "said"), [(404, "did not arrive, 404 after"), (None, "did not arrive, nothing answered after")]
)
def test_what_did_not_arrive_is_said_once_tried(
    tmp_path: Path,
    hook: Hook,
    variables: None,
    monkeypatch: pytest.MonkeyPatch,
    status: int | None,
    said: str,
) -> None:
    """And the address is not."""
    if status is None:
        monkeypatch.setenv("ALERT_URL", "http://127.0.0.1:1/s3cret")
    else:
        hook.status = status

    done = alerts("test", "--policy", policy(tmp_path, "{webhook: env:ALERT_URL, on: [level]}"))

    assert done.exit_code == 1
    assert f"level: {said}" in done.stdout
    assert "s3cret" not in done.output
    assert len(hook.got) == (status is not None)


@pytest.mark.parametrize(
    ("alerts_said", "environment", "wrong"),
    [
        ("{}", {}, "the policy names no webhook"),
        ("{webhook: env:ALERT_URL}", {"ALERT_URL": ""}, "the environment variable ALERT_URL has no URL"),
        (
            "{webhook: env:ALERT_URL, secret: env:ALERT_SECRET}",
            {"ALERT_SECRET": "short"},
            "the environment variable ALERT_SECRET is to hold is too short",
        ),
    ],
)
def test_without_a_webhook_there_is_nothing_to_test(
    tmp_path: Path, hook: Hook, variables: None, monkeypatch: pytest.MonkeyPatch,
    alerts_said: str, environment: dict[str, str], wrong: str,
) -> None:  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    done = alerts("test", "--policy", policy(tmp_path, alerts_said))

    assert wrong in str(done.exception)
    assert getattr(done.exception, "status", None) == 2
    assert hook.got == []


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """One in which three alerts were told, the first of them long ago."""
    path = tmp_path / "ledger.db"

    async def tell() -> None:
        with closing(SqliteLedger(path)) as ledger:
            await ledger.first_told("level a", NOON_US - 10**13, None, "long ago")
            await ledger.first_told("unpriced b", NOON_US, None, "no price of x")
            await ledger.first_told("store c", clock.now_us(), None, "on m1: away")

    asyncio.run(tell())
    return f"sqlite:{path}"


def test_what_was_told_lately_is_listed(ledger: str) -> None:
    lately = alerts("list", "--ledger", ledger, "--since", "1d").stdout.splitlines()
    since = alerts("list", "--ledger", ledger, "--since", "2026-11-25").stdout.splitlines()

    assert [line.partition("  ")[2] for line in lately] == ["store  on m1: away"]
    assert since[0] == "2026-11-25T12:00:00+00:00  unpriced  no price of x"


def test_programs_read_the_list(ledger: str) -> None:
    done = alerts("list", "--ledger", ledger, "--since", "2020-01-01", "--format", "json")

    assert [one["kind"] for one in json.loads(done.stdout)["alerts"]] == ["level", "unpriced", "store"]
    assert json.loads(done.stdout)["alerts"][1] == {
        "at": "2026-11-25T12:00:00+00:00", "kind": "unpriced", "text": "no price of x",
    }  # fmt: skip


def test_what_callers_chose_is_one_line_and_leads_no_terminal(tmp_path: Path) -> None:
    """Of texts, too, that earlier releases wrote."""
    path = tmp_path / "ledger.db"

    async def tell() -> None:
        with closing(SqliteLedger(path)) as ledger:
            await ledger.first_told("level a", NOON_US, None, "(model a\x1b[2J\nforged\u202e)")

    asyncio.run(tell())
    words = ("--ledger", f"sqlite:{path}", "--since", "2026-11-25")
    done = alerts("list", *words)
    listed = json.loads(alerts("list", *words, "--format", "json").stdout)

    assert done.stdout == "2026-11-25T12:00:00+00:00  level  (model a\ufffd[2J\ufffdforged\ufffd)\n"
    assert listed["alerts"][0]["text"] == "(model a\x1b[2J\nforged\u202e)"


def test_where_nothing_was_told_that_is_said(home: Path, ledger: str) -> None:
    assert alerts("list").stderr == "No alerts in that time.\n"
    assert alerts("list", "--ledger", ledger, "--since", "soon").exit_code == 2


def test_to_list_imports_nothing_heavy(ledger: str) -> None:
    """As the other commands that read the ledger."""
    code = f"""
import sys
from tollway.cli import main
try:
    main(["alerts", "list", "--ledger", {ledger!r}])
finally:
    print({set(HEAVY)} & set(sys.modules))
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())

    assert done.stdout.splitlines()[-1] == "set()", done.stderr
