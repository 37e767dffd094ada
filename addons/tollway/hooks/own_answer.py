"""An answer of the proxy's own: to the caller alone, and to nothing that a browser has open beside it."""

from mitmproxy.http import Response

from tollway.page.answer import Answer
from tollway.page.style import POLICY

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "vary": "accept, user-agent",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""No cache keeps it; no page of another origin reads it, frames it, or learns by a link where one was."""


def own_answer(answer: Answer, head: bool) -> Response:
    """The response; to a HEAD without its body, whose length it says."""
    more = {name.replace("_", "-"): value for name, value in answer.headers.items()}
    response = Response.make(
        answer.status, b"" if head else answer.body, {**HEADERS, "content-type": answer.kind, **more}
    )
    response.headers["content-length"] = str(len(answer.body))
    return response
