"""Why calls had no answer, in words: Tollway's own reasons, by the word that the ledger has for them."""

from collections.abc import Mapping, Sequence

from tollway.ledger.pages import Reason
from tollway.page.figures import count
from tollway.page.html import Markup
from tollway.page.table import Cells, Column, table

REFUSED: Mapping[str, str] = {
    "over_limit": "a limit had no room for it",
    "over_rate": "a rate had no room for it",
    "guardrail": "a guardrail blocks what is in it",
    "limit_cannot_hold": "a hard limit could not hold it: nobody knows what it may come to",
    "access_denied": "an access rule denies it",
    "unknown_call": "nothing reads it, and a limit or a rule may be about it",
    "batch": "a batch, which hard limits take only where the policy allows it",
    "unreadable": "its body is not what its path takes, and a limit or a rule may be about it",
    "route_not_allowed": "it asked for a route that it may not ask for",
    "log_in": "a log-in made it, or a flat plan covers it, which the policy refuses",
    "no_credential": "the policy has no key for it",
    "credential_missing": "the key that the policy names is not there",
    "credential_unfit": "the key that the policy names does not fit",
    "credential_kept": "its answer would hold a credential of the company's",
    "ledger_down": "the ledger could not be written",
    "stopping": "Tollway was stopping",
    "tollway_failed": "a step of Tollway's failed",
}
"""Calls that Tollway itself refused."""
FAILED: Mapping[str, str] = {
    "abandoned": "the client left before an answer",
    "not_connected": "the provider could not be reached",
    "not_taken": "the provider did not take the request",
    "timeout": "the provider took longer than the route gives it",
    "cut": "the connection ended before an answer",
}
"""Calls that came to nothing otherwise."""


def is_refusal(error: str | None) -> bool:
    """Whether it was Tollway that refused a call without an answer."""
    return error is not None and error not in FAILED


def words(error: str) -> str:
    """A reason in words."""
    return REFUSED.get(error) or FAILED.get(error) or error.replace("_", " ")


def refusals(reasons: Sequence[Reason]) -> int:
    """How many calls Tollway refused."""
    return sum(each.calls for each in reasons if is_refusal(each.error))


def reasons_table(reasons: Sequence[Reason], caption: str) -> Markup:
    """The reasons, the most frequent first."""
    columns = [Column("Reason"), Column("Limits that it met"), Column("By"), Column("Calls", Cells.FIGURE)]
    rows = [
        [
            words(each.error),
            ", ".join(each.limits) or "–",
            "refused by Tollway" if is_refusal(each.error) else "no answer",
            count(each.calls),
        ]
        for each in reasons
    ]
    return table(caption, columns, rows, "No call was refused, and none went without an answer.")
