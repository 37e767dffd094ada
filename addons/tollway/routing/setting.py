"""Parameters that a rule of a route changes where it sends a call: one vocabulary, for every dialect.

All bytes of the body stay that say something else. What the model is known to refuse is left out, as `adapt`
does it: temperatures of models that reason, efforts of those that do not. What a format has no word for is a
reason not to send the call there, and so is a format that nothing here knows.

Sources: https://developers.openai.com/api/docs/guides/flex-processing and .../priority-processing;
https://console.groq.com/docs/service-tiers; https://platform.claude.com/docs/en/api/service-tiers and
.../api/messages (one of temperature and top_p; neither beside thoughts); https://ai.google.dev/gemini-api/docs/optimization.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from msgspec import Struct
from msgspec.structs import replace

from tollway.model import Asked, Endpoint
from tollway.routing.adapt import adapted
from tollway.routing.effort import Edit, effort
from tollway.wire.counts import part
from tollway.wire.edit import Path, remove_path, set_path
from tollway.wire.output_fields import ANSWERS
from tollway.wire.output_maximum import clamped, floor, may_clamp

DROP = "drop"
"""In the place of a value: the parameter is taken out."""
EFFORT, TIER, MAXIMUM = "reasoning_effort", "service_tier", "max_output_tokens"

Value = float | int | str
Settings = tuple[tuple[str, Value], ...]
"""Parameters by their names, each with its value or DROP. A maximum only lowers; it is never dropped."""

_CONFIG = ("generationConfig", "generation_config")
_FIELDS: Mapping[str, Mapping[str, Path]] = {
    "openai_chat": {
        name: (name,)
        for name in (
            "temperature", "top_p", "presence_penalty", "frequency_penalty", "seed", "verbosity", TIER,
        )
    },
    "openai_responses": {
        "temperature": ("temperature",),
        "top_p": ("top_p",),
        "verbosity": ("text", "verbosity"),
        TIER: (TIER,),
    },
    "anthropic_messages": {name: (name,) for name in ("temperature", "top_p", "top_k", TIER)},
    "gemini": {
        "temperature": (_CONFIG, "temperature"),
        "top_p": (_CONFIG, ("topP", "top_p")),
        "top_k": (_CONFIG, ("topK", "top_k")),
        "presence_penalty": (_CONFIG, ("presencePenalty", "presence_penalty")),
        "frequency_penalty": (_CONFIG, ("frequencyPenalty", "frequency_penalty")),
        "seed": (_CONFIG, "seed"),
        TIER: (("serviceTier", TIER),),
    },
}  # fmt: skip
"""Where each dialect has them, but for efforts and maximums."""
_OPENAI = {"auto": "auto", "standard": "default", "flex": "flex", "priority": "priority"}
_TIERS: Mapping[str, Mapping[str, str]] = {
    "openai": _OPENAI,
    "azure": _OPENAI,
    "groq": {"auto": "auto", "standard": "on_demand", "flex": "flex", "priority": "performance"},
    "anthropic": {"auto": "auto", "standard": "standard_only", "priority": "auto"},
    "gemini": {"standard": "standard", "flex": "flex", "priority": "priority"},
}
"""What providers call their tiers. Anthropic's `auto` takes what was committed to of its priority tier."""
_HOTTEST: Mapping[str, int] = {"anthropic_messages": 1}
_PAIR = {"temperature": "top_p", "top_p": "temperature"}
_SAMPLING = frozenset({"temperature", "top_p", "top_k"})


class Changed(Struct, frozen=True):
    """A body with parameters changed."""

    body: bytes
    names: tuple[str, ...]
    """Which ones made a difference."""

    def __repr__(self) -> str:
        """Without what may be anybody's words."""
        return f"Changed({', '.join(self.names)})"


def changed(
    endpoint: Endpoint,
    asked: Asked,
    body: bytes,
    parsed: Mapping[str, Any],
    settings: Settings,
    same_provider: bool = True,
) -> Changed | str:
    """The body as the settings have it; a text: why it can't be made so.

    `endpoint`, `asked`, `parsed` are of this body, where it goes. `same_provider`: as of `adapted`.
    """
    if endpoint.dialect not in _FIELDS or endpoint.operation not in ANSWERS:
        return f"set: nothing says how {endpoint.dialect} ({endpoint.operation}) has it"
    call = _Call(endpoint=endpoint, asked=asked, parsed=parsed, settings=settings, same=same_provider)
    names = []
    for name, value in settings:
        before = body
        try:
            found = _lowered(call, body, value) if name == MAXIMUM else _edited(call, body, name, value)
        except ValueError:
            return f"set {name}: what has it in the body is no object"
        if isinstance(found, str):
            return f"set {name}: {found}"
        body = found
        if body != before:
            names.append(name)
            if name == EFFORT:  # what follows depends on thoughts
                call = replace(call, parsed=orjson.loads(body))
    return Changed(body, tuple(names))


class _Call(Struct, frozen=True, kw_only=True):
    endpoint: Endpoint
    asked: Asked
    parsed: Mapping[str, Any]
    settings: Settings
    same: bool

    @property
    def model(self) -> str:
        return self.asked.model or self.endpoint.model or ""

    @property
    def most(self) -> int | None:
        """The output maximum, once it is set."""
        own = [value for name, value in self.settings if name == MAXIMUM]
        said = self.asked.max_output_tokens
        return min((int(n) for n in (said, *own) if n is not None), default=None)


def _edited(call: _Call, body: bytes, name: str, value: Value) -> bytes | str:
    edits = _edits(call, name, value)
    if isinstance(edits, str):
        return edits
    for path, new in edits:
        body = remove_path(body, path) if new is None else set_path(body, path, new)
    return body


def _edits(call: _Call, name: str, value: Value) -> Sequence[Edit] | str:
    dialect = call.endpoint.dialect
    if name == EFFORT:
        told = None if value == DROP else str(value)
        return effort(dialect, call.model, told, call.parsed, most=call.most, same_provider=call.same)
    path = _FIELDS[dialect].get(name)
    if value == DROP:
        return [] if path is None else [(path, None)]
    if path is None:
        return f"{dialect} has none"
    if name == "temperature" and float(value) > _HOTTEST.get(dialect, 2):
        return f"{dialect} takes {_HOTTEST[dialect]} at most"
    if name == TIER:
        tiers = _TIERS.get(call.endpoint.provider, {})
        return [(path, tiers[str(value)])] if value in tiers else f"{call.endpoint.provider} has no {value}"
    return [] if _is_refused(call, name, path, value) else [(path, value)]


def _is_refused(call: _Call, name: str, path: Path, value: Value) -> bool:
    """Whether `adapt` takes it out for this model; or Claude takes it not beside what else is asked."""
    dialect, alone = call.endpoint.dialect, _alone(path, value)
    if adapted(dialect, call.model, alone, call.same) != {}:
        return True
    if dialect != "anthropic_messages":
        return False
    thinks = part(call.parsed, "thinking").get("type") in ("enabled", "adaptive")
    other = _PAIR.get(name)
    stays = other in call.parsed and (other, DROP) not in call.settings
    return stays or (thinks and name in _SAMPLING)


def _alone(path: Path, value: Value) -> Mapping[str, Any]:
    """A body that has nothing but this."""
    alone: Any = value
    for key in reversed(path):
        alone = {key if isinstance(key, str) else key[0]: alone}
    return {**alone}


def _lowered(call: _Call, body: bytes, value: Value) -> bytes | str:
    """With no output maximum above this one, as far down as thoughts and the format let it go."""
    endpoint, asked, parsed = call.endpoint, call.asked, call.parsed
    if not may_clamp(endpoint, asked, parsed):
        return "nothing may be written into this body"
    return clamped(endpoint, asked, body, parsed, floor(endpoint, asked, parsed, int(value)))
