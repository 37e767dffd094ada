"""A target as a call would find it: whether it can go there, and what would be set."""

from collections.abc import Mapping

from msgspec import Struct

from tollway.access.explained import explained
from tollway.decision.call import Call
from tollway.decision.parameters import Put, formats_of, put
from tollway.policy.schema import Policy
from tollway.providers.registry import Registry
from tollway.routing.abilities import FEWEST_BYTES, abilities_of, context_of
from tollway.routing.resolve import Target
from tollway.routing.setting import Settings
from tollway.routing.soundness import of_its_operation, unable


class Stop(Struct, frozen=True, kw_only=True):
    """One."""

    target: str
    """`provider/model`."""
    why_not: str | None = None
    """Why it can't go there, as far as that was looked at."""
    left_out: tuple[str, ...] = ()
    """Parameters that are not set there: the model takes none of them."""
    may_be_left_out: tuple[str, ...] = ()
    """The same, where that hangs on what else the request has."""
    not_as: Mapping[str, str] = {}
    """Formats of which requests don't go there, and why: they lack what is set."""


class Stops:
    """Of one call under one policy."""

    def __init__(self, policy: Policy, call: Call, registry: Registry) -> None:
        self._policy = policy
        self._call = call
        self._registry = registry

    def at(self, target: Target, settings: Settings = ()) -> Stop:
        """The call at a target, with these parameters. Where it was sent by its client it can be."""
        name, first = str(target), self._call.target
        if target == first and not settings:
            return Stop(target=name)
        why = None if target == first else self._unable(target)
        found = self._put(target, settings) if settings else Put()
        if isinstance(found, str):
            return Stop(target=name, why_not=why or found)
        return Stop(
            target=name,
            why_not=why or self._denied(target),
            left_out=found.left_out,
            may_be_left_out=found.may_be_left_out,
            not_as=found.not_as,
        )

    def _unable(self, target: Target) -> str | None:
        """All of its size is taken for text, unless there are pictures: those are long, and read short."""
        call, (provider, model) = self._call, (target.provider, target.model)
        tokens = None if call.images else call.size // FEWEST_BYTES
        lacks = abilities_of(provider, model).lacks
        return unable(model, call.body, tokens, context_of(provider, model), lacks) or of_its_operation(
            call.operation, model, call.models[0]
        )

    def _put(self, target: Target, settings: Settings) -> Put | str:
        first = self._call.target or target
        formats = formats_of(self._registry, self._call.operation, first.provider, target.provider)
        return put(formats, self._call.operation, target, settings, target.provider == first.provider)

    def _denied(self, target: Target) -> str | None:
        known = {**self._call.attributes, "provider": target.provider}
        found = explained(self._policy, known, (target.model,))
        return None if found.verdict.allowed else found.why
