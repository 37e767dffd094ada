"""Runtimes that trust what a file holds: a handshake through the proxy with that file's roots and no others.

Programs in Go and Rust can't be asked: each is its own.
"""

import asyncio
import os
import shutil
import ssl
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct

from tollway.apart import apart
from tollway.ca.constraints import INTERNAL
from tollway.ca.roots import system_roots
from tollway.diagnosis.trust import Outcome, View
from tollway.environment.upstream import why_not
from tollway.symptoms.tunnel import Way


class Reader(Struct, frozen=True, kw_only=True):
    """What reads a file of roots that a variable names."""

    name: str
    variables: tuple[str, ...]
    """The first that is set counts."""
    otherwise: Callable[[], Path] | None = None
    """The file that it reads if none is set; None: it has roots of its own, and never ours."""
    program: str | None = None
    """By which it is known to be here; None: only where one of its variables is set."""


READERS = (
    # Elsewhere Go asks the system, which no file tells of.
    Reader(
        name="Go, Rust, OpenSSL" if sys.platform == "linux" else "Rust, OpenSSL",
        variables=("SSL_CERT_FILE",),
        otherwise=system_roots,
    ),
    Reader(name="AWS CLI", variables=("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"), program="aws"),
    Reader(name="Deno", variables=("DENO_CERT",), program="deno"),
    Reader(name="Codex", variables=("CODEX_CA_CERTIFICATE",)),
    Reader(name="gRPC", variables=("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",)),
)


async def asked(reader: Reader, way: Way, environment: Mapping[str, str], seconds: float) -> View | None:
    """What its file makes of the proxy; None: nothing here says that there is such a program."""
    variable = next((name for name in reader.variables if environment.get(name)), None)
    if variable is not None:
        roots, path = variable, Path(environment[variable])
    elif reader.otherwise is not None:
        path = reader.otherwise()
        roots = f"the system's roots: {path}"
    elif reader.program is None:
        return None
    elif shutil.which(reader.program, path=environment.get("PATH", os.defpath)) is None:
        return View(runtime=reader.name, outcome=Outcome.ABSENT)
    else:
        said = f"{reader.variables[0]} is not set"
        return View(runtime=reader.name, outcome=Outcome.REFUSED, said=said, roots="its own roots")
    outcome, said = await trusted(way, partial(_of_file, path), seconds)
    return View(runtime=reader.name, outcome=outcome, said=said, roots=roots)


async def trusted(way: Way, roots: Callable[[], ssl.SSLContext], seconds: float) -> tuple[Outcome, str]:
    """Whether these roots, which are read first, vouch for the proxy; and why not."""
    try:
        async with asyncio.timeout(seconds):
            context = await apart(roots)
            async with way.tunnel(INTERNAL, context):
                return Outcome.ACCEPTED, ""
    except TimeoutError:
        return Outcome.LATE, ""
    except ssl.SSLCertVerificationError as error:
        return Outcome.REFUSED, error.verify_message
    except (OSError, ValueError) as error:
        return Outcome.FAILED, why_not(error) if isinstance(error, OSError) else str(error)


def _of_file(path: Path) -> ssl.SSLContext:
    """Raises OSError where it can't be read, or holds no certificate."""
    path.open("rb").close()  # else the error names no reason
    return ssl.create_default_context(cafile=path)
