"""A wake-up that can be called off: mitmproxy's keep their stream, and its bodies, until they ring."""

from dataclasses import dataclass

from mitmproxy.proxy import commands


class Deadline(commands.RequestWakeup):
    """Wake the layer up after `delay` seconds, unless it stops waiting."""


@dataclass(unsafe_hash=True)
class StopWaiting(commands.Command):
    """The deadline need not be told any more."""

    deadline: Deadline
