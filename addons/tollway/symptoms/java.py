"""What a Java's trust store makes of the proxy: a virtual machine takes longer than all other checks."""

import os
import shutil
import ssl
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tollway.ca import keystore
from tollway.ca.roots import java_roots
from tollway.diagnosis.java import past
from tollway.diagnosis.trust import Outcome, View
from tollway.environment.java import Store, own_store
from tollway.symptoms.files import trusted
from tollway.symptoms.tunnel import Way

NAME = "Java"


async def asked(way: Way, environment: Mapping[str, str], seconds: float) -> View:
    """A handshake with the roots of the store that it would read."""
    options = environment.get("JAVA_TOOL_OPTIONS", "")
    default = java_roots(environment)
    store = own_store(options) or (Store(str(default)) if default is not None else None)
    if store is None or shutil.which("java", path=environment.get("PATH", os.defpath)) is None:
        return View(runtime=NAME, outcome=Outcome.ABSENT)
    outcome, said = await trusted(way, partial(_roots, store), seconds)
    told = "-Dhttps.proxyHost=" in options
    return View(runtime=NAME, outcome=outcome, said=said, roots=store.path, past=past(told))


def _roots(store: Store) -> ssl.SSLContext:
    """Raises OSError, and ValueError where it is no store."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificates := keystore.read(Path(store.path), store.password):
        context.load_verify_locations(cadata=b"".join(certificates))
    return context
