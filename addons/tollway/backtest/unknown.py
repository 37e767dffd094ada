"""What a replay can't know of a policy and these calls, in plain sentences."""

from collections.abc import Iterator

from tollway.backtest.tally import Tally
from tollway.budget.bucket import Enforce
from tollway.money import usd
from tollway.policy.schema import Policy

CALLERS = (
    "What callers would have done: whoever is refused may try again, take a smaller model, or stop; each call"
    " stands for itself here."
)
ANSWERS = (
    "Other answers: a call that is moved, or whose answer is cut, is priced at the tokens that it used then;"
    " another model writes more or fewer, and a conversation that moves leaves its prompt cache behind."
)
REQUESTS = (
    "Requests themselves, as bodies are not kept: whether one can be moved (its format, a signature, a key of"
    " the target), has tools or images, or has a smaller bound by earlier turns."
)
UNBOUNDED = (
    "What hard limits would have held: {} of {} calls under them have no recorded bound and hold what they"
    " came to; a bound is several times that, so the last calls before an amount wait or are refused sooner."
)
STREAMS = (
    "What was held at first of {} calls that have a bound: they were streams, whose bound is recorded as it"
    " stood at the end, lowered by what the provider told."
)
LET_IN = "What calls would have cost that were refused then and are not now: {}, counted at nothing{}."
LIKELY = "; {} of them come to {} USD, if they cost what other calls of their models did"
KEPT = (
    "What else refused calls then (guardrails, unknown callers, bodies that were not read, faults): {} stay"
    " refused."
)
MERGED = (
    "What would have become of {} calls that `tollway ledger prune` has merged: they count as they were"
    " recorded."
)
GUARDRAILS = "What the policy's guardrails would find: they look at texts, which are not kept."
CACHE = (
    "What its cache would answer: which calls are the same is not recorded. Hits of then stay hits where the"
    " policy caches such calls; no others are assumed."
)
IDENTITY = "Who its `identity` would take callers for: they are who they were taken for then."
FAILURES = "What its routes do when a target fails: calls end as they ended."
SET = "What parameters that its routes set would change: calls cost what they cost then."
ON_REQUEST = "Which routes callers would ask for: what they were sent by then stays."


def unknown(policy: Policy, tally: Tally) -> tuple[str, ...]:
    """Sentences: those that matter to this policy and to what was found."""
    return tuple(_unknown(policy, tally))


def _unknown(policy: Policy, tally: Tally) -> Iterator[str]:
    total = tally.total
    if total.now.refused > tally.kept_refused:
        yield CALLERS
    if policy.routes or total.now.clamped:
        yield ANSWERS
    if policy.routes or any(limit.enforce is Enforce.HARD for limit in policy.limits):
        yield REQUESTS
    if tally.unbounded:
        yield UNBOUNDED.format(f"{tally.unbounded:,}", f"{tally.unbounded + tally.bounded:,}")
    if tally.streams:
        yield STREAMS.format(f"{tally.streams:,}")
    if (let_in := tally.let_in).calls:
        likely = (
            LIKELY.format(f"{let_in.likely_calls:,}", usd(let_in.likely_nano)) if let_in.likely_nano else ""
        )
        yield LET_IN.format(f"{let_in.calls:,}", likely)
    if tally.kept_refused:
        yield KEPT.format(f"{tally.kept_refused:,}")
    if tally.merged_calls:
        yield MERGED.format(f"{tally.merged_calls:,}")
    yield from _of_the_policy(policy)


def _of_the_policy(policy: Policy) -> Iterator[str]:
    if policy.guardrails:
        yield GUARDRAILS
    if policy.cache:
        yield CACHE
    if policy.identity:
        yield IDENTITY
    if any(rule.failing is not None for rules in policy.routes.values() for rule in rules):
        yield FAILURES
    if any(rule.settings for rules in policy.routes.values() for rule in rules):
        yield SET
    if policy.on_request:
        yield ON_REQUEST
