"""A post is signed as Stripe signs."""

import hmac
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.alerts.signature import TOLERANCE_SECONDS, is_signed, signature

SECRET, BODY, AT = b"made-up secret of a webhook", b'{"text": "one"}', 1_795_521_600


def test_the_mark_is_over_the_time_and_the_body() -> None:
    expected = hmac.new(SECRET, b"1795521600." + BODY, sha256).hexdigest()

    assert signature(SECRET, BODY, AT) == f"t=1795521600,v1={expected}"


@given(st.binary(), st.binary(min_size=1), st.integers(0, 10**11), st.integers(-300, 300))
def test_what_is_signed_is_taken_for_five_minutes(secret: bytes, body: bytes, at: int, later: int) -> None:
    header = signature(secret, body, at)

    assert is_signed(header, secret, body, at + later)
    assert not is_signed(header, secret + b"x", body, at)
    assert not is_signed(header, secret, body[1:], at)
    assert not is_signed(header, secret, body, at + TOLERANCE_SECONDS + 1)


@given(st.text(max_size=80))
def test_no_other_header_is(header: str) -> None:
    assert not is_signed(header, SECRET, BODY, AT)
    assert not is_signed(f"t={AT},v1={header}", SECRET, BODY, AT)


@pytest.mark.parametrize("time", ["", "²", "-1", "1" * 13, "1795521601"])
def test_another_time_is_another_mark(time: str) -> None:
    mark = signature(SECRET, BODY, AT).partition(",")[2]

    assert not is_signed(f"t={time},{mark}", SECRET, BODY, AT)


def test_the_readmes_five_lines_check_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[3] / "policies" / "README.md").read_text("utf-8")
    (code,) = [each for each in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "hmac" in each]
    named: dict[str, Any] = {}
    exec(code, named)
    monkeypatch.setattr(named["time"], "time", lambda: float(AT + 299))

    check, header = named["is_tollways"], signature(SECRET, BODY, AT)

    assert len(code.partition("def ")[2].strip().splitlines()) <= 5
    assert check(SECRET, header, BODY)
    assert not check(b"another", header, BODY)
    assert not check(SECRET, header, BODY + b" ")
    monkeypatch.setattr(named["time"], "time", lambda: float(AT + 301))
    assert not check(SECRET, header, BODY)
