"""Where a conversation has its cache, as its turns end. tests/tollway/test_switching.py has what follows."""

from typing import Any

from msgspec.structs import replace

from tests.tollway.admitting import NOW_US, asked, candidate, governing
from tollway.accounting import Accounting
from tollway.candidate import Candidate
from tollway.model import Usage
from tollway.prices import PriceBook
from tollway.routing.caching import FIVE_MINUTES_US
from tollway.staying import Stay, Staying

POLICY = governing("")
TURN = {"role": "user", "content": "word " * 400}


def turn(*more: dict[str, str], at_us: int = NOW_US, session: str = "s", **changes: Any) -> Candidate:
    """A conversation so far."""
    body = {"model": "gpt-4o", "max_tokens": 50, "session_id": session, "messages": [TURN, *more], **changes}
    return candidate(POLICY, asked(body, started_us=at_us))


def staying() -> Staying:
    return Staying(Accounting(PriceBook(), lambda: 0))


def told(memory: Staying, of: Candidate, model: str = "gpt-4o") -> None:
    """Its answer reports that most was read from the cache."""
    learn = memory.learner(of)
    assert learn is not None
    learn(replace(of.row, model=model, usage=Usage(input_tokens=2_100, cache_read_tokens=2_048)))


def stay(memory: Staying, of: Candidate, here: Candidate | None) -> Stay | None:
    return memory.stay(of, lambda target: here)


NEXT = ({"role": "assistant", "content": "Yes."}, {"role": "user", "content": "Why?"})
MINI = turn(*NEXT, model="gpt-4o-mini")


def test_the_next_turn_knows_where_its_conversation_has_its_cache() -> None:
    """To leave it costs 2,048 * (2,500 - 1,250) nano-dollars; what is new are 15 tokens."""
    memory, here = staying(), turn(*NEXT)
    told(memory, turn())
    found = stay(memory, here, here)

    assert found is not None
    assert found.waits(here) is None
    assert found.waits(MINI) is None  # which saves 2,350 a token
    dearer = turn(*NEXT, model="gpt-4.5-preview")
    waits = found.waits(dearer)
    assert waits is not None
    assert waits.here == replace(here, stays=True)
    assert (waits.target, waits.sums.loses) == ("openai/gpt-4.5-preview", 2_048 * 1_250)
    assert str(waits).startswith("openai/gpt-4.5-preview would lose 0.00256 USD of cache reads and save -")


def test_who_can_not_stay_there_may_go() -> None:
    memory = staying()
    told(memory, turn(), model="gpt-5")
    found = stay(memory, turn(*NEXT), None)

    assert found is not None
    assert found.waits(turn(*NEXT, model="gpt-4.5-preview")) is None


def test_a_conversation_starts_anew_in_another_session_and_when_its_cache_is_gone() -> None:
    memory = staying()
    told(memory, turn())
    late = NOW_US + FIVE_MINUTES_US

    assert stay(memory, turn(*NEXT, at_us=late - 1), None) is not None
    assert stay(memory, turn(*NEXT, at_us=late), None) is None
    assert stay(memory, turn(*NEXT, session="t"), None) is None


def test_what_can_not_be_followed_from_turn_to_turn_is_not_remembered() -> None:
    """Here the provider cuts what is too long; or it is too small for a cache."""
    assert staying().learner(turn(truncation="auto")) is None
    assert staying().learner(candidate(POLICY)) is None


def test_a_turn_of_which_nothing_is_cached_teaches_nothing() -> None:
    memory, first = staying(), turn()
    learn = memory.learner(first)
    assert learn is not None
    learn(replace(first.row, usage=Usage(input_tokens=2_100, cache_read_tokens=0)))

    assert stay(memory, turn(*NEXT), None) is None
