"""Whether the proxy can be reached, and whom it takes the client for."""

import asyncio
import ssl
from functools import partial

from tollway.apart import apart
from tollway.asking import NoAnswer, ask
from tollway.diagnosis.proxy import Contact, Silence
from tollway.environment.upstream import why_not
from tollway.identity.whoami import Untold
from tollway.symptoms.tunnel import Way


async def reach(way: Way, seconds: float) -> Contact | None:
    """Why it can't be reached; None: it can, with its own certificate checked if it has one."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await way.connect()
            writer.transport.abort()
            return None
    except TimeoutError:
        return Contact(unreachable=f"it did not take the connection within {round(seconds, 2):g} s")
    except OSError as error:
        untrusted = isinstance(error, ssl.SSLCertVerificationError)
        return Contact(unreachable=why_not(error), untrusted=untrusted)


async def asked(way: Way, trust: ssl.SSLContext, seconds: float, key: str | None = None) -> Contact:
    """What it says to who shows it the credentials of its URL, and a `key` of Tollway's, as programs do.

    Where its certificate is not trusted, by `trust`, no key is shown, and it is asked without.
    """
    asking = partial(ask, way.proxy, trust, seconds=seconds)
    try:
        async with asyncio.timeout(seconds):
            try:
                return Contact(answer=await apart(partial(asking, key)))
            except NoAnswer as error:
                if key is None or error.why is not Untold.UNREACHABLE:
                    raise
            return Contact(answer=await apart(asking))
    except NoAnswer as error:
        return Contact(answer=Silence(error.why, str(error)))
    except TimeoutError:
        text = f"{way.proxy.place} did not answer within {round(seconds, 2):g} s"
        return Contact(answer=Silence(Untold.LATE, text))
