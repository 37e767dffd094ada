"""Batches as OpenAI, Anthropic, Gemini and Mistral have them, their files and results: all that is kept.

A batch goes on until `finish`; then each of its requests has the answer that it would have had by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from re import fullmatch
from typing import Any

import orjson

from tests.simulator.dialects.dialect import CREATED, numbered
from tests.simulator.form import fields
from tests.simulator.routes import DIALECTS, route
from tests.simulator.scenario import DEFAULT, Scenario
from tests.simulator.seen import Seen
from tests.simulator.uploads import Uploads

Made = tuple[int, bytes] | tuple[int, bytes, tuple[tuple[str, str], ...]]
"""Status and body, and headers, if there are any."""


@dataclass(slots=True)
class Batch:
    """One batch."""

    id: str
    api: str
    requests: list[tuple[str, str, Mapping[str, Any]]]
    """What the caller calls it, its path and its body."""
    scenario: Scenario | None = None
    """Under which it was answered; None: it goes on."""
    failed: int = 0
    """How many of its requests, from the first, failed."""
    in_file: bool = False
    """Its requests came in a file, and its results go into one (Gemini)."""


@dataclass(slots=True)
class Batches:
    """All files and batches."""

    reports_usage: bool = True
    """OpenAI's batches say what all of their answers used."""
    files: dict[str, bytes] = field(default_factory=dict)
    made: dict[str, Batch] = field(default_factory=dict)
    uploads: Uploads = field(init=False)
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.uploads = Uploads(self.files, self._numbers)

    def finish(self, scenario: Scenario = DEFAULT, failed: int = 0) -> None:
        """Answer all requests of all batches, but for the first so many of each."""
        for batch in self.made.values():
            batch.scenario, batch.failed = scenario, failed
            self.files[f"{batch.id}-out"] = b"".join(map(_line, self.results(batch)))

    def answer(self, seen: Seen) -> Made | None:
        """The answer to a request that is about batches; None for others, and for one too long to be kept."""
        if not seen.body.whole:
            return None
        for method, pattern, made in (
            ("POST", r".*/v1/files", self._upload),
            ("GET", r".*/v1/files/([^/]+)/content", self._content),
            ("POST", r".*/v1/(?:messages/)?(?:batches|batch/jobs)", self._create),
            ("GET", r".*/v1/(messages/)?(batches|batch/jobs)", self._list),
            ("GET", r"/v1beta/batches", self._list_gemini),
            ("GET", r".*/v1/(?:messages/)?(?:batches|batch/jobs)/([^/]+)", self._show),
            ("GET", r".*/v1/messages/batches/([^/]+)/results", self._results),
            ("POST", r"/upload/v1beta/files", self.uploads.step),
            ("POST", r".*/v1/uploads", self.uploads.begin),
            ("POST", r".*/v1/uploads/([^/]+)/parts", self.uploads.part),
            ("POST", r".*/v1/uploads/([^/]+)/complete", self.uploads.complete),
            ("POST", r".*/v1/uploads/([^/]+)/cancel", self.uploads.cancel),
            ("GET", r"/download/v1beta/files/([^/]+):download", self._content),
            ("POST", r"/v1beta/models/([^/]+):batchGenerateContent", self._create_gemini),
            ("GET", r"/v1beta/batches/([^/]+)", self._show),
        ):
            if seen.method == method and (found := fullmatch(pattern, seen.path)) is not None:
                act: Callable[..., Made | None] = made
                try:
                    return act(seen, *found.groups())
                except (ValueError, KeyError, TypeError, AttributeError):
                    return None  # it is no request for any of this
        return None

    def results(self, batch: Batch) -> list[Mapping[str, Any]]:
        """Of all its requests, in their order."""
        return [_result(batch, place, *request) for place, request in enumerate(batch.requests)]

    def _upload(self, seen: Seen) -> Made | None:
        form = fields(seen.decoded, seen.header("content-type") or "")
        file = form.get("file")
        if file is None or form.get("purpose") != "batch":
            return None
        id = f"file-{next(self._numbers)}"
        self.files[id] = file if isinstance(file, bytes) else str(file).encode()
        return 200, orjson.dumps({"id": id, "object": "file", "purpose": "batch", "created_at": CREATED})

    def _create_gemini(self, seen: Seen, model: str) -> Made:
        config, path = seen.json["batch"]["inputConfig"], f"/v1beta/models/{model}:generateContent"
        if (file := config.get("fileName")) is not None:
            lines = self.files[file.removeprefix("files/")].splitlines()
            asked = [(one["key"], one["request"]) for one in map(orjson.loads, lines)]
        else:
            asked = [(one["metadata"]["key"], one["request"]) for one in config["requests"]["requests"]]
        id = f"g{next(self._numbers)}"
        self.made[id] = Batch(
            id, "gemini", [(key, path, request) for key, request in asked], in_file=bool(file)
        )
        return 200, orjson.dumps(self._object(self.made[id]))

    def _content(self, seen: Seen, id: str) -> Made:
        return (200, self.files[id]) if id in self.files else (404, _NOT_FOUND)

    def _create(self, seen: Seen) -> Made | None:
        body = seen.json
        named = {"/messages/": "anthropic", "/batch/jobs": "mistral"}
        api = next((api for part, api in named.items() if part in seen.path), "openai")
        files = body.get("input_files") or [body.get("input_file_id")]
        if api == "anthropic":
            found = [(one["custom_id"], "/v1/messages", one["params"]) for one in body["requests"]]
        elif "requests" in body:
            path, more = body["endpoint"], {"model": body.get("model")}
            found = [(one["custom_id"], path, {**more, **one["body"]}) for one in body["requests"]]
        elif not all(file in self.files for file in files):
            return 400, _NOT_FOUND
        else:
            lines = [orjson.loads(line) for file in files for line in self.files[file].splitlines() if line]
            more = {"model": body["model"]} if "model" in body else {}
            path = body.get("endpoint", "")
            found = [(one["custom_id"], one.get("url", path), {**more, **one["body"]}) for one in lines]
        id = f"{'msgbatch' if api == 'anthropic' else 'batch'}_{next(self._numbers)}"
        self.made[id] = Batch(id, api, found)
        return 200, orjson.dumps(self._object(self.made[id]))

    def _show(self, seen: Seen, id: str) -> Made:
        return (200, orjson.dumps(self._object(self.made[id]))) if id in self.made else (404, _NOT_FOUND)

    def _list(self, seen: Seen, messages: str | None, jobs: str) -> Made:
        api = "anthropic" if messages else "mistral" if jobs != "batches" else "openai"
        return 200, orjson.dumps({"object": "list", "data": self._objects(api)})

    def _list_gemini(self, seen: Seen) -> Made:
        return 200, orjson.dumps({"operations": self._objects("gemini")})

    def _objects(self, api: str) -> list[Mapping[str, Any]]:
        return [self._object(batch) for batch in self.made.values() if batch.api == api]

    def _results(self, seen: Seen, id: str) -> Made:
        batch = self.made.get(id)
        if batch is None or batch.scenario is None:
            return 404, _NOT_FOUND
        return 200, self.files[f"{id}-out"]

    def _object(self, batch: Batch) -> Mapping[str, Any]:
        total, ended = len(batch.requests), batch.scenario is not None
        answered = total - batch.failed if ended else 0
        if batch.api == "anthropic":
            counts = {"processing": 0 if ended else total, "succeeded": answered, "errored": batch.failed}
            url = f"https://api.anthropic.com/v1/messages/batches/{batch.id}/results" if ended else None
            return {
                "id": batch.id,
                "type": "message_batch",
                "processing_status": "ended" if ended else "in_progress",
                "request_counts": {**counts, "canceled": 0, "expired": 0},
                "results_url": url,
            }
        if batch.api == "gemini":
            return self._operation(batch)
        output = f"{batch.id}-out" if ended else None
        if batch.api == "mistral":
            return {
                "id": batch.id,
                "object": "batch",
                "status": "SUCCESS" if ended else "RUNNING",
                "model": batch.requests[0][2].get("model") if batch.requests else None,
                "output_file": output,
                "total_requests": total,
                "succeeded_requests": answered,
                "failed_requests": batch.failed,
            }
        counts = {"total": total, "completed": answered, "failed": batch.failed}
        made = {
            "id": batch.id,
            "object": "batch",
            "status": "completed" if ended else "in_progress",
            "output_file_id": output,
            "request_counts": counts,
        }
        used = batch.scenario.usage if batch.scenario is not None else None
        if not self.reports_usage or used is None:
            return made
        usage = {name: used.count(name) * answered for name in ("input_tokens", "output_tokens")}
        return {**made, "model": batch.requests[0][2]["model"], "usage": usage}

    def _operation(self, batch: Batch) -> Mapping[str, Any]:
        ended = batch.scenario is not None
        stats = {"requestCount": str(len(batch.requests))}
        if ended:
            stats["successfulRequestCount"] = str(len(batch.requests) - batch.failed)
        state = "BATCH_STATE_SUCCEEDED" if ended else "BATCH_STATE_PENDING"
        made = {"name": f"batches/{batch.id}", "metadata": {"state": state, "batchStats": stats}}
        if not ended:
            return made
        output: Mapping[str, Any] = {"responsesFile": f"files/{batch.id}-out"}
        if not batch.in_file:
            output = {"inlinedResponses": {"inlinedResponses": self.results(batch)}}
        return {**made, "done": True, "response": output}


_NOT_FOUND = b'{"error":{"message":"There is none.","type":"invalid_request_error","code":null}}'


def _result(batch: Batch, place: int, mark: str, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    name = route("POST", path)
    assert name is not None
    assert batch.scenario is not None
    dialect = DIALECTS[name]
    asked = dialect.ask(path, "", body)
    said = orjson.loads(numbered(dialect.whole(asked, batch.scenario), place))
    failed = place < batch.failed
    if batch.api == "anthropic":
        result = {"type": "errored", "error": {}} if failed else {"type": "succeeded", "message": said}
        return {"custom_id": mark, "result": result}
    if batch.api == "gemini":
        found = {"error": {"code": 400}} if failed else {"response": said}
        return {"key": mark, **found} if batch.in_file else {"metadata": {"key": mark}, **found}
    response = {"status_code": 400 if failed else 200, "body": {} if failed else said}
    return {"id": f"batch_req_{place}", "custom_id": mark, "response": response, "error": None}


def _line(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value) + b"\n"
