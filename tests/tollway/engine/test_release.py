"""A mitmproxy that moved what the engine overrides is refused by name, before anything listens."""

import re
from types import SimpleNamespace

import pytest
from mitmproxy import version
from mitmproxy.proxy.layers import http as http_layers

from tollway.engine.release import NEEDED, TRIED, check
from tollway.errors import TollwayError


def test_the_installed_release_has_all_that_is_needed() -> None:
    """Of the line that these tests pin."""
    check()

    assert version.VERSION.startswith(f"{TRIED}.")


def test_a_release_that_moved_something_is_refused() -> None:
    """Each missing name is said, and what to install."""

    class Moved:
        kept = 1

    needed = [(Moved, "kept"), (Moved, "gone"), (http_layers.HttpStream, "no_such_method")]
    with pytest.raises(TollwayError) as refused:
        check(needed)

    assert str(refused.value) == (
        f"mitmproxy {version.VERSION} lacks Moved.gone, HttpStream.no_such_method, which Tollway's engine "
        "overrides; install a release of the 12.2 line (pip install 'mitmproxy>=12.2,<13')"
    )


@pytest.mark.parametrize(("owner", "name"), NEEDED, ids=lambda part: getattr(part, "__name__", part))
def test_each_name_is_missed_where_it_is_missing(owner: object, name: str) -> None:
    """None of the list is there for nothing: without it, the check fails."""
    without = SimpleNamespace(**dict.fromkeys(set(dir(owner)) - {name}, 1) | {"__name__": "Owner"})

    with pytest.raises(TollwayError, match=re.escape(f"lacks Owner.{name}, which")):
        check([(without, name)])


def test_nothing_needed_is_nothing_missing() -> None:
    """The check asks for what it is given only."""
    check([])
