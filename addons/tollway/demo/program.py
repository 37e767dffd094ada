"""The programs of the tours: `python program.py URL BODY NAME:VALUE ... [leave]`.

A process of its own, with what Python has built in, that knows nothing of Tollway: the proxy and the trusted
certificates are in its environment, as in any program's that `tollway run` starts.
"""

import json
import sys
import urllib.error
import urllib.request
from email.message import Message


def main(words: list[str]) -> None:
    """Make the call, and read its answer, or leave after the first of it; say what came.

    One line of JSON: `status`, `headers` by lower-case name, and what was read of the `body`.
    """
    url, body, *headers = words
    request = urllib.request.Request(url, body.encode(), {"content-type": "application/json"})
    for name, _, value in (header.partition(":") for header in headers if header != "leave"):
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            # read(-1) takes what is chunked as it is on the wire.
            say(answer.status, answer.headers, answer.read(300) if "leave" in headers else answer.read())
    except urllib.error.HTTPError as error:  # of the tour
        with error:
            say(error.status, error.headers, error.read())


def say(status: int | None, headers: Message, body: bytes) -> None:
    """What came, for whoever reads standard output."""
    named = {name.lower(): value for name, value in headers.items()}
    print(json.dumps({"status": status, "headers": named, "body": body.decode(errors="replace")}))


if __name__ == "__main__":
    main(sys.argv[1:])
