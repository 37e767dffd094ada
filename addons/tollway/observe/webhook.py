"""Alerts on their way to a webhook: one after the other, beside the calls, tried again where that helps."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from mitmproxy.utils import asyncio_utils

from tollway.alerts.alert import Alert, document
from tollway.alerts.grouped import grouped
from tollway.apart import apart
from tollway.observe.post import Answer, Sign, post

logger = logging.getLogger(__name__)

MOST_WAITING = 1000
"""Alerts that wait; one more, and the oldest is dropped."""
FEW = 5
"""More of one kind that wait are sent as one, with a list."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""Seconds before each further attempt; after the last the alert is given up."""

Post = Callable[..., Answer]
"""Called as `post.post`: with a URL and a document, and where there is a secret with `sign`."""
Form = Callable[[Alert], dict[str, Any]]
"""Makes the document of an alert."""


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
        self._form: Form = document
        self._sign: Sign | None = None
        self._post = post
        self._sleep = sleep
        self._most = most_waiting
        self._waiting: deque[Alert] = deque()
        self._task: asyncio.Task[None] | None = None
        self._on_its_way = 0
        """So many alerts are what is being sent."""

    def __repr__(self) -> str:
        return f"Webhook({len(self._waiting)} waiting)"

    def lead(self, url: str | None, form: Form = document, sign: Sign | None = None) -> None:
        """Have alerts go there from now on, those that wait among them; None: nowhere, they are dropped.

        `form`: how they are written; `sign`: what signs them, if anything does.
        """
        self._url, self._form, self._sign = url, form, sign
        if url is None:
            self._waiting.clear()
            if self._task is not None:
                self._task.cancel()
                self._task, self._on_its_way = None, 0

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
            left = len(self._waiting) + self._on_its_way
            logger.error("%d alerts did not reach the webhook before the end", left)

    async def _run(self) -> None:
        while self._waiting:
            alert = self._next()
            self._on_its_way = len(alert.each)
            await self._deliver(alert)
            self._on_its_way = 0

    def _next(self) -> Alert:
        """The first that waits; with all others of its kind, if they are many."""
        first = self._waiting.popleft()
        alike = [first, *(one for one in self._waiting if one.kind is first.kind)]
        if len(alike) <= FEW:
            return first
        self._waiting = deque(one for one in self._waiting if one.kind is not first.kind)
        return grouped(alike)[0]

    async def _deliver(self, alert: Alert) -> None:
        for pause in (*PAUSES, None):
            answer = await self._attempt(alert)
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

    async def _attempt(self, alert: Alert) -> Answer:
        """One attempt, at the address that holds by now, and in its form."""
        assert self._url is not None
        signed = {} if self._sign is None else {"sign": self._sign}
        return await apart(partial(self._post, self._url, self._form(alert), **signed))
