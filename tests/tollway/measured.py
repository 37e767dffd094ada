"""`python -m tollway`, where coverage measures it; and how what is not ours is imported there: untraced.

Python traces every line of every module that is imported, also where coverage counts none of them: `tollway
serve` takes three times as long to start, most of it for others' modules.
"""

import runpy
import sys
import sysconfig
from importlib.machinery import SourceFileLoader
from types import ModuleType

OTHERS = tuple({f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib", "purelib", "platlib")})
"""Folders of modules that import none of ours."""

_exec_module = SourceFileLoader.exec_module


def leave_out_others() -> None:
    """Import the modules of others untraced from here on, in this process.

    Python 3.12 traces a module of 30,000 lines, which the price list is, in ten seconds instead of a fifth of
    one (each line's number is searched from the start), also in a thread that is not traced while another is.
    So it is imported here.
    """
    SourceFileLoader.exec_module = _exec_untraced  # type: ignore[method-assign]
    if sys.gettrace() is not None:
        import genai_prices.data  # noqa: F401


def _exec_untraced(loader: SourceFileLoader, module: ModuleType) -> None:
    tracing = sys.gettrace()
    if tracing is None or not loader.path.startswith(OTHERS):
        _exec_module(loader, module)
        return
    sys.settrace(None)
    try:
        _exec_module(loader, module)
    finally:
        sys.settrace(tracing)


if __name__ == "__main__":
    leave_out_others()
    runpy.run_module("tollway", run_name="__main__", alter_sys=True)
