"""Files that come in steps."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.batches.cut import pieces
from tests.tollway.batches.test_requests import line, read, weigh
from tollway.batches.steps import NO_HASH, OTHER_BYTES, Step, Steps
from tollway.batches.upload import File

FILE = b"\n".join(line(n) for n in range(9))


def hash_of(data: bytes) -> str:
    """As Google states it."""
    return base64.b64encode(hashlib.sha256(data).hexdigest().encode()).decode()


def step(file: Steps, offset: int, *data: bytes) -> Step:
    """A step of these bytes."""
    found = file.step(offset)
    assert found is not None
    for one in data:
        found.feed(one)
    return found


def ended(last: Step, has: bytes = FILE) -> File | None:
    """What is known of the file, whose provider has these bytes."""
    return last.taken({"file": {"name": "files/a", "sha256Hash": hash_of(has)}})


def known() -> File:
    """The same file, read at once."""
    weight = read(FILE)
    assert weight is not None
    return File("files/a", weight)


def of(file: File | None) -> str | None:
    """Why nothing bounds it; None: something does."""
    assert file is not None
    return file.weight.unbounded


@given(st.data())
def test_it_comes_to_the_same_in_whatever_steps(data: st.DataObject) -> None:
    """Some of which are sent again, from their beginning or from anywhere before."""
    file, at, last = Steps(weigh), 0, None
    for part in pieces(FILE, data):
        again = data.draw(st.integers(0, at))
        last = step(file, again, *pieces(FILE[again : at + len(part)], data))
        at += len(part)

    assert last is not None
    assert ended(last) == known()


@given(st.integers(0, len(FILE)), st.integers(0, len(FILE)), st.data())
def test_one_that_is_cut_goes_on_from_wherever_its_provider_has_come_to(
    passed: int, taken: int, data: st.DataObject
) -> None:
    """What passed here may be more than what arrived."""
    taken = min(passed, taken)
    file = Steps(weigh)
    step(file, 0, *pieces(FILE[:passed], data))

    last = step(file, taken, *pieces(FILE[taken:], data))

    assert of(ended(last)) is None
    assert ended(last) == known()


def test_one_that_is_sent_again_while_it_still_passes_counts_once() -> None:
    file = Steps(weigh)
    slow = step(file, 0, FILE[:50])
    last = step(file, 0, FILE[:120])
    slow.feed(FILE[50:80])
    last.feed(FILE[120:])
    slow.feed(FILE[80:])

    assert ended(last) == known()


def test_bytes_that_were_other_ones_the_first_time_bound_nothing() -> None:
    """Its provider may have kept either."""
    small, large = line(1) + b"\n", line(9) + b"\n"
    file = Steps(weigh)
    step(file, 0, large)
    last = step(file, 0, small + small)

    assert of(ended(last, small + small)) == OTHER_BYTES
    assert of(ended(last, large + small)) is None


def test_what_is_behind_bytes_that_nobody_read_is_not_read() -> None:
    file = Steps(weigh)
    step(file, 0, FILE[:50])

    assert file.step(51) is None


def test_one_of_which_a_step_is_missing_bounds_nothing() -> None:
    """As where it passed another process, and no step behind it was longer."""
    file = Steps(weigh)
    last = step(file, 0, line(1) + b"\n")

    assert of(ended(last, line(1) + b"\n" + line(5))) == OTHER_BYTES


def test_several_steps_of_a_provider_that_says_no_hash_bound_nothing() -> None:
    one, two = Steps(weigh), Steps(weigh)
    at_once = step(one, 0, FILE)
    step(two, 0, FILE[:50])
    last = step(two, 50, FILE[50:])

    said = {"file": {"name": "files/a"}}
    assert of(at_once.taken(said)) is None
    assert of(last.taken(said)) == NO_HASH


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        (lambda: base64.b64encode(digest(FILE)).decode(), None),
        (lambda: digest(FILE).hex(), None),
        (lambda: digest(FILE).hex().upper(), None),
        (lambda: hash_of(FILE), None),
        (lambda: hash_of(FILE + b"\n"), OTHER_BYTES),
        (lambda: "no hash", OTHER_BYTES),
    ],
)
def test_a_hash_may_be_spelled_in_several_ways(stated: Callable[[], str], why: str | None) -> None:
    found = step(Steps(weigh), 0, FILE).taken({"file": {"name": "files/a", "sha256Hash": stated()}})

    assert of(found) == why


def test_an_answer_that_names_no_file_ends_nothing() -> None:
    assert step(Steps(weigh), 0, FILE).taken({}) is None


def test_what_is_no_file_of_requests_is_not_known() -> None:
    assert ended(step(Steps(weigh), 0, b"GIF89a"), b"GIF89a") is None


def test_what_is_kept_is_the_line_that_has_not_ended() -> None:
    file = Steps(weigh)
    step(file, 0, line() + b"\n" + b"begins")

    assert file.kept == len(b"begins")
