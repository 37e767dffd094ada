"""The programs of the tour: `python program.py URL BODY NAME:VALUE ... [leave]`.

A process of its own, with what Python has built in, that knows nothing of Tollway: the proxy and the trusted
certificates are in its environment, as in any program's that `tollway run` starts.
"""

import sys
import urllib.error
import urllib.request


def main(words: list[str]) -> None:
    """Make the call, and read its answer; or leave after the first of it."""
    url, body, *headers = words
    request = urllib.request.Request(url, body.encode(), {"content-type": "application/json"})
    for name, _, value in (header.partition(":") for header in headers if header != "leave"):
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read(300 if "leave" in headers else -1)
    except urllib.error.HTTPError as error:
        error.close()  # of the tour


if __name__ == "__main__":
    main(sys.argv[1:])
