"""What the client is told where the provider gave no answer: why, in the provider's own error shape."""

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.hooks.refusal import explain


class Explain:
    """Answers a call whose connection failed before anything of an answer was passed on."""

    def error(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is None or flow.response is not None or flow.error is None:
            return
        host = flow.request.host
        if known.error == "not_taken":
            explain(flow, f"{host} did not take the request: {flow.error.msg}; try again", "not_taken")
        elif known.left:
            explain(flow, f"{host} gave no answer: {flow.error.msg}", "no_answer")
        else:
            explain(flow, f"Tollway can't reach {host}: {flow.error.msg}", "not_connected")
