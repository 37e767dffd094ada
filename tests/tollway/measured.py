"""`python -m tollway`, where coverage measures it; and how modules are imported there: untraced.

Python traces every line of every module that is imported, also where coverage counts none of them: `tollway
serve` takes three times as long to start, most of it for others' modules. Of ours, a process of its own need
not be traced as it imports them: the process of the tests imports each as well, and is.
"""

import runpy
import sys
import sysconfig
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

OTHERS = tuple({f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib", "purelib", "platlib")})
"""Folders of modules that import none of ours."""
OURS = f"{Path(__file__).parents[2] / 'addons'}/"
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
    _leave_out(OTHERS)
    if sys.gettrace() is not None:
        for name in (*LONGEST, *first):
            import_module(name)


def leave_out_imports(command: str) -> None:
    """Import all modules untraced from here on, in the process of a command."""
    _leave_out((*OTHERS, OURS))
    if command in STARTS_IT and sys.gettrace() is not None:
        for name in (*LONGEST, *ENGINE):
            import_module(name)


def _leave_out(folders: tuple[str, ...]) -> None:
    def exec_module(loader: SourceFileLoader, module: ModuleType) -> None:
        tracing = sys.gettrace()
        if tracing is None or not loader.path.startswith(folders):
            _exec_module(loader, module)
            return
        sys.settrace(None)
        try:
            _exec_module(loader, module)
        finally:
            sys.settrace(tracing)

    SourceFileLoader.exec_module = exec_module  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    leave_out_imports("".join(sys.argv[1:2]))
    runpy.run_module("tollway", run_name="__main__", alter_sys=True)
