"""Answers that Tollway gives in the provider's place, in the provider's own error shape."""

from collections.abc import Mapping

import orjson
from mitmproxy.http import HTTPFlow, Response
from msgspec.structs import replace

from tollway import exchange
from tollway.actions import Kind, kinds
from tollway.engine.last_answer import LastAnswer
from tollway.exchange import Exchange
from tollway.hooks.headers import value
from tollway.observe.outcome import UNREADABLE
from tollway.rows import done
from tollway.wire import DIALECTS, grpc

FAILED = "Tollway failed to handle this call, and did not let it pass unmetered; its log says why"


def refuse(
    flow: HTTPFlow,
    status: int,
    message: str,
    code: str,
    retry_after: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answer the flow with an error; nothing of it reaches the provider any more. The row has the code up to
    a colon.

    `x-should-retry` tells the SDKs of OpenAI and Anthropic whether to try again: only where waiting helps.
    `headers` say it in the place of `retry_after`.
    """
    known = exchange.of(flow)
    if known is not None:
        note(known, code)
    flow.request.stream = False
    again = ("x-should-retry", "false") if retry_after is None else ("retry-after", str(retry_after))
    flow.response = error_response(known, status, message, code, dict(headers or (again,)))


def note(known: Exchange, code: str) -> None:
    """Have the call's row say that it was refused, and why; a client that left was not."""
    code = code.partition(":")[0]
    known.refused = True
    known.error = code if known.error in (None, UNREADABLE) else known.error
    if not known.abandoned and Kind.BLOCK not in kinds(done(known)):
        known.ruling = replace(known.ruling, actions=(*known.ruling.actions, Kind.BLOCK.value))


def refuse_here(flow: HTTPFlow, status: int, message: str, code: str) -> None:
    """Answer with an error that the client's connection is to blame for: on another one it may try again."""
    refuse(flow, status, message, code)
    assert flow.response is not None
    flow.response = LastAnswer.of(flow.response)
    flow.response.headers["x-should-retry"] = "true"


def explain(flow: HTTPFlow, message: str, code: str) -> None:
    """Tell the client why there is no answer: 502, which SDKs try again as they do a failed connection."""
    flow.response = error_response(exchange.of(flow), 502, message, code, {})


def error_response(
    known: Exchange | None, status: int, message: str, code: str, headers: dict[str, str]
) -> Response:
    """An error as the provider would say it, with the ledger's id of the call."""
    if known is not None and known.endpoint.errors == grpc.ERRORS:
        return Response.make(
            200, b"", {**headers, **grpc.refused(status, message), "x-tollway-call": known.id}
        )
    dialect = DIALECTS.get(known.endpoint.errors) if known is not None else None
    body = dialect.error(status, message, code) if dialect else plain_error(message, code)
    headers["content-type"] = "application/json"
    if known is not None:
        headers["x-tollway-call"] = known.id
        if known.route is not None:
            headers["x-tollway-route"] = value(known.route)
    return Response.make(status, body, headers)


def refuse_failed(flow: HTTPFlow) -> None:
    """The answer where our own code failed: 503, not to be retried."""
    refuse(flow, 503, FAILED, "tollway_failed")


def plain_error(message: str, code: str) -> bytes:
    """An error where no dialect is known."""
    return orjson.dumps({"error": {"message": message, "type": "tollway_error", "code": code}})
