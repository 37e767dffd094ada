"""The line that says where a proxy listens (as processes say it: test_serve.py, test_supervised.py)."""

import json
import os
from pathlib import Path

import pytest

from tollway.cli.announced import announce, announcement

HERE = [("127.0.0.1", 8080), ("::1", 8081)]


def test_people_read_all_addresses_and_where_the_metrics_are() -> None:
    said = "tollway listens on http://127.0.0.1:8080, http://[::1]:8081"

    assert announcement(HERE, "text") == said
    assert announcement(HERE, "text", "http://x/metrics") == f"{said}; metrics: http://x/metrics"


def test_programs_read_an_object(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path))

    assert json.loads(announcement(HERE, "json", "http://x/metrics")) == {
        "url": "http://127.0.0.1:8080",
        "host": "127.0.0.1",
        "port": 8080,
        "ca": str(tmp_path / "ca" / "tollway-ca.pem"),
        "pid": os.getpid(),
        "urls": ["http://127.0.0.1:8080", "http://[::1]:8081"],
        "metrics": "http://x/metrics",
    }


def test_a_socket_has_no_url_and_is_named_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path))
    for style in ("text", "json"):
        announce(HERE, style, Path("/run/tollway/admin.sock"))

    text, facts = capsys.readouterr().out.splitlines()
    assert text.endswith("; admin: unix:/run/tollway/admin.sock")
    assert json.loads(facts)["admin"] == "unix:/run/tollway/admin.sock"
    assert "metrics" not in json.loads(facts)


def test_a_port_has_a_url_of_its_own_and_one_of_the_metrics(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path))
    announce(HERE, "json", ("127.0.0.1", 9464))

    facts = json.loads(capsys.readouterr().out)
    assert facts["admin"] == "http://127.0.0.1:9464"
    assert facts["metrics"] == "http://127.0.0.1:9464/metrics"
