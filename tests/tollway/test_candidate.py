"""A call as it would leave."""

from tests.tollway.admitting import candidate, governing


def test_a_candidate_knows_what_a_route_would_have_to_name_to_lead_to_it() -> None:
    assert candidate(governing("")).target == "openai/gpt-4o"
