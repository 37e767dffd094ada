"""How the pages look, in the light and in the dark, and what they may load: nothing."""

import base64
import hashlib

LIGHT = {
    "page": "#ffffff", "text": "#1b1f24", "quiet": "#57606a", "line": "#8c959f", "link": "#0a58b0",
    "settled": "#0a58b0", "held": "#9a5b00", "left": "#dfe4ea", "full": "#a40e26",
}  # fmt: skip
DARK = {
    "page": "#14181d", "text": "#e6e9ed", "quiet": "#a9b2bd", "line": "#737d89", "link": "#7ab6ff",
    "settled": "#7ab6ff", "held": "#e3a341", "left": "#303842", "full": "#ff8f8f",
}  # fmt: skip
"""Colours by what they are of. Nothing is told by a colour alone."""


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


STYLE = f"""
:root {{ color-scheme: light dark; {_variables(LIGHT)} }}
@media (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 76rem; padding: 0 1rem 3rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }}
a {{ color: var(--link); }}
:focus-visible {{ outline: 3px solid var(--link); outline-offset: 2px; }}
.skip {{ position: absolute; left: -100rem; }}
.skip:focus {{ left: 1rem; top: 1rem; background: var(--page); padding: .5rem; }}
header {{ display: flex; flex-wrap: wrap; gap: 0 2rem; align-items: baseline;
  border-bottom: 1px solid var(--line); }}
header p {{ font-weight: 700; font-size: 1.25rem; margin: .75rem 0; }}
nav ul {{ display: flex; flex-wrap: wrap; gap: 0 1.25rem; list-style: none; margin: 0; padding: 0; }}
nav a {{ display: inline-block; padding: .5rem 0; }}
nav [aria-current] {{ color: var(--text); font-weight: 700; text-decoration: none; }}
h1 {{ font-size: 1.5rem; margin: 1.5rem 0 .5rem; }}
h2 {{ font-size: 1.2rem; margin: 2rem 0 .5rem; }}
.quiet, footer {{ color: var(--quiet); }}
footer {{ margin-top: 3rem; border-top: 1px solid var(--line); }}
.sums {{ display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin: 1rem 0; }}
.sums dt {{ color: var(--quiet); }}
.sums dd {{ margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }}
.names {{ display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0; }}
.names dt {{ color: var(--quiet); }}
.names dd {{ margin: 0; overflow-wrap: anywhere; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; }}
caption {{ text-align: left; color: var(--quiet); padding: .25rem 0; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0;
  border-bottom: 1px solid var(--line); }}
tbody th {{ font-weight: 600; }}
tbody th, tbody td {{ overflow-wrap: anywhere; }}
tbody .figure, tbody .short {{ overflow-wrap: normal; white-space: nowrap; }}
.figure {{ text-align: right; font-variant-numeric: tabular-nums; }}
figure {{ margin: 1rem 0; }}
pre {{ overflow-x: auto; padding: .75rem; border: 1px solid var(--line); }}
svg {{ display: block; max-width: 100%; }}
.settled {{ fill: var(--settled); }}
.held {{ fill: var(--held); }}
.left {{ fill: var(--left); }}
.full {{ fill: var(--full); }}
.axis {{ stroke: var(--line); }}
"""

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{_HASH}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
"""The Content-Security-Policy: this style alone, and no script, image, form or frame whatever."""
