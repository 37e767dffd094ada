"""A call as rules see it, once for each model that it may run."""

from tollway.access.named import Named
from tollway.access.seen import Seen, Unread, views
from tollway.access.spelling import nameless, spelled
from tollway.budget.attributes import UNKNOWN_GROUPS

WHO = {"user": "ann"}


def test_it_is_seen_with_each_of_its_models() -> None:
    found = list(views(WHO, Named(("a", "b"), ("agent",))))

    assert found == [
        (Seen(WHO, spelled("a")), "a"),
        (Seen(WHO, spelled("b")), "b"),
        (Seen(WHO, nameless("agent")), "agent"),
    ]


def test_what_may_run_others_is_seen_with_an_unknown_one_too() -> None:
    assert list(views(WHO, Named(("a",), unknown="why"))) == [
        (Seen(WHO, spelled("a")), "a"),
        (Seen(WHO, Unread.UNKNOWN), ""),
    ]


def test_what_passes_unread_is_nobodys_concern() -> None:
    found = list(views(WHO, Named(unknown="why", tells_operation=False), waived=True))

    assert found == [(Seen(WHO, Unread.WAIVED, Unread.WAIVED), "")]


def test_what_runs_none_and_what_has_none_are_seen_once() -> None:
    assert list(views(WHO, Named(runs_none=True))) == [(Seen(WHO, Unread.WAIVED), "")]
    assert list(views(WHO, Named())) == [(Seen(WHO, None), "")]
    assert list(views(WHO, Named(tells_operation=False))) == [(Seen(WHO, None, Unread.UNKNOWN), "")]


def test_groups_may_be_unknown() -> None:
    assert Seen({"group": UNKNOWN_GROUPS}).groups_unknown
    assert not Seen({"group": ("a",)}).groups_unknown
