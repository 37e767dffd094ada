"""Who goes to a service, in texts that a ledger can keep."""

from tollway.discovery.sighting import LONGEST, UNKNOWN, Who, named
from tollway.model import NOBODY, Identity


def test_a_caller_is_named_as_far_as_it_is_known() -> None:
    ann = Identity(user="ann", team="search")

    assert named(ann, "curl", "10.0.0.1") == Who("ann", "search", "curl", "10.0.0.1")
    assert named(NOBODY, None, "::1") == Who(UNKNOWN, UNKNOWN, UNKNOWN, "::1")


def test_what_no_ledger_keeps_is_left_out() -> None:
    """A token may say anything."""
    odd = Identity(user="a\ud800" + "n" * 500)

    assert named(odd, None, "::1").user == "a?" + "n" * (LONGEST - 2)
