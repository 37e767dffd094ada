"""Where something leads a call, and what else it does with it: what it sets, and what follows a failure."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from tollway.decision.stop import Stop
from tollway.policy import duration
from tollway.policy.failures import written
from tollway.routing.failing import Failing
from tollway.routing.setting import Settings, Value


class BreakerSeen(Struct, frozen=True, kw_only=True):
    """When a target that fails comes last for a while."""

    failures: int
    """In a row."""
    rest: str
    """`30s`."""


class FailingSeen(Struct, frozen=True, kw_only=True):
    """What is done when a target fails."""

    on: tuple[str, ...]
    """What counts as a failure: `429`, `5xx`, `connect`, `headers 5s`, `timeout 20s`."""
    retries: int
    """How often each target is tried again before the next one."""
    breaker: BreakerSeen | None
    then: tuple[Stop, ...]
    """The next targets, in their order; those that it can't go to are passed over."""


class Led(Struct, frozen=True, kw_only=True):
    """Where it leads, if anywhere."""

    leads_to: str | None = None
    """`provider/model`, which may be where the call is already."""
    why_not: str | None = None
    """Why it leads nowhere."""
    stays: bool = False
    """It leads where the call is, for what it does there."""
    set: Mapping[str, Value] = {}
    """What is set on the way, or `drop`ped; but for what is left out, as of `Stop`."""
    left_out: tuple[str, ...] = ()
    may_be_left_out: tuple[str, ...] = ()
    not_as: Mapping[str, str] = {}
    on_failure: FailingSeen | None = None
    """None: nothing is done then."""
    may_wait: bool = False
    """A conversation that has a prompt cache may stay where that is."""

    def told(self) -> dict[str, Any]:
        """All of this, for another that says the same."""
        return {name: getattr(self, name) for name in Led.__struct_fields__}


def led(
    stop: Stop, settings: Settings, failing: Failing | None, then: Iterable[Stop], stays: bool, may_wait: bool
) -> Led:
    """To this stop."""
    return Led(
        leads_to=stop.target,
        stays=stays,
        set=dict(settings),
        left_out=stop.left_out,
        may_be_left_out=stop.may_be_left_out,
        not_as=stop.not_as,
        on_failure=None if failing is None else _failing(failing, tuple(then)),
        may_wait=may_wait,
    )


def _failing(failing: Failing, then: tuple[Stop, ...]) -> FailingSeen:
    tripping = failing.tripping
    breaker = None
    if tripping is not None:
        breaker = BreakerSeen(failures=tripping.failures, rest=duration.written(tripping.rest_us))
    return FailingSeen(on=written(failing), retries=failing.retries, breaker=breaker, then=then)
