"""What each runtime makes of the proxy's certificates, and whether its calls come to the proxy at all."""

from enum import StrEnum

from msgspec import Struct

from tollway.diagnosis.finding import Finding, Verdict, doubtful, not_checked, well, wrong


class Outcome(StrEnum):
    """How a runtime's handshake ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """For the certificate."""
    FAILED = "failed"
    """For another reason."""
    LATE = "late"
    ABSENT = "absent"
    """The runtime is not installed."""


class Past(Struct, frozen=True):
    """Why calls of a runtime go past the proxy."""

    reason: str
    remedy: str
    always: bool
    """False: some programs on it have ways of their own."""


class View(Struct, frozen=True, kw_only=True):
    """What a runtime did."""

    runtime: str
    outcome: Outcome
    said: str = ""
    """Its own words."""
    roots: str = ""
    """Where it takes its roots from: `SSL_CERT_FILE`, a file."""
    past: Past | None = None


def judge(view: View, remedy: str) -> Finding:
    """Of one runtime. `remedy`: what makes runtimes trust the proxy."""
    subject, roots = view.runtime, f" ({view.roots})" if view.roots else ""
    match view.outcome:
        case Outcome.ABSENT:
            return not_checked(subject, view.said or "it is not installed")
        case Outcome.LATE:
            return doubtful(subject, "it did not end in time", "--timeout 30 waits longer")
        case Outcome.REFUSED:
            return wrong(subject, f"refuses the proxy: {view.said}{roots}", remedy)
        case Outcome.FAILED:
            return wrong(subject, f"its call failed: {view.said}{roots}", remedy)
    if view.past is not None:
        verdict = Verdict.WRONG if view.past.always else Verdict.DOUBTFUL
        return Finding(subject, verdict, view.past.reason, view.past.remedy)
    return well(subject, f"trusts the proxy{roots}")


def remedy(at_hand: str | None, named: str) -> str:
    """The command that makes programs trust the proxy. `at_hand`: the file of its root, "" if it is this
    machine's own; None: it is not here. `named`: the option that names the proxy, or ""."""
    if at_hand is None:
        fetched = "with ca/tollway-ca.pem of the data folder of the proxy's machine"
        return f'eval "$(tollway env{named} --ca tollway-ca.pem)", {fetched}'
    return f'eval "$(tollway env{named}{f" --ca {at_hand}" if at_hand else ""})"'
