"""What is done with findings that lie over each other."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.guardrails.spotted import rule, spot
from tollway.guardrails.apart import Ruled, apart
from tollway.guardrails.found import Tier
from tollway.guardrails.rule import Do, Said
from tollway.guardrails.spot import Form


def ruled(start: int, end: int, do: Do, *, tier: Tier = Tier.CERTAIN, form: Form = Form.TEXT) -> Ruled:
    """A finding at a place, with what is to be done."""
    one = replace(
        spot("email", f"{start}-{end}", tier=tier), start=start, end=end, within=(start, end), form=form
    )
    return one, Said(do, rule({"email"}, do))


def places(found: list[Ruled]) -> list[tuple[int, int, Do]]:
    return [(one.start, one.end, said.do) for one, said in found]


def test_what_lies_apart_stays() -> None:
    both = [ruled(0, 4, Do.FLAG), ruled(4, 8, Do.REDACT)]

    assert apart(both) == both
    assert apart(both[:1]) == both[:1]
    assert apart([]) == []


def test_what_is_flagged_hides_nothing_that_is_to_go() -> None:
    """A long word that is flagged, and an address in it."""
    assert places(apart([ruled(0, 20, Do.FLAG), ruled(5, 10, Do.REDACT)])) == [(5, 10, Do.REDACT)]


def test_of_equals_the_longer_one_stays() -> None:
    assert places(apart([ruled(5, 10, Do.FLAG), ruled(0, 20, Do.FLAG)])) == [(0, 20, Do.FLAG)]


def test_what_sticks_out_goes_too() -> None:
    assert places(apart([ruled(0, 10, Do.REDACT), ruled(8, 14, Do.REDACT), ruled(12, 20, Do.REDACT)])) == [
        (0, 20, Do.REDACT)
    ]


def test_two_in_one_text_of_base64_lie_apart() -> None:
    """Their bytes are those of all of it."""
    both = [
        (replace(one, start=100, end=200), said)
        for one, said in (ruled(0, 4, Do.REDACT, form=Form.BASE64), ruled(6, 9, Do.REDACT, form=Form.BASE64))
    ]

    assert apart(both) == both


SOME = st.builds(
    lambda start, size, do, tier: ruled(start, start + size, do, tier=tier),
    st.integers(0, 40), st.integers(1, 12), st.sampled_from([Do.FLAG, Do.REDACT, Do.BLOCK]),
    st.sampled_from(Tier),
)  # fmt: skip


@given(st.lists(SOME, max_size=12))
def test_all_that_is_to_go_goes_once(some: list[Ruled]) -> None:
    found = [one for one in apart(some) if one[1].do is Do.REDACT]

    assert all(a.end <= b.start for (a, _), (b, _) in pairwise(found))
    gone = {at for one, _ in found for at in range(one.start, one.end)}
    meant = {at for one, said in some if said.do is Do.REDACT for at in range(one.start, one.end)}
    blocked = any(said.do is Do.BLOCK for _, said in some)
    assert blocked or gone == meant
