"""What the cache did, as lines."""

from tests.tollway.ledger.samples import call
from tollway.demo.cache import lines
from tollway.demo.calling import Answer


def test_a_call_that_was_asked_says_whether_it_was_looked_for() -> None:
    miss, skipped = (Answer(200, headers, "") for headers in ({"x-tollway-cache": "miss"}, {}))

    assert lines.asked(miss).plain.startswith("  miss      x-tollway-cache: miss; its provider was asked")
    assert lines.asked(skipped).plain == "  asked     no x-tollway-cache: neither looked for nor kept"


def test_a_hit_says_what_the_program_was_told() -> None:
    told = {"x-tollway-cost": "0", "age": "3", "x-tollway-cache": "hit", "x-tollway-call": "06"}

    said = lines.hit(Answer(200, told, "")).plain

    assert said == "  hit       x-tollway-cache: hit, age: 3, x-tollway-cost: 0"


def test_what_was_saved_is_added_up() -> None:
    one = call(cache="hit", saved_nano=62_800_000)

    assert lines.saved([one]).plain == "  saved     $0.0628"
    assert lines.saved([one] * 4).plain == "  saved     $0.2512, 4 times $0.0628"


def test_counts_are_said_in_words() -> None:
    assert lines.waiting(4).plain == "  join      4 of them wait for the answer to the first"
    assert lines.streamed(["aä"] * 5).plain == "  streamed  to all 5 as it came: the same 3 bytes each"
    assert (lines.reached(1).plain, lines.reached(2).plain) == (
        "  provider  got 1 call so far",
        "  provider  got 2 calls so far",
    )
