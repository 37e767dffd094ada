"""`tollway show`: one call, and what was said in it."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.calls import CHAT, CLAUDE
from tests.tollway.identified import Roads
from tests.tollway.ledger.samples import call
from tests.tollway.texts.kept import kept
from tests.tollway.texts.made import text
from tollway import clock
from tollway.cli import cli
from tollway.errors import TollwayError
from tollway.ledger.connect import connect
from tollway.ledger.presence import Presence
from tollway.ledger.row import UPSERT, row_of
from tollway.texts.file import beside
from tollway.texts.file import connect as connect_texts
from tollway.texts.rows import put

HEAVY = ("mitmproxy", "genai_prices", "pydantic", "asyncio", "tiktoken")
ONE, OTHER, BARE = "0661aa0000000000000000000000000a", "0661ab00000000000000000000000000", "0771"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A ledger of three calls; the texts of one are kept, those of another were deleted on time."""
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        for id in (ONE, OTHER, BARE):
            db.execute(UPSERT, row_of(call(id, user="ann", status=200), "p"))
    later = clock.now_us() + 86_400_000_000
    with closing(connect_texts(beside(path))) as db:
        asked = b'{"messages": [{"role": "user", "content": "say hi"}]}'
        answer = b'{"choices": [{"message": {"role": "assistant", "content": "hi there"}}]}'
        put(db, [text(ONE, body=asked, until_us=later), text(ONE, "response", body=answer, until_us=later)])
        put(db, [text(OTHER, until_us=1), text(OTHER, "response", until_us=1)])
    return f"sqlite:{path}"


def run(*words: str, **variables: str) -> Result:
    return CliRunner(env=variables).invoke(cli, ["show", *words], catch_exceptions=False)


def test_a_call_is_shown_with_what_was_said(url: str) -> None:
    found = run(ONE, f"--ledger={url}")

    assert found.exit_code == 0
    assert f"call  {ONE}" in found.stdout
    assert "user  ann" in found.stdout
    assert found.stdout.index("say hi") < found.stdout.index("what the client got")
    assert "hi there" in found.stdout


@pytest.mark.parametrize("id", [ONE[:6], ONE.upper(), f" {ONE} "])
def test_the_beginning_of_an_id_is_enough_in_any_case(url: str, id: str) -> None:
    assert f"call  {ONE}" in run(id, f"--ledger={url}").stdout


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("0661a", f"several calls have an id that begins with '0661a': {ONE}, {OTHER}"),
        ("ff", "it has no call whose id begins with 'ff'"),
    ],
)
def test_an_id_that_is_not_one_calls_is_an_error(url: str, id: str, said: str) -> None:
    with pytest.raises(TollwayError, match=said):
        run(id, f"--ledger={url}")


def test_texts_that_were_deleted_and_those_that_never_were_are_told_apart(url: str) -> None:
    assert run(OTHER, f"--ledger={url}").stdout.count("deleted on time, as record[0] says") == 2
    assert run(BARE, f"--ledger={url}").stdout.count("none is kept: no entry of the policy's `record`") == 2


def test_a_call_in_flight_is_told_from_one_whose_process_died(url: str) -> None:
    path = Path(url.removeprefix("sqlite:"))
    presence = Presence(path)
    with closing(connect(path, "process")) as db:
        for id, process in (("f0", presence.process), ("f1", "2-killed")):
            db.execute(UPSERT, row_of(call(id, state="open"), process))

    said = [run(id, f"--ledger={url}").stdout for id in ("f0", "f1")]
    presence.end()

    assert ["in flight  for " in one for one in said] == [True, False]
    assert ["nobody knows: its process died" in one for one in said] == [False, True]


def test_as_json_it_is_for_programs(url: str) -> None:
    found = json.loads(run(ONE, "--format=json", f"--ledger={url}").stdout)

    assert found["call"]["id"] == ONE
    assert json.loads(found["request"]["text"])["messages"][0]["content"] == "say hi"
    assert json.loads(found["response"]["text"])["choices"][0]["message"]["content"] == "hi there"


def test_raw_it_is_the_texts_alone_as_they_are_kept(url: str) -> None:
    lines = run(ONE, "--raw", f"--ledger={url}").stdout.splitlines()

    assert [list(json.loads(line)) for line in lines] == [["messages"], ["choices"]]


def test_raw_where_there_is_none_is_an_error(url: str) -> None:
    with pytest.raises(TollwayError, match="no text of this call is there: without --raw it says why"):
        run(OTHER, "--raw", f"--ledger={url}")


def test_raw_and_json_are_two_wishes(url: str) -> None:
    found = run(ONE, "--raw", "--format=json", f"--ledger={url}")

    assert found.exit_code == 2
    assert "--raw prints texts, and no JSON of its own" in found.output


def test_a_ledger_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TollwayError, match=r"none\.db: there is no such file"):
        run("0", f"--ledger=sqlite:{tmp_path / 'none.db'}")
    with pytest.raises(TollwayError, match="no ledger yet: `tollway run -- claude`"):
        run("0", TOLLWAY_HOME=str(tmp_path))


def test_times_are_in_the_policys_zone(url: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\ntimezone: Asia/Tokyo\n")

    assert "began  2026-11-25 21:00:00" in run(ONE, f"--ledger={url}", f"--policy={policy}").stdout


async def test_a_real_call_is_found_by_what_its_client_was_told(roads: Roads, tmp_path: Path) -> None:
    async with roads("record: [{match: {provider: openai}}]\n") as road:
        async with road.client() as client:
            told = (await client.post(CHAT.url, json=CHAT.body)).headers["x-tollway-call"]
            other = (await client.post(CLAUDE.url, json=CLAUDE.body)).headers["x-tollway-call"]
        await kept(road, told, "request", "response")
        await road.rows()

        shown, bare = run(told, f"--ledger={road.ledger_url}"), run(other, f"--ledger={road.ledger_url}")

    assert "say hi" in shown.stdout
    assert "The simulator answers" in shown.stdout
    assert "none is kept: no entry of the policy's `record`" in bare.stdout


def test_it_imports_nothing_that_it_has_no_use_for() -> None:
    """It is there at once."""
    code = (
        "import sys; from tollway.cli import show; import tollway.reporting.shown_call;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
