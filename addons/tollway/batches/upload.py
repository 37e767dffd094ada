"""A file of requests that is uploaded in a form, as OpenAI takes it: `purpose=batch`."""

from tollway.batches.form_file import FormFile
from tollway.batches.requests import Requests, Weigh
from tollway.batches.weight import Weight

PURPOSE = "batch"


class Upload:
    """One upload, read as it passes."""

    def __init__(self, media_type: str, weigh: Weigh) -> None:
        self._form = FormFile(media_type)
        self._requests = Requests(weigh)

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the form."""
        found = self._form.feed(data)
        if found and self._form.fields.get("purpose", PURPOSE) == PURPOSE:
            self._requests.feed(found)

    def weight(self) -> Weight | None:
        """What its requests come to; None: it is no file of requests, or for something else."""
        return self._requests.weight() if self._form.fields.get("purpose") == PURPOSE else None
