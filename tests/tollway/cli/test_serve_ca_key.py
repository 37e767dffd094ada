"""`tollway serve --ca-key`: the authority's key is handed in, and is in no file of Tollway's."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.tollway.command import Office
from tests.tollway.several import Several, until

pytestmark = pytest.mark.slow  # it starts several proxies


def test_workers_have_it_by_a_descriptor_those_that_are_started_anew_too(
    tmp_path: Path, office: Office
) -> None:
    """A pipe is read once."""
    office = Office(tmp_path / "other", office.sim)
    made = office.run("ca", "init", "--key-to", "-")
    assert made.returncode == 0, made.stderr
    ours, theirs = os.pipe()
    os.write(theirs, made.stdout.encode())
    os.close(theirs)
    words = office.words("serve", "--workers", "2", "--listen", "127.0.0.1:0", "--format", "json")

    with subprocess.Popen(
        [*words, "--ca-key", f"fd:{ours}"], env=office.variables, text=True, pass_fds=(ours,),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(ours)
        try:
            tollway = Several(office, process)
            first = tollway.workers()
            assert tollway.ask().status == 200
            for pid in first:
                os.kill(pid, signal.SIGKILL)
            until(lambda: len(tollway.workers() - first) == 2)
            until(lambda: tollway.ask().status == 200)
            assert not [path for path in (office.home / "ca").iterdir() if b"PRIVATE" in path.read_bytes()]
        finally:
            process.terminate()
            process.wait(60)
