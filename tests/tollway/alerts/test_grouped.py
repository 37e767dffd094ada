"""Several of a kind are one."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.alerts.alert import Alert, Kind
from tollway.alerts.grouped import MANY, SHOWN, grouped, headline, rest


def alert(text: str, kind: Kind = Kind.FORECAST, at_us: int = 5) -> Alert:
    """One."""
    return Alert(kind=kind, text=text, at_us=at_us, fields={"limit": text})


def test_one_stays_as_it_is() -> None:
    one = alert("one")

    assert grouped([one]) == (one,)
    assert (headline(one), rest(one)) == ("one", "")


def test_several_are_a_sentence_and_a_list() -> None:
    one, two = alert("one"), alert("two", at_us=9)

    (both,) = grouped([one, two])

    assert both.text == "2 limits will be exceeded at this pace: one; two"
    assert headline(both) == "2 limits will be exceeded at this pace"
    assert (both.kind, both.at_us, both.parts) == (Kind.FORECAST, 9, (one, two))


def test_a_sentence_has_the_first_of_very_many() -> None:
    (all_,) = grouped([alert(f"a{n}") for n in range(SHOWN + 3)])

    assert all_.text.endswith(f"; a{SHOWN - 1}; and 3 more")
    assert len(all_.parts) == SHOWN + 3
    assert rest(all_) == "and 3 more"


def test_each_kind_has_its_words() -> None:
    assert MANY.keys() == set(Kind)


@given(st.lists(st.tuples(st.sampled_from(Kind), st.text(max_size=3)), max_size=40))
def test_none_is_lost_and_to_do_it_again_changes_nothing(said: list[tuple[Kind, str]]) -> None:
    alerts = [alert(text, kind) for kind, text in said]
    found = grouped(alerts)

    assert [one.kind for one in found] == list(dict.fromkeys(kind for kind, _ in said))
    assert sorted(part.text for one in found for part in one.each) == sorted(text for _, text in said)
    assert grouped(found) == found
