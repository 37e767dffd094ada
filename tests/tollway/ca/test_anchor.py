"""Roots, as clients have them."""

from datetime import datetime

from tollway.ca import pem
from tollway.ca.anchor import Anchor, Anchors
from tollway.ca.authority import Authority
from tollway.ca.make import make


def test_a_root_says_of_itself_what_its_authority_does(authority: Authority) -> None:
    root = Anchor(authority.root)

    assert (root.id, root.permitted, root.ends()) == (authority.id, authority.permitted, authority.ends())
    assert root.fingerprint() == authority.fingerprint()
    assert root.covers("api.openai.com")
    assert root.uncovered(["api.openai.com", "llm.example.com"]) == ("llm.example.com",)


def test_of_two_the_first_is_the_one_that_signs_and_both_are_trusted(
    authority: Authority, now: datetime
) -> None:
    other = make([], now)
    both = Anchors((Anchor(authority.root), Anchor(other.root)))

    assert (both.id, both.ids) == (authority.id, (authority.id, other.id))
    assert both.permitted == authority.permitted
    assert pem.decode(both.root_pem()) == [*pem.decode(authority.root_pem()), *pem.decode(other.root_pem())]
