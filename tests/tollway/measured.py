"""`python -m tollway`, where coverage measures it; and how what is not ours is imported there: untraced.

Python traces every line of every module that is imported, also where coverage counts none of them: `tollway
serve` takes three times as long to start, most of it for others' modules.
"""

import runpy
import sys
import sysconfig
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import SourceFileLoader
from types import ModuleType

OTHERS = tuple({f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib", "purelib", "platlib")})
"""Folders of modules that import none of ours."""
LONGEST = ("genai_prices.data", "hpack.huffman_table")
"""Tables of up to 30,000 lines: for each that it traces, Python 3.12 searches its number from the start."""
ENGINE = ("mitmproxy.addons",)
STARTS_IT = frozenset({"demo", "inspect", "run", "serve"})
"""The commands that import the engine."""

_exec_module = SourceFileLoader.exec_module


def leave_out_others(first: Sequence[str] = ()) -> None:
    """Import the modules of others untraced from here on, in this process.

    While another thread is traced, they are slow in this one, too: so what takes long is imported first.
    """
    SourceFileLoader.exec_module = _exec_untraced  # type: ignore[assignment, method-assign]
    if sys.gettrace() is not None:
        for name in (*LONGEST, *first):
            import_module(name)


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
    leave_out_others(ENGINE if STARTS_IT & {*sys.argv[1:2]} else ())
    runpy.run_module("tollway", run_name="__main__", alter_sys=True)
