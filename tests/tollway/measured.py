"""`python -m tollway`, where coverage measures it.

Python 3.12 traces a module of 30,000 lines, which the price list is, in ten seconds instead of a fifth of one
(each line's number is searched from the start). So it is imported here, untraced.
"""

import runpy
import sys

tracing = sys.gettrace()
sys.settrace(None)
import genai_prices.data  # noqa: E402, F401

sys.settrace(tracing)

if __name__ == "__main__":
    runpy.run_module("tollway", run_name="__main__", alter_sys=True)
