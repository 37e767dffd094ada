"""Python runs this as a process starts that has this folder on its path: workers, which `tollway serve`
starts by itself, are measured without their imports, too.
"""

import runpy
import sys
from pathlib import Path

if "tollway" in sys.orig_argv and "serve" in sys.orig_argv:
    runpy.run_path(str(Path(__file__).parents[1] / "measured.py"))["leave_out_imports"]("serve")
