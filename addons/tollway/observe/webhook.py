"""Alerts on their way to a webhook: one after the other, beside the calls, tried again where that helps."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial

from mitmproxy.utils import asyncio_utils

from tollway.apart import apart
from tollway.observe.alert import Alert, document
from tollway.observe.post import Answer, post

logger = logging.getLogger(__name__)

MOST_WAITING = 1000
"""Alerts that wait; one more, and the oldest is dropped."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""Seconds before each further attempt; after the last the alert is given up."""

Post = Callable[[str, dict[str, object]], Answer]


class Webhook:
    """Belongs to one event loop. The URL is in no log and no repr."""

    def __init__(
        self,
        url: str | None = None,
        post: Post = post,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """`url` None: alerts go nowhere. `post` is called in a thread of its own."""
        self._url = url
        self._post = post
        self._sleep = sleep
        self._most = most_waiting
        self._waiting: deque[Alert] = deque()
        self._task: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"Webhook({len(self._waiting)} waiting)"

    def lead(self, url: str | None) -> None:
        """Have alerts go there from now on, those that wait among them; None: nowhere, they are dropped."""
        self._url = url
        if url is None:
            self._waiting.clear()
            if self._task is not None:
                self._task.cancel()
                self._task = None

    def send(self, alert: Alert) -> None:
        """Have it sent. Returns at once."""
        if self._url is None:
            return
        if len(self._waiting) >= self._most:
            dropped = self._waiting.popleft()
            logger.warning("more alerts than the webhook takes: one of kind %s is dropped", dropped.kind)
        self._waiting.append(alert)
        if self._task is None or self._task.done():
            self._task = asyncio_utils.create_task(self._run(), name="alerts", keep_ref=True)

    async def stop(self, seconds: float) -> None:
        """Send what waits, for so long at most; what is left then is not sent, and the log says so."""
        task = self._task
        if task is None or task.done():
            return
        _, pending = await asyncio.wait([task], timeout=seconds)
        if pending:
            task.cancel()
            await asyncio.wait([task])
            left = len(self._waiting) + 1
            logger.error("%d alerts did not reach the webhook before the end", left)

    async def _run(self) -> None:
        while self._waiting:
            await self._deliver(self._waiting.popleft())

    async def _deliver(self, alert: Alert) -> None:
        said = document(alert)
        for pause in (*PAUSES, None):
            answer = await self._attempt(said)
            if answer.arrived:
                return
            if pause is None or not answer.may_help_again:
                break
            await self._sleep(max(pause, answer.wait_seconds or 0.0))
        logger.error(
            "an alert of kind %s did not reach the webhook: %s",
            alert.kind,
            "nothing answered" if answer.status is None else f"it answered {answer.status}",
        )

    async def _attempt(self, said: dict[str, object]) -> Answer:
        """One attempt, at the address that holds by now."""
        assert self._url is not None
        return await apart(partial(self._post, self._url, said))
