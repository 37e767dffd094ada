"""Where something leads a call, in words: what is set, what follows a failure, and whether it may wait."""

from collections.abc import Iterator, Mapping

from tollway.decision.led import FailingSeen, Led
from tollway.decision.stop import Stop
from tollway.routing.setting import DROP, Value

WAITS = "a conversation with a prompt cache may wait, where it would lose more than it saves"


def sent(found: Led) -> Iterator[str]:
    """What is done with a call where it goes, a line each."""
    if found.set:
        yield from _set(found)
    if found.on_failure is not None:
        yield from _failing(found.on_failure)


def brief(found: Led) -> str:
    """Where it leads: `to openai/gpt-5 (else groq/x; sets seed 7)`."""
    more = []
    if found.on_failure is not None and (then := _open(found.on_failure)):
        more.append(", ".join(f"else {stop.target}" for stop in then))
    if found.set:
        more.append(f"sets {_written(found.set, found.left_out)}")
    return f"to {found.leads_to}" + (f" ({'; '.join(more)})" if more else "")


def _set(found: Led) -> Iterator[str]:
    yield f"sets {_written(found.set, found.left_out)}"
    if found.left_out:
        yield f"leaves out {', '.join(found.left_out)}: the model takes none"
    if found.may_be_left_out:
        yield f"may leave out {', '.join(found.may_be_left_out)}: that hangs on what else the request has"
    if found.not_as:
        yield f"not for calls in {', '.join(found.not_as)}, which lacks some of that"


def _written(settings: Mapping[str, Value], left_out: tuple[str, ...]) -> str:
    done = {name: value for name, value in settings.items() if name not in left_out}
    return ", ".join(f"no {n}" if value == DROP else f"{n} {value}" for n, value in done.items()) or "nothing"


def _failing(found: FailingSeen) -> Iterator[str]:
    then = ", then ".join(stop.target for stop in _open(found))
    times = "once more" if found.retries == 1 else f"{found.retries} times more"
    if not found.retries:
        what = then or "nothing else is tried"
    elif not then:
        what = f"tried {times}"
    else:
        what = f"{then}; each is tried {times} before the next"
    yield f"on {', '.join(found.on)}: {what}"
    if found.breaker is not None and then:
        yield f"after {found.breaker.failures} failures in a row a target comes last for {found.breaker.rest}"
    for stop in _open(found):
        if stop.left_out:
            yield f"{stop.target} leaves out {', '.join(stop.left_out)}"


def _open(found: FailingSeen) -> tuple[Stop, ...]:
    return tuple(stop for stop in found.then if stop.why_not is None)
