"""Load balancers before the proxy, which say whose connection they pass on, by the PROXY protocol.

Without it, all clients have the balancer's address. One on this machine makes all of them programs of this
machine, who reach what listens here, and see everybody's calls where nobody is named an administrator.
"""

import asyncio
import logging

from tollway.engine.client_bounds import DEFAULTS
from tollway.identity.networks import Networks, is_loopback, network_of
from tollway.identity.proxy_header import Ends, ProxyHeader, ProxyHeaderError, begins_header
from tollway.identity.repeated import Repeated

logger = logging.getLogger(__name__)


class NotSaid(Exception):
    """A balancer did not say whose connection this is: it is to be closed."""


class Balancers:
    """Those of some networks. Belongs to one event loop."""

    def __init__(self, within: Networks[None] = (), seconds: float = DEFAULTS.head_time) -> None:
        """`within`: where they are; `seconds`: how long one may take to say it."""
        self._within = within
        self._seconds = seconds
        self._complaints = Repeated()

    async def whose(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Ends | None:
        """Read what a balancer's connection begins with. None: the connection is its peer's own, or that of
        a program on its peer's machine.

        Raises NotSaid; the log says why.
        """
        address = writer.get_extra_info("peername")[0]
        if network_of(self._within, address) is None:
            return None
        header = ProxyHeader()
        try:
            async with asyncio.timeout(self._seconds):
                while header.wants:
                    header.feed(await reader.readexactly(header.wants))
        except TimeoutError:
            self._complain(address, f"no whole PROXY header in {self._seconds:g} s (head-time)")
            raise NotSaid from None
        except ProxyHeaderError as error:
            self._complain(address, str(error))
            raise NotSaid from None
        except (EOFError, OSError):  # it only looked whether anybody listens, or was cut off
            raise NotSaid from None
        if header.ends is not None and is_loopback(header.ends.client[0]) and not is_loopback(address):
            return None  # a program of the balancer's machine: it is none of this one
        return header.ends

    def _complain(self, address: str, why: str) -> None:
        now = asyncio.get_running_loop().time()
        if self._complaints.tell((address, why), now) is not None:
            logger.warning(
                "a connection of the load balancer %s is closed: %s (--proxy-protocol)", address, why
            )


class Unnamed:
    """Finds balancers that nobody named: without a word, their clients would wait for nothing."""

    def __init__(self) -> None:
        self._complaints = Repeated()

    def is_one(self, address: str, data: bytes) -> bool:
        """Whether a connection from this address begins with a header; the log tells it."""
        if not begins_header(data):
            return False
        if self._complaints.tell(address, asyncio.get_running_loop().time()) is not None:
            logger.warning(
                "a connection is closed: it begins with a PROXY protocol header, and %s is not named by "
                "--proxy-protocol", address,
            )  # fmt: skip
        return True
