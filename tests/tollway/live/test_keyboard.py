"""Keys, as terminals send them."""

import os
import pty
import termios

import pytest

from tollway.live.keyboard import Keyboard, raw, split


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("q", ["q"]),
        ("jk?", ["j", "k", "?"]),
        ("\x1b[A\x1b[B\x1bOA", ["up", "down", "up"]),
        ("\x1b", ["esc"]),
        ("\x1b[5~j", ["pageup", "j"]),
        ("\r\n\x7f\x08\x03", ["enter", "enter", "backspace", "backspace", "ctrl-c"]),
        ("\x1b[1;5Cq", ["q"]),
        ("\x1b[", []),
        ("\x1b[\x03", ["ctrl-c"]),
        ("\x01é", ["é"]),
        ("", []),
    ],
)
def test_what_is_sent_at_once_is_cut_into_keys(sent: str, keys: list[str]) -> None:
    """Unknown ones are none, and take nothing of what follows."""
    assert list(split(sent)) == keys


def test_keys_come_at_once_and_the_terminal_is_put_back() -> None:
    """Without waiting for a line's end, a character in two parts too."""
    outside, inside = pty.openpty()
    before = termios.tcgetattr(inside)
    with raw(inside) as keyboard:
        os.write(outside, b"j\xc3")
        assert keyboard.wait(60) == ["j"]
        os.write(outside, b"\xa9\x03")
        assert keyboard.wait(60) == ["é", "ctrl-c"]
        assert keyboard.wait(0) == []
    assert termios.tcgetattr(inside) == before
    os.close(outside)
    os.close(inside)


def test_a_key_that_comes_in_parts_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow lines cut anywhere; the escape key is what nothing comes after."""
    monkeypatch.setattr("tollway.live.keyboard.MOST", 1)
    reading, writing = os.pipe()
    keyboard = Keyboard(reading)

    os.write(writing, b"\x1b[5~j")
    assert keyboard.wait(60) == ["pageup"]
    assert keyboard.wait(60) == ["j"]
    os.write(writing, b"\x1b")
    assert keyboard.wait(60) == ["esc"]
    os.write(writing, b"\x1b[")
    os.close(writing)
    assert keyboard.wait(60) == ["ctrl-c"]
    os.close(reading)


def test_a_terminal_that_is_gone_is_left() -> None:
    reading, writing = os.pipe()
    os.close(writing)

    assert Keyboard(reading).wait(60) == ["ctrl-c"]
    os.close(reading)
