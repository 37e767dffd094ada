"""The content view: a request or an answer as a conversation, and what the call used and cost."""

from collections.abc import Callable

from mitmproxy.contentviews import Contentview, Metadata
from mitmproxy.http import HTTPFlow, Message, Response

from tollway import exchange
from tollway.hooks.headers import plain
from tollway.inspection import Conversation, as_text, read_answer, read_request
from tollway.inspection.said import Outcome, table
from tollway.model import Endpoint, Kind
from tollway.providers.recognise import recognise
from tollway.providers.registry import Registry
from tollway.wire.coding import decoder

DECODED = 16 * 2**20
"""Bytes of a body that are decoded."""
FIRST = 5.0
"""mitmproxy takes the view that says the most; its own say 2 at most."""
TOO_LONG = "only the beginning of the answer was kept"
NOT_DECODED = "the body is not coded as it says, or too long: this is what of it could be read"


class ConversationView(Contentview):
    """Shows calls of AI models, of flows that pass and of flows that are read from a file."""

    name = "Conversation"

    def __init__(
        self,
        registry: Registry,
        call_of: Callable[[HTTPFlow], Outcome | None] = lambda flow: None,
        is_cut: Callable[[HTTPFlow], bool] = lambda flow: False,
    ) -> None:
        """`call_of` knows what a call used and cost, `is_cut` whether all of its answer was kept."""
        self._registry = registry
        self._call_of = call_of
        self._is_cut = is_cut

    def render_priority(self, data: bytes, metadata: Metadata) -> float:
        """First of all for calls of AI models."""
        return FIRST if data and self._dialect(metadata) is not None else -1

    def prettify(self, data: bytes, metadata: Metadata) -> str:
        """The text. What can't be read is a remark."""
        message, flow = metadata.http_message, metadata.flow
        if message is None or not isinstance(flow, HTTPFlow):
            raise ValueError("no call of an AI model")
        body, remarks = decoded(message)
        kind, dialect = message.headers.get("content-type", ""), self._dialect(metadata)
        if not isinstance(message, Response):
            return as_text(read_request(dialect, body, kind).followed_by(Conversation(remarks=remarks)))
        if self._is_cut(flow):
            remarks = (*remarks, TOO_LONG)
        said = as_text(read_answer(dialect, body, kind).followed_by(Conversation(remarks=remarks)))
        call = self._call_of(flow)
        return said if call is None else f"{table(call)}\n{said}"

    def _dialect(self, metadata: Metadata) -> str | None:
        """What the message is written in; "": whatever it is. None: it is no call of a model's."""
        flow = metadata.flow
        if not isinstance(flow, HTTPFlow) or metadata.http_message is None:
            return None
        known = exchange.of(flow)
        if known is not None and known.translated is not None and metadata.http_message is flow.response:
            return ""  # the client's
        endpoint = known.endpoint if known is not None else self._endpoint(flow)
        is_call = endpoint is not None and endpoint.kind is Kind.INFERENCE
        return (endpoint.dialect or "") if is_call and endpoint is not None else None

    def _endpoint(self, flow: HTTPFlow) -> Endpoint | None:
        request = flow.request
        return recognise(self._registry, request.host, request.port, request.method, request.path)


def decoded(message: Message) -> tuple[bytes, tuple[str, ...]]:
    """The body without its content codings, as far as it came; and what there is to remark."""
    raw, coding = message.raw_content or b"", plain(message.headers).get("content-encoding", "")
    decoding = decoder(coding, DECODED)
    if decoding is None:
        return raw, (f"the body's coding is unknown: {coding[:100]}",)
    found = decoding.feed(raw)
    return found, (NOT_DECODED,) if decoding.broken or decoding.exceeded else ()
