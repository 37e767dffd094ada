"""The line that says where a proxy listens."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from tollway import paths
from tollway.addresses import url
from tollway.ca import store
from tollway.engine.dialling import Address
from tollway.observe.place import Place, shown


def announce(addresses: Sequence[Address], style: str, admin: Place | None = None) -> None:
    """Say it on standard output; whoever reads it may be gone. `admin`: where one asks how it is."""
    at = None if admin is None else shown(admin)
    metrics = None if at is None or isinstance(admin, Path) else f"{at}/metrics"
    with suppress(OSError):
        click.echo(announcement(addresses, style, metrics, at))


def announcement(
    addresses: Sequence[Address], style: str, metrics: str | None = None, admin: str | None = None
) -> str:
    """For people or (`json`) for programs. `addresses`: of all modes, in their order; `metrics`: their URL;
    `admin`: where those and all else are asked for, a URL or a socket's; None: nowhere."""
    urls = [url(*address) for address in addresses]
    if style == "json":
        (host, port), ca = addresses[0], str(store.root_path(paths.data_dir() / "ca"))
        facts = {"url": urls[0], "host": host, "port": port, "ca": ca, "pid": os.getpid(), "urls": urls}
        more = {name: at for name, at in (("metrics", metrics), ("admin", admin)) if at}
        return json.dumps(facts | more)
    watched = f"; metrics: {metrics}" if metrics else f"; admin: {admin}" if admin else ""
    return f"tollway listens on {', '.join(urls)}{watched}"
