"""What guardrails found, as a column."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import Finding
from tollway.ledger.findings import MOST, read, written

FINDINGS = st.builds(
    Finding,
    kind=st.sampled_from(["card", "github_token"]),
    at=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    times=st.integers(1, 9),
    mark=st.text("0123456789abcdef", max_size=32),
    do=st.sampled_from([Do.FLAG, Do.REDACT, Do.BLOCK]),
    by=st.text("abc", min_size=1),
    shadow=st.booleans(),
    text=st.sampled_from(["request", "response"]),
)


@given(st.lists(FINDINGS, max_size=5).map(tuple))
def test_what_is_written_is_read_as_the_same(findings: tuple[Finding, ...]) -> None:
    assert read(written(findings)) == findings


def test_of_very_many_the_strictest_are_kept() -> None:
    flagged = [Finding(kind="card", do=Do.FLAG, by="a")] * MOST
    blocked = Finding(kind="card", do=Do.BLOCK, by="b")
    would = Finding(kind="card", do=Do.BLOCK, by="c", shadow=True)

    found = read(written([would, *flagged, blocked]))

    assert len(found) == MOST
    assert found[0] == blocked
    assert would not in found
