"""Takes out of a request what guardrails want taken out, and remembers what its answer is to have back."""

from collections.abc import Mapping
from functools import partial

from mitmproxy.http import HTTPFlow
from msgspec import Struct
from msgspec.structs import replace

from tollway.exchange import Exchange
from tollway.guardrails.allowed import hashed
from tollway.guardrails.answering import Guards
from tollway.guardrails.placeholder import placeholder
from tollway.guardrails.redact import redacted
from tollway.guardrails.verdict import Verdict
from tollway.hooks.read import hinted
from tollway.hooks.rewrite import replace_body
from tollway.wire.request_body import parsed


class Taken(Struct, frozen=True):
    """What is taken out of a request."""

    body: bytes
    """Without it."""
    back: Mapping[str, str]
    """By its placeholder, each value that its answer is to have back."""

    def __repr__(self) -> str:
        return f"Taken({len(self.body)} bytes, {len(self.back)} back)"


def taken(known: Exchange, said: Verdict, key: bytes) -> Taken:
    """Placeholders for values, the same ones in each turn of a session. Changes nothing yet."""
    assert known.body is not None
    made = redacted(known.body, said.redact, partial(placeholder, key, scope(known)))
    back = {mask: value for mask, value in made.taken.items() if hashed(key, value) in said.restore}
    return Taken(made.body, back)


def redact(flow: HTTPFlow, known: Exchange, said: Verdict, made: Taken) -> None:
    """Take it out. What is put back is known as long as the call runs, and to nobody else."""
    if made.back:
        known.guards = replace(known.guards or Guards(), taken=made.back, never_into=said.never_into)
    known.body = made.body
    known.parsed = parsed(made.body, known.media_type)
    if known.dialect is not None and known.parsed is not None and known.asked is not None:
        known.asked = hinted(known, known.dialect.read_request(known.endpoint, known.parsed))
    replace_body(flow, made.body)


def scope(known: Exchange) -> str:
    """Within which equal values have equal placeholders: the session, else the credential, else the client's
    address."""
    session = known.session if known.asked is None else known.asked.session
    return session or known.credential or known.client or ""
