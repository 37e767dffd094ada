"""A program as users have them: it knows nothing of any proxy but what its environment says.

    python caller.py call URL BODY [NAME:VALUE ...] call ...

Each answer's status is printed. A body of "-" is a GET; `leave:` among the headers: leave after the first
bytes of the answer.
"""

import sys
import urllib.error
import urllib.request


def main() -> None:
    """Make the calls, one after another."""
    calls: list[list[str]] = []
    for word in sys.argv[1:]:
        if word == "call":
            calls.append([])
        else:
            calls[-1].append(word)
    for url, body, *headers in calls:
        print(call(url, body, [header for header in headers if header != "leave:"], "leave:" in headers))


def call(url: str, body: str, headers: list[str], leave: bool) -> int:
    """One call; its status."""
    request = urllib.request.Request(url, None if body == "-" else body.encode())
    request.add_header("content-type", "application/json")
    for name, _, value in (header.partition(":") for header in headers):
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            answer.read(20 if leave else -1)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.read()
        error.close()
        return error.code


if __name__ == "__main__":
    main()
