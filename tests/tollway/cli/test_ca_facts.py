"""What is told of an authority."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tollway import clock
from tollway.ca import rotation, store
from tollway.ca.succession import Succession
from tollway.cli.ca_facts import facts, folder, show_facts


@pytest.fixture
def now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path))
    return clock.utc(clock.now())


def told(now: datetime) -> dict[str, object]:
    found = store.succession(folder(), now)
    assert found is not None
    return facts(found, None, now)


def test_the_one_whose_time_it_is_is_told_with_the_file_of_its_key(now: datetime) -> None:
    first = store.load_or_make(folder(), [], now)
    fresh, _ = rotation.rotate(folder(), [], now, now + timedelta(days=1))

    before, after = told(now), told(now + timedelta(days=1))

    assert (before["id"], before["key"]) == (first.id, str(store.secret_path(folder())))
    assert (after["id"], after["key"]) == (fresh.id, str(store.next_path(folder())))
    assert before["next"] == after["next"]


def test_a_key_that_was_handed_over_has_no_file(now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    made, _ = store.renew(folder(), [], now, lambda key: None)
    found = facts(Succession(made), None, now, Path("elsewhere"))

    assert found["key"] is None
    show_facts(found, "text", err=True)
    said = capsys.readouterr()
    assert said.out == ""
    assert "key          not here: `tollway serve --ca-key` says where it is\n" in said.err
