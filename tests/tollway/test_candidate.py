"""A call as it would leave."""

from msgspec.structs import replace

from tests.tollway.admitting import candidate, governing


def test_a_candidate_knows_what_a_route_would_have_to_name_to_lead_to_it() -> None:
    assert candidate(governing("")).target == "openai/gpt-4o"


def test_what_is_clamped_further_is_less() -> None:
    whole = candidate(governing(""))
    clamps = [{"clamp": 9}, {"cap": 8}, {"cap": 8, "clamp": 9}, {"cap": 1}]

    extents = [whole.extent, *(replace(whole, **each).extent for each in clamps)]
    assert extents == sorted(set(extents), reverse=True)


def test_what_was_changed_in_it_is_said_in_words() -> None:
    whole = candidate(governing(""))

    assert whole.changes == ()
    assert replace(whole, set=("seed", "top_p"), cap=3, clamp=4096).changes == (
        "set seed, top_p", "clamp 3 tool calls", "clamp 4096",
    )  # fmt: skip
