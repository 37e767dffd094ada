"""Which calls have no effect and no state at the provider, so that an answer of an earlier one is as good."""

from tollway.caching.question import Question


def why_not(question: Question) -> str | None:
    """Why a call is not cached, in words; None: it may be. Never raises, whatever the request says."""
    raise NotImplementedError
