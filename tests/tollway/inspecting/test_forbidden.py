"""`tollway.inspecting.forbidden`: options that stay as they are."""

import pytest
from mitmproxy import exceptions
from mitmproxy.test import taddons

from tollway.inspecting.forbidden import Forbidden

REASONS = {"showhost": "it is a test", "no_such": "nor is it"}


def test_a_change_is_taken_back_with_its_reason() -> None:
    """Once they are held; others may change."""
    forbidden = Forbidden(REASONS)
    with taddons.context(forbidden) as context:
        context.options.update(showhost=True)
        forbidden.hold(context.options)

        with pytest.raises(exceptions.OptionsError, match="showhost stays as it is: it is a test"):
            context.options.update(showhost=False, ssl_insecure=True)
        context.options.update(showhost=True, http2=False)

        assert (context.options.showhost, context.options.ssl_insecure) == (True, False)
