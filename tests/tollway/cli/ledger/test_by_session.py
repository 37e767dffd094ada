"""Which limits of a policy are about sessions."""

from pathlib import Path

import pytest

from tollway.cli.ledger.by_session import by_session


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("limits: [{name: a, match: {session: x}}, {name: b, match: {user: x}}, {name: c}]", {"a"}),
        ("limits: [{name: a, match: [session]}, 5]", set()),
        ("limits: 5", set()),
        ("version: 1", set()),
        ("- 1", set()),
        ("", set()),
    ],
)
def test_those_that_match_by_it(tmp_path: Path, text: str, names: set[str]) -> None:
    """What else may be wrong with a policy is not for this to say."""
    (tmp_path / "p.yaml").write_text(text)

    assert by_session(tmp_path / "p.yaml") == names


def test_without_a_policy_there_are_none() -> None:
    assert by_session(None) == frozenset()
