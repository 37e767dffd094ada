"""A program that is a worker but for its proxy: it says what one says, and ends as it is told to.

`python pretended.py FOLDER PLACE`: how it behaves is what the file `FOLDER/NUMBER` says when it starts
(nothing: as a good one). Each start is a line of `FOLDER/starts`.
"""

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from tollway.observe.catalogue import CALLS
from tollway.observe.counting import Series
from tollway.observe.flying import Now
from tollway.readiness.check import fail, ok
from tollway.workers.place import Place
from tollway.workers.told import Told, told


def main() -> None:
    """Be one."""
    folder, place = Path(sys.argv[1]), Place.of(sys.argv[2])
    with (folder / "starts").open("a") as starts:
        starts.write(f"{place.number} {os.getpid()}\n")
    behaviour = folder / str(place.number)
    how = behaviour.read_text() if behaviour.exists() else ""
    with socket.socket(fileno=place.line) as line:
        if how == "fails":
            say(line, failed="it is wrong", status=2, is_policy=True)
            sys.exit(2)
        if how == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        while how == "slow" and not (folder / f"go-{os.getpid()}").exists():
            time.sleep(0.001)
        say(line, listens=True)
        if how == "dies later":
            sys.exit(3)
        with line.makefile() as heard:
            for said in heard:
                obey(line, json.loads(said), how)


def obey(line: socket.socket, said: dict[str, Any], how: str) -> None:
    """Do as a worker does."""
    if how == "hangs":
        time.sleep(1000)
    if said["do"] == "tell":
        calls = Series(CALLS, ("openai", "gpt-4o", "chat", "answered"))
        now = Now(in_flight=2, log_dropped=1)
        say(line, told=told(Told(counts={calls: 7}, now=now)), number=said["number"])
    elif said["do"] == "ready":
        store = fail("store", "is full") if how == "full" else ok("store", "can be written")
        say(line, ready=to_builtins([ok("serving", "calls are taken"), store]))
    elif said["do"] in ("stop", "leave"):
        say(line, told=told(Told(now=Now(log_dropped=3))))
        sys.exit(0)


def say(line: socket.socket, **said: Any) -> None:
    """As `Line` does."""
    line.sendall(json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    main()
