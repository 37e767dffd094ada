"""The calls of a file as JSON."""

import json
from collections.abc import Sequence

from tollway.recorded import call, total
from tollway.recorded.call import Call


def as_text(calls: Sequence[Call]) -> str:
    """`{"calls": [...], "total": {...}}`, a call a line: see `call.as_json` and `total.as_json`.

    ASCII, since texts of a file may have what no encoding can say.
    """
    lines = ",\n".join(f"    {json.dumps(call.as_json(each))}" for each in calls)
    listed = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "calls": {listed},\n  "total": {json.dumps(total.as_json(calls))}\n}}'
