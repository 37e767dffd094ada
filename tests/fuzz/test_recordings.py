"""No file of recorded traffic makes Tollway raise, whatever became of it."""

import io
import json
from collections.abc import Callable

from hypothesis import given, note
from hypothesis import strategies as st
from mitmproxy.http import Headers
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow, tutils

from tests.fuzz.cases import Case, cases
from tests.fuzz.claims import holds_of_cost, holds_of_usage
from tests.golden.golden import Golden
from tests.golden.har import har
from tests.golden.road import book, registry
from tollway.errors import TollwayError
from tollway.recorded.document import as_text
from tollway.recorded.file import Recording
from tollway.recorded.pricing import FAILED, price
from tollway.wire.counts import MOST


def flows(golden: Golden) -> bytes:
    """A file of mitmproxy's that has the exchange, and another flow behind it."""
    at, document = golden.at.timestamp(), golden.document
    request = tutils.treq(
        method=document["method"].encode(),
        headers=Headers([(k.encode(), v.encode()) for k, v in golden.request_headers.items()]),
        content=golden.request,
        timestamp_start=at,
        timestamp_end=at,
    )
    request.url = document["uri"]
    answer = tutils.tresp(
        status_code=document["status"],
        headers=Headers([(k.encode(), v.encode()) for k, v in golden.response_headers.items()]),
        content=golden.answer,
    )
    file = io.BytesIO()
    writer = FlowWriter(file)
    writer.add(tflow.tflow(req=request, resp=answer))
    writer.add(tflow.ttcpflow())
    return file.getvalue()


@given(case=cases, written=st.sampled_from([har, flows]))
def test_a_file_is_priced_whatever_became_of_it(case: Case, written: Callable[[Golden], bytes]) -> None:
    """Its entries, or why there are none."""
    data = case.changed(written(case.golden))
    note(f"file: {data[:6000]!r}")
    try:
        calls = price(Recording(io.BytesIO(data)), registry(), book(), now_us=0)
    except TollwayError:  # it is damaged as a whole
        return

    json.loads(as_text(calls))
    for call in calls:
        assert call.reason != FAILED
        if call.record is not None:
            holds_of_usage(call.record.usage, MOST * (1 + len(data)))
            holds_of_cost(call.record.cost)
