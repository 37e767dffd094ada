"""Which releases of Node read the proxy variables."""

import pytest

from tollway.diagnosis.node import past, reads_proxy


@pytest.mark.parametrize(
    ("version", "reads"),
    [
        ((18, 20, 8), False),
        ((20, 20, 2), False),
        ((22, 20, 0), False),
        ((22, 21, 0), True),
        ((23, 11, 0), False),
        ((24, 0, 0), True),
        ((26, 10, 0), True),
    ],
)
def test_the_versions_that_read_the_variables(version: tuple[int, ...], reads: bool) -> None:
    """The line of 23 ended before the one of 22 got it."""
    assert reads_proxy(version) is reads


def test_an_old_node_sends_calls_past_the_proxy_unless_programs_see_to_it() -> None:
    found = past((20, 20, 2), True)

    assert found is not None
    assert found.reason.startswith("fetch in Node 20.20.2 does not read HTTPS_PROXY")
    assert not found.always


def test_a_node_that_could_and_is_not_told_always_does() -> None:
    found = past((24, 1, 0), False)

    assert found is not None
    assert found.always
    assert found.remedy == "export NODE_USE_ENV_PROXY=1"


def test_a_node_that_is_told_does_not() -> None:
    assert past((24, 1, 0), True) is None
