"""Rules about the pages as a whole."""

import pytest

from tests.test_architecture import MODULES, PACKAGE, SHELL_ONLY, imports, name_of

PAGE = [path for path in MODULES if path.parent == PACKAGE / "page"]


@pytest.mark.parametrize("path", PAGE, ids=name_of)
def test_a_page_is_a_function_of_what_it_is_given(path: object) -> None:
    """No engine, clock, store or environment: only values of reports and of the live view beside the core."""
    wrong = [name for _, name in imports(path) if name.partition(".")[0] in SHELL_ONLY]  # type: ignore[arg-type]

    assert not wrong


def test_there_are_pages() -> None:
    assert len(PAGE) > 10
