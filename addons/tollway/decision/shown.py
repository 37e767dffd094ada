"""A decision as text, an indented tree, and as JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tollway.access import explained
from tollway.decision import told
from tollway.decision.cached import CachedSeen
from tollway.decision.call import Call
from tollway.decision.decide import Decision, Step
from tollway.decision.guarded import GuardedSeen
from tollway.decision.led import Led
from tollway.decision.limit import ActionSeen, LevelSeen, LimitSeen
from tollway.decision.rate import RateSeen
from tollway.decision.route import RouteSeen, RuleSeen
from tollway.decision.unmet import size
from tollway.policy.when import DAYS
from tollway.routing.share import HUNDRED

Place = Callable[[int], str]
"""A line of the policy's file, as it is shown: `p.yaml:3`."""
INDENT = "  "
TEXTS = {"request": "request", "response": "answer"}
NOBODY = "name --session or --user to see where one goes"


def as_json(found: Decision, call: Call, lines: Mapping[int, int]) -> dict[str, Any]:
    """What `access.explained.as_json` has, and beside it `refused`, `circumstances`, `target`, `set`,
    `on_failure`, `who`, `steps`, `held_by`, `rates`, `guarded`, `cached` and `kept`, each as its class has
    it; `set` and `on_failure` are those of the step that sends it there, `limits` has the names in `held_by`.
    `lines`: of access rules."""
    access = explained.as_json(found.access, lines)
    rest: dict[str, Any] = msgspec.to_builtins(
        {
            "refused": found.refused,
            "circumstances": _circumstances(call),
            "target": found.target,
            "set": found.sent.set,
            "on_failure": found.sent.on_failure,
            "who": found.who,
            "steps": found.steps,
            "held_by": found.limits,
            "rates": found.rates,
            "guarded": found.guarded,
            "cached": found.cached,
            "kept": found.kept,
        }
    )
    if found.access.verdict.allowed:
        access |= {"allowed": found.is_allowed, "limits": [limit.name for limit in found.limits]}
    return {**access, "why": found.refused or access["why"], **rest}


def as_text(found: Decision, call: Call, file: str, lines: Mapping[int, int]) -> str:
    """Access first, then what may send the call on, where it goes, and the limits that it meets there."""
    if found.refused is not None:
        return f"refused: {found.refused}"
    access = explained.as_text(found.access, file, lines)
    if not found.access.verdict.allowed:
        return access
    return "\n".join([*access.splitlines()[:-1], *_rest(found, call, lambda line: f"({file}:{line})")])


def _circumstances(call: Call) -> dict[str, Any]:
    return {
        "day": DAYS[call.at.weekday()],
        "time": f"{call.at:%H:%M}",
        "size": call.size,
        "stream": call.stream,
        "tools": call.tools,
        "images": call.images,
    }


def _rest(found: Decision, call: Call, place: Place) -> Iterator[str]:
    if found.steps:
        said = _circumstances(call)
        has = [name if said[name] else f"no {name}" for name in ("stream", "tools", "images")]
        yield f"comes: {said['day']} {said['time']}, {size((None, call.size))}, {', '.join(has)}"
    for step in found.steps:
        yield from _step(step, found.who, place)
    if found.steps:
        yield f"goes to: {found.target}"
        yield from _indented(told.sent(found.sent))
    yield f"limits: {', '.join(limit.name for limit in found.limits) or 'none'}"
    for limit in found.limits:
        yield from _indented(_limit(limit, place))
    for rate in found.rates:
        yield f"rate {rate.name} {place(rate.line)}: {_rate(rate)}"
        yield from _indented([_then(rate.then)])
    for one in found.guarded:
        yield f"guardrail {one.by} {place(one.line)}: {_guards(one)}"
    if found.cached is not None:
        yield f"cache {found.cached.by} {place(found.cached.line)}: {_caches(found.cached)}"
    if found.kept is not None:
        texts = "its texts" if found.kept.texts == "both" else f"its {found.kept.texts}"
        yield f"kept: {texts}, for {found.kept.keep}, by {found.kept.by} {place(found.kept.line)}"


def _guards(one: GuardedSeen) -> str:
    texts = "its request and answer" if one.texts == "both" else f"its {TEXTS[one.texts]}"
    doubt = f"; {one.generic} what only looks like one" if one.generic != one.do else ""
    return f"{one.do} {', '.join(one.finds)} in {texts}{doubt}{'; in shadow' if one.shadow else ''}"


def _caches(one: CachedSeen) -> str:
    if one.why_not is not None:
        return f"not cached: {one.why_not}"
    return f"would be cached for {one.ttl}, scope {one.scope}"


def _step(step: Step, who: str | None, place: Place) -> Iterator[str]:
    name = f"{step.by} at {step.at}" if step.at is not None else step.by
    if step.route is None:
        yield f"{name} {place(step.line)}: not for this call: {step.why_not}"
        return
    yield f"{name} {place(step.line)}: route {step.route.name}"
    yield from _indented(_route(step.route, who, place))


def _route(found: RouteSeen, who: str | None, place: Place) -> Iterator[str]:
    for rule in found.rules:
        yield f"from {rule.from_} {place(rule.line)}: {_rule(rule)}"
        yield from _indented(_targets(rule, who))
    if found.leads_to is None:
        yield f"leads nowhere: {found.why_not}"
        return
    yield f"leads to {found.leads_to}{', where it is' if found.stays else ''}"
    if found.may_wait:
        yield told.WAITS


def _rule(rule: RuleSeen) -> str:
    if not rule.holds:
        return f"no: {rule.why_not}"
    if rule.targets[0].share == HUNDRED:
        return f"yes: {', else '.join(each.target for each in rule.targets)}"
    return f"yes: {', '.join(f'{each.share}% {each.target}' for each in rule.targets)}"


def _targets(rule: RuleSeen, who: str | None) -> Iterator[str]:
    for each in rule.targets:
        if each.chosen and 0 < each.share < HUNDRED:
            yield f"{each.target}, {_whose(each.share, who)}"
        elif not each.chosen and each.why_not is not None:
            yield f"not {each.target}: {each.why_not}"


def _whose(share: int, who: str | None) -> str:
    return f"as {share}% do: {NOBODY}" if who is None else f"with the {share}% that {who} is among"


def _limit(limit: LimitSeen, place: Place) -> Iterator[str]:
    per = f" per {', '.join(limit.per)}" if limit.per else ""
    spent = f"{limit.amount} {in_window(limit.window)}{per}"
    yield f"{limit.name} {place(limit.line)}: {limit.enforce}, {spent}, {limit.left} left"
    yield from _indented([f"at {level.at}: {_level(level)}" for level in limit.levels])
    yield from _indented([_then(limit.then)])


def _then(actions: Sequence[ActionSeen]) -> str:
    return f"then: {', '.join(_done(action.does, action) for action in actions)}"


def _rate(rate: RateSeen) -> str:
    burst = f", {rate.burst} of them at once" if rate.burst is not None else ""
    return f"{rate.allow}{burst}{f' per {", ".join(rate.per)}' if rate.per else ''}"


def in_window(window: str) -> str:
    """`a month`, `an hour`, `in any 24h`."""
    _, rolling, length = window.partition("rolling ")
    return f"in any {length}" if rolling else f"{'an' if window == 'hour' else 'a'} {window}"


def _level(level: LevelSeen) -> str:
    if level.reached:
        return f"route {level.route}, reached"
    return _done(f"route {level.route}", level)


def _done(does: str, found: Led) -> str:
    if found.leads_to is not None:
        return f"{does} {told.brief(found)}"
    return does if found.why_not is None else f"{does} (leads nowhere)"


def _indented(lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    return (INDENT + line for line in lines)
