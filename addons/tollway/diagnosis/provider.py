"""The providers: whether the proxy reaches them."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from tollway.diagnosis.finding import Finding, well, wrong

SUBJECT = "providers"
UNREACHED = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
"""Statuses by which a proxy says that nothing came back."""
REMEDY = "on the proxy's machine: is the host's name known, and port 443 open? The proxy's log says more"


class Answered(Struct, frozen=True, kw_only=True):
    """What came of asking a provider's host for the head of its root: no call, no cost."""

    host: str
    status: int | None = None
    failure: str | None = None
    """Why there is no status."""


def judge(answers: Sequence[Answered]) -> Iterator[Finding]:
    """Of all that were asked."""
    by_reason: dict[str | None, list[str]] = {}
    for each in answers:
        by_reason.setdefault(_why(each), []).append(each.host)
    for why, hosts in by_reason.items():
        said = ", ".join(hosts)
        if why is None:
            yield well(SUBJECT, f"reached through the proxy: {said}")
        else:
            yield wrong(SUBJECT, f"{said}: {why}", REMEDY)


def _why(answer: Answered) -> str | None:
    """None: it was reached."""
    if answer.status is None:
        return answer.failure or "no answer"
    if answer.status in UNREACHED:
        return f"the answer is {answer.status} {UNREACHED[answer.status]}"
    return None
