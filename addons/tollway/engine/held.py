"""Waiting for something outside of the layers, while their other events go on."""

import asyncio
from typing import Any

from mitmproxy.proxy import commands


class Held(commands.RequestWakeup):
    """Wake the layer up when this is done. (mitmproxy lets no other command go on meanwhile.)"""

    def __init__(self, until: "asyncio.Future[Any]") -> None:
        super().__init__(0)
        self.until = until
