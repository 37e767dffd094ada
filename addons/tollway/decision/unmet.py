"""Which conditions a call does not meet, in words: `time must be 22:00-06:00, and is 12:00`."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tollway.budget.attributes import Value
from tollway.policy.left import key_of, written
from tollway.policy.pattern import Condition, tester
from tollway.policy.when import DAYS, Size, Span, When, conditions
from tollway.routing.circumstances import Circumstances

SAID = "{} must be {}, and is {}"
_UNITS = {"MB": 1_000_000, "KB": 1000}


def of_match(match: Mapping[str, Condition], attributes: Mapping[str, Value]) -> tuple[str, ...]:
    """The conditions on attributes that are not met."""
    return tuple(
        SAID.format(name, _wanted(condition), _value(attributes.get(name)))
        for name, condition in match.items()
        if not tester(name, condition)(attributes.get(name))
    )


def of_when(when: When, call: Circumstances) -> tuple[str, ...]:
    """The conditions of a rule that are not met."""
    wanted = {name: _wanted(condition) for name, condition in when.attributes.items()}
    wanted |= {key_of(limit): written(share) for limit, share in when.left.items()}
    has = {name: _value(call.attributes.get(name)) for name in when.attributes}
    has |= {key_of(limit): percent(call.left.of(limit or None)) for limit in when.left}
    return tuple(
        SAID.format(
            name,
            wanted[name] if name in wanted else _WRITTEN[name](getattr(when, name)),
            has[name] if name in has else _FOUND[name](call),
        )
        for name, test in conditions(when).items()
        if not test(call)
    )


def _wanted(condition: Condition) -> str:
    return f"{'not ' if condition.negated else ''}{' or '.join(condition.values)}"


def _value(value: Value) -> str:
    return "absent" if not value else value if isinstance(value, str) else ", ".join(value)


def size(said: Size | tuple[None, int]) -> str:
    """A size as a policy says it."""
    is_over, count = said
    unit = next((unit for unit, times in _UNITS.items() if count and count % times == 0), "B")
    text = f"{count // _UNITS.get(unit, 1)} {unit}"
    return text if is_over is None else f"{'over' if is_over else 'under'} {text}"


def percent(share: Fraction) -> str:
    """A share, rounded to a tenth of a percent."""
    return f"{float(round(share * 100, 1)):g}%"


def _span(span: Span) -> str:
    return f"{span[0]:%H:%M}-{span[1]:%H:%M}"


def _bool(value: bool) -> str:
    return str(value).lower()


_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "days": " or ".join,
    "time": lambda spans: " or ".join(map(_span, spans)),
    "size": lambda said: size(said),
    "stream": _bool,
    "tools": _bool,
    "images": _bool,
}
"""What a rule asks of a call itself, as a policy says it."""
_FOUND: Mapping[str, Callable[[Circumstances], str]] = {
    "days": lambda call: DAYS[call.at.weekday()],
    "time": lambda call: f"{call.at:%H:%M}",
    "size": lambda call: size((None, call.size)),
    "stream": lambda call: _bool(call.stream),
    "tools": lambda call: _bool(call.has_tools),
    "images": lambda call: _bool(call.has_images),
}


def joined(reasons: Sequence[str]) -> str | None:
    """All of them in one line; None: there are none."""
    return "; ".join(reasons) or None
