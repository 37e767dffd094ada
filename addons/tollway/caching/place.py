"""Where a call's answer is looked for, and kept: one step of the core for the hook that looks up."""

from msgspec import Struct

from tollway.caching.eligible import why_not
from tollway.caching.key import key
from tollway.caching.question import Question
from tollway.caching.recorded import Recorded
from tollway.caching.rule import Offer
from tollway.caching.wishes import Wishes


class Place(Struct, frozen=True, kw_only=True):
    """For one call."""

    key: bytes
    """32 bytes. Identical calls in flight have the same one, so that they can share an answer."""
    offer: Offer
    ttl_us: int
    """The rule's, or what the caller asks for, if that is less."""

    def holds(self, found: Recorded, now_us: int) -> bool:
        """Whether an answer is young enough for this call: by what the policy says now, not then.

        One from the future (a clock was set back) is as old as can be told: it holds until it is over.
        """
        return now_us < found.until_us and now_us - found.made_us < self.ttl_us


def place(question: Question, offer: Offer, asks: Wishes) -> Place | str:
    """The place of a call's answer; a text: why it is not cached."""
    if (why := asks.why_not or why_not(question)) is not None:
        return why
    found = key(question, offer.scope, asks.key, offer.rule.ignored)
    if isinstance(found, str):
        return found
    ttl_us = offer.rule.ttl_us if asks.ttl_us is None else min(asks.ttl_us, offer.rule.ttl_us)
    return Place(key=found, offer=offer, ttl_us=ttl_us)
