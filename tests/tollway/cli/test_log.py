"""What the process says meanwhile."""

import logging
from collections.abc import Iterator

import pytest

from tollway.cli.log import ENGINES, MOST, Held, OneLine, show_log


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """Loggers as they were, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ENGINES}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def record(message: str, **fields: object) -> logging.LogRecord:
    """A warning."""
    return logging.makeLogRecord({"msg": message, "levelname": "WARNING", "levelno": 30, **fields})


def test_a_message_is_one_line() -> None:
    """Whatever it quotes."""
    assert OneLine("%(levelname)s %(message)s").format(record("a\n  b\tc\r\n")) == "WARNING a b c"


def test_of_an_exception_its_type_and_place_are_said_and_not_its_text() -> None:
    """The text may quote what a call carried."""
    try:
        raise ValueError("a prompt\nand more")
    except ValueError as error:
        raised = (ValueError, error, error.__traceback__)
        said = OneLine("%(message)s").format(record("failed", exc_info=raised))

    assert said.startswith("failed ValueError in test_of_an_exception")
    assert "prompt" not in said


@pytest.mark.parametrize("info", [None, (None, None, None)])
def test_no_exception_says_nothing(info: object) -> None:
    """`exc_info=True` outside of an `except`."""
    assert OneLine("%(message)s").format(record("fine", exc_info=info)) == "fine"


def test_messages_are_held_and_each_is_said_once() -> None:
    """With how often it came."""
    held = Held()
    show_log(held, level=logging.WARNING, form="%(message)s")
    log = logging.getLogger("tollway.test")

    for message in ("b", "a", "b"):
        log.warning(message)
    log.info("not this")

    assert list(held.lines()) == ["b (2 times)", "a"]


def test_what_is_held_is_bounded() -> None:
    """A run may last for days."""
    held = Held()

    for number in range(MOST + 5):
        held.handle(record(str(number)))
    held.handle(record("0"))

    assert list(held.lines()) == ["0 (2 times)", *map(str, range(1, MOST)), "and 5 more messages"]


def test_of_the_engine_only_what_is_wrong_is_said() -> None:
    """mitmproxy tells of each connection."""
    held = Held()
    show_log(held, level=logging.INFO, form="%(name)s %(message)s")

    logging.getLogger("mitmproxy.proxy.server").info("client connect")
    logging.getLogger("mitmproxy.proxy.server").warning("Client TLS handshake failed.")
    logging.getLogger("tollway.cli.serve").info("stops")

    assert list(held.lines()) == [
        "mitmproxy.proxy.server Client TLS handshake failed.",
        "tollway.cli.serve stops",
    ]
