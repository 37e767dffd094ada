"""Whether calls of Java come to the proxy."""

from tollway.diagnosis.java import past


def test_it_needs_properties() -> None:
    found = past(False)

    assert past(True) is None
    assert found is not None
    assert "-Dhttps.proxyHost" in found.reason
    assert not found.always  # a program may set it by itself
