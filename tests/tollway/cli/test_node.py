"""Programs on a Node whose fetch reads no proxy variables."""

from pathlib import Path

import pytest

from tollway.cli.node import node_of, past, version_of

HINT = (
    "if it made AI calls, they went past Tollway: fetch in Node 20.20.2 does not read HTTPS_PROXY; from "
    "22.21 and 24 on it does"
)


@pytest.fixture
def bin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, with a Node in it that says it is 20.20.2."""
    make(tmp_path / "node", "#!/bin/sh\necho v20.20.2\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def make(path: Path, content: str | bytes) -> None:
    """An executable file."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(0o755)


@pytest.mark.parametrize("line", ["#!/usr/bin/env node", "#!/usr/bin/node", "#!/usr/bin/env -S node -r x"])
def test_a_script_of_an_old_node_is_told(bin: Path, line: str) -> None:
    """By its first line."""
    make(bin / "agent", f"{line}\nmain();\n")

    assert past("agent") == HINT


def test_an_old_node_itself_is_told(bin: Path) -> None:
    """Under another name, too."""
    (bin / "js").symlink_to(bin / "node")

    assert past("node") == HINT
    assert past(str(bin / "node")) == HINT
    assert past("js") == HINT


@pytest.mark.parametrize(
    "content",
    ["#!/bin/sh\n", "#!/usr/bin/env python3\n", "", "\n", b"\x7fELF\x02\x01\x01", "node\n", b"#!/\xff\xfe\n"],
)
def test_other_programs_are_not(bin: Path, content: str | bytes) -> None:
    """Whatever they are."""
    make(bin / "program", content)

    assert past("program") is None


def test_what_is_not_there_or_can_not_be_read_is_not(bin: Path) -> None:
    """Nothing is known of it."""
    assert past("nothing") is None
    assert node_of("/") is None


def test_a_newer_node_is_not(bin: Path) -> None:
    """It reads the variables."""
    make(bin / "node", "#!/bin/sh\necho v24.21.0\n")

    assert past("node") is None


@pytest.mark.parametrize("script", ["#!/bin/sh\necho 20\n", "#!/bin/sh\nexit 1\n", "#!/no/interpreter\n"])
def test_a_node_that_does_not_say_its_version_is_not(bin: Path, script: str) -> None:
    """Nothing is known of it."""
    make(bin / "node", script)

    assert version_of(str(bin / "node")) is None
    assert past("node") is None
