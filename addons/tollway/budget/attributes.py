"""What limits may match, and be kept apart by: all of it stands in the call's row."""

from collections.abc import Mapping

from tollway.model import CallRecord, Identity

Value = str | tuple[str, ...] | None
"""None: the call has none; several only of `group`."""

NAMES = (
    "user", "team", "role", "group", "service", "provider", "model", "operation", "program", "session",
    "network",
)  # fmt: skip
"""Attributes that every call has, or lacks; `tag.KEY` and `claim.NAME` beside them."""

UNKNOWN_GROUPS = ("?",)
"""The groups of a caller who is in more of them than a token can say: each condition on groups is met."""

CHOSEN_BY_CLIENTS = frozenset({"program", "session"})
"""Whoever calls can say what they like here, as in every tag."""


_OF_CALLERS = frozenset({"user", "team", "role", "group", "service"})
CALLERS = _OF_CALLERS | {"network"}
"""By which callers are known, `claim.NAME` apart."""


def is_of_callers(name: str) -> bool:
    """Whether an attribute says who calls, rather than what is called."""
    return name in CALLERS or name.startswith("claim.")


def of_caller(who: Identity) -> Mapping[str, Value]:
    """The attributes that all calls of a caller have, by name."""
    return {
        "user": who.user,
        "team": who.team,
        "role": who.role,
        "group": who.groups or None,
        "service": who.service,
        "network": who.network,
        **{f"claim.{key}": value for key, value in who.attributes.items()},
    }


def vouched(call: CallRecord) -> Mapping[str, Value]:
    """The attributes that rights may hang on: who calls is absent where nobody vouches for it."""
    found = attributes(call)
    return found if call.verified else unvouched(found)


def unvouched(known: Mapping[str, Value]) -> Mapping[str, Value]:
    """The attributes of a call that nobody vouches for the caller of: who calls is absent."""
    return {name: None if name in _OF_CALLERS else value for name, value in known.items()}


def attributes(call: CallRecord) -> Mapping[str, Value]:
    """The attributes of a call, by name. From its row alone: limits are rebuilt and replayed from rows."""
    return {
        "user": call.user,
        "team": call.team,
        "role": call.role,
        "group": call.groups or None,
        "service": call.service,
        "provider": call.provider or None,
        "model": call.model,
        "operation": call.operation or None,
        "program": call.program,
        "session": call.session,
        "network": call.network,
        **{f"claim.{key}": value for key, value in call.claims.items()},
        **{f"tag.{key}": value for key, value in call.tags.items()},
    }
