"""A real browser without a window, Chromium, that goes through a proxy; driven over its debugging pipe."""

import asyncio
import json
import os
import shutil
from asyncio import StreamReader
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
wanted = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: scripts/test --system does")
SECONDS = 120
_QUIET = (
    "--headless=new", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-default-browser-check",
    "--disable-features=OptimizationHints,MediaRouter", "--remote-debugging-pipe", "--window-size=1200,900",
)  # fmt: skip


class Browser:
    """One tab."""

    def __init__(self, answers: StreamReader, pipe: int) -> None:
        self._answers = answers
        self._pipe = pipe
        self._number = 0
        self._session: str | None = None
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self.events: list[tuple[str, dict[str, Any]]] = []
        """All that the tab told, in its order."""

    async def start(self) -> None:
        """Open the tab, and have it tell what happens."""
        target = await self.say("Target.createTarget", url="about:blank")
        attached = await self.say("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            await self.say(f"{domain}.enable")

    async def say(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Have the browser do something; what comes of it."""
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            said["sessionId"] = self._session
        self._waiting[self._number] = asyncio.get_running_loop().create_future()
        os.write(self._pipe, json.dumps(said).encode() + b"\0")
        async with asyncio.timeout(SECONDS):
            return await self._waiting[self._number]

    async def listen(self) -> None:
        """Take in what the browser says, until it ends."""
        while True:
            said = json.loads((await self._answers.readuntil(b"\0"))[:-1])
            if (waiting := self._waiting.pop(said.get("id", 0), None)) is not None:
                assert "error" not in said, said
                waiting.set_result(said["result"])
            elif "method" in said:
                self.events.append((said["method"], said["params"]))
                if said["method"] == "Page.loadEventFired":
                    self._loaded.set()

    async def go(self, url: str) -> None:
        """Open a page, and wait until it is there."""
        self._loaded.clear()
        self.events.clear()
        await self.say("Page.navigate", url=url)
        async with asyncio.timeout(SECONDS):
            await self._loaded.wait()

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript in the page, as a developer's console has it."""
        found = await self.say(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def text(self) -> str:
        """What a reader sees."""
        return str(await self.evaluate("document.body.innerText"))

    async def press(self, key: str) -> None:
        """Press a key."""
        for kind in ("keyDown", "keyUp"):
            await self.say("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=9)

    def told(self, method: str) -> list[dict[str, Any]]:
        """What it told of one kind since the page was opened."""
        return [parameters for name, parameters in self.events if name == method]

    def complaints(self) -> list[str]:
        """What stands in its console."""
        logged = [each["entry"]["text"] for each in self.told("Log.entryAdded")]
        thrown = [each["exceptionDetails"]["text"] for each in self.told("Runtime.exceptionThrown")]
        return logged + thrown + [str(each["args"]) for each in self.told("Runtime.consoleAPICalled")]


@asynccontextmanager
async def browsing(folder: Path, proxy: str, *options: str) -> AsyncIterator[Browser]:
    """A browser that goes through a proxy, with a profile of its own in `folder`."""
    assert CHROMIUM is not None
    theirs, ours = os.pipe()
    answers, their_answers = os.pipe()
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium has no sandbox for root
    command = [
        *(CHROMIUM, *_QUIET, *root, *options),
        *(
            f"--proxy-server={proxy}",
            "--proxy-bypass-list=<-loopback>",
            f"--user-data-dir={folder / 'profile'}",
        ),
    ]
    # It wants its pipe as the descriptors 3 and 4.
    script = f'exec 3<&{theirs} 4>&{their_answers}; exec "$@"'
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", script, "bash", *command,
        pass_fds=(theirs, their_answers), stdout=DEVNULL, stderr=DEVNULL, start_new_session=True,
        env={"HOME": str(folder), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    os.close(theirs)
    os.close(their_answers)
    reader = StreamReader(limit=2**26)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(answers, "rb")
    )
    browser = Browser(reader, ours)
    listening = asyncio.get_running_loop().create_task(browser.listen())
    try:
        await browser.start()
        yield browser
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError, asyncio.IncompleteReadError):
            await listening
        os.close(ours)
        transport.close()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        await process.wait()
