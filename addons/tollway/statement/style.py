"""How a statement's page looks, on a screen and on paper, and what it may load: nothing."""

import base64
import hashlib

from tollway.page.style import LIGHT
from tollway.page.style import STYLE as OF_PAGES

STYLE = f"""{OF_PAGES}
header {{ display: block; }}
header p {{ font-size: 1rem; font-weight: 400; margin: 0 0 .75rem; }}
h1 {{ margin-bottom: 0; }}
.course {{ width: 100%; height: auto; max-width: 60rem; }}
.word {{ fill: var(--quiet); font-size: 11px; }}
.faint {{ stroke-dasharray: 2 4; }}
.rest {{ color: var(--quiet); font-size: .75em; }}
tfoot th, tfoot td {{ font-weight: 700; border-bottom: 0; }}
td svg {{ width: 6rem; }}
tbody th, tbody td:not(.figure) {{ min-width: 6.5em; }}
@page {{ size: A4; margin: 16mm 14mm; }}
@media print {{
  :root {{ color-scheme: light; {"".join(f"--{name}:{value};" for name, value in LIGHT.items())} }}
  body {{ max-width: none; padding: 0; font-size: 9pt; line-height: 1.35; }}
  h1 {{ font-size: 16pt; margin-top: 0; }}
  h2 {{ font-size: 12pt; margin-top: 1.25rem; break-after: avoid; }}
  caption, .quiet {{ break-after: avoid; }}
  .wide {{ overflow: visible; }}
  thead {{ display: table-header-group; }}
  tfoot {{ display: table-row-group; }}
  tr, figure, .sums div, li {{ break-inside: avoid; }}
  th, td {{ padding: .15rem .4rem .15rem 0; }}
  td svg {{ width: 3.5rem; }}
  tbody td:not(.figure) {{ min-width: 4.5em; }}
  .rest {{ font-size: .65em; }}
  .sums dd {{ font-size: 12pt; }}
  .skip {{ display: none; }}
}}
"""

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = "; ".join(
    ["default-src 'none'", f"style-src 'sha256-{_HASH}'", "base-uri 'none'", "form-action 'none'"]
)
"""The Content-Security-Policy, which the page itself carries: this style alone, and nothing else at all."""
