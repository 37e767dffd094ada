"""Clients that are closed for where they come from: from public addresses, unless an option lets them in.

mitmproxy 12.2's addon writes a line into the log for each connection, as many as anybody likes to open, and
not what to do where a company's own addresses are public, as those of IPv6 are.
"""

import asyncio
import logging

from mitmproxy import ctx
from mitmproxy.addons import block
from mitmproxy.connection import Client

from tollway.identity.networks import plain_address
from tollway.identity.repeated import Repeated

logger = logging.getLogger(__name__)


class Block(block.Block):
    """mitmproxy's addon with its two options, and a log of ours."""

    def __init__(self) -> None:
        self._complaints = Repeated()

    def client_connected(self, client: Client) -> None:
        """Close one that may not connect. This machine's own programs may."""
        address = plain_address(client.peername[0])
        if address.is_loopback:
            return
        if ctx.options.block_global and address.is_global:
            self._close(client, "public", "block_global")
        elif ctx.options.block_private and address.is_private:
            self._close(client, "private", "block_private")

    def _close(self, client: Client, kind: str, option: str) -> None:
        client.error = f"{kind} addresses are closed ({option})"
        if self._complaints.tell(option, asyncio.get_running_loop().time()) is not None:
            logger.warning(
                "clients of %s addresses are closed, %s for one: `--set %s=false` lets them in",
                kind, client.peername[0], option,
            )  # fmt: skip
