"""Step 9: the least change that the call needs, so that its provider takes it, and says what it used."""

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.model import Billing
from tollway.translation.thoughts import without_ours
from tollway.wire.edit import set_member

ANTHROPIC = "anthropic_messages"
CODING, LENGTH = b"content-encoding", b"content-length"


class Rewrite:
    """Adds `stream_options.include_usage` to OpenAI-Chat streams; `UsageChunk` hides what that brings.

    Usage is asked for uncompressed, since a chunk can't be cut out of a coded stream. A subscription's
    request is never changed, nor is one to a host that is not known to accept the member.

    Where a conversation comes back to Anthropic from a model of another dialect, what that one thought is
    taken out: it has no signature, and Anthropic would refuse the conversation from then on.
    """

    def request(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if flow.response or known is None or known.played is not None:
            return
        if (body := without_thoughts(known)) is not None:
            known.body = body
            replace_body(flow, body)
        if wants_usage(known):
            ask_for_usage(flow, known)


def ask_for_usage(flow: HTTPFlow, known: Exchange) -> None:
    """Put it into the request."""
    assert known.body is not None
    assert known.parsed is not None
    options = known.parsed.get("stream_options")
    options = options if isinstance(options, dict) else {}
    known.body = set_member(known.body, "stream_options", {**options, "include_usage": True})
    known.asked_for_usage = True
    replace_body(flow, known.body)
    flow.request.headers["accept-encoding"] = "identity"


def without_thoughts(known: Exchange) -> bytes | None:
    """The body without thoughts that were made here; None: it has none, or is not to be changed."""
    if known.endpoint.dialect != ANTHROPIC or known.body is None or known.parsed is None:
        return None
    if known.signed or known.billing is not Billing.METERED or known.endpoint.is_untouched:
        return None
    return without_ours(known.body, known.parsed)


def wants_usage(known: Exchange) -> bool:
    """Whether this call's answer would not say what it used, and may be asked to."""
    return (
        known.asked is not None
        and not known.asked.reports_usage
        and known.endpoint.ask_usage
        and known.billing is Billing.METERED
        and not known.endpoint.is_untouched
    )


def replace_body(flow: HTTPFlow, body: bytes) -> None:
    """Send this body instead, uncoded, with a length that is true if one was given."""
    flow.request.raw_content = body
    length = str(len(body)).encode()
    flow.request.headers.fields = tuple(
        [
            (field[0], length) if name == LENGTH else field
            for field in flow.request.headers.fields
            if (name := field[0].lower()) != CODING
        ]
    )
