"""Where a tour is played: a proxy for which every host is the simulator, and what leads programs to it."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tollway import paths
from tollway.demo.simulator import Simulator, simulator
from tollway.environment.prepare import prepare
from tollway.hooks.budget import Budget
from tollway.hooks.look_up import LookUp
from tollway.master import Listening
from tollway.model import CallRecord
from tollway.policy.schema import Policy
from tollway.proxy import Proxy, Setup, running
from tollway.waiting import Line

PROXIES = ("https_proxy", "http_proxy", "all_proxy", "no_proxy")


@dataclass(frozen=True, slots=True)
class Stage:
    """What runs."""

    providers: Simulator
    proxy: Proxy
    environment: Mapping[str, str]
    """Of the programs: what `tollway run` sets, and no other proxy."""

    @property
    def line(self) -> Line:
        """The calls that wait for room in a bucket."""
        return next(step.line for step in self.proxy.steps.steps if isinstance(step, Budget))

    @property
    def joined(self) -> int:
        """How many calls wait for another's answer."""
        return next(step.joined for step in self.proxy.steps.steps if isinstance(step, LookUp))


@asynccontextmanager
async def stage(
    folder: Path, policy: Policy, observe: Callable[[CallRecord], None] = lambda call: None
) -> AsyncIterator[Stage]:
    """One, for as long as the context lasts. Its ledger is that of TOLLWAY_HOME. Raises TollwayError."""
    (folder / "simulator").mkdir()
    async with simulator(folder / "simulator") as providers:
        async with running(setup(providers, policy, observe)) as proxy:
            yield Stage(providers, proxy, leading(proxy))


def setup(providers: Simulator, policy: Policy, observe: Callable[[CallRecord], None]) -> Setup:
    """A proxy that takes the simulator for all hosts."""
    trust = f"ssl_verify_upstream_trusted_ca={providers.root_ca}"
    return Setup(
        policy=policy,
        ledger_url=paths.ledger_url(),
        listening=Listening(port=0, set_options=(trust,)),
        connect_to={("", 0): (providers.address, providers.port)},
        observe=observe,
    )


def leading(proxy: Proxy) -> dict[str, str]:
    """The variables of a program whose calls go through this proxy, on top of our own."""
    present = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES}
    return present | prepare(proxy.url, paths.data_dir() / "ca", proxy.signing.anchors(), present).variables
