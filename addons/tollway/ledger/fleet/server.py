"""Redis as a node speaks to it: scripts, each one round trip, none run twice, none waited for long."""

import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

import redis
from msgspec import Struct
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoScriptError, RedisError, ResponseError
from redis.retry import Retry

from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.reaching import Reaching

SECONDS = 0.05
"""What one exchange may take; a server that takes longer is away."""
LONGEST_SECONDS = 60.0
GRACE_SECONDS = 2.0
"""Twice as long as it takes any process to notice that another server answers."""
READ_SECONDS = 10.0
"""The same, for those who read, and serve nobody."""
ORGANISATION = "tollway"
OPTIONS = ("organisation", "journal", "timeout", "grace", "cluster")
"""Of a URL, that are ours."""


class Denied(LedgerError):
    """Redis answers, and says no: to this, not to all."""


class Where(Struct, frozen=True, kw_only=True):
    """What a URL of a fleet's ledger says."""

    url: str
    """As redis-py takes it; it may have a password."""
    shown: str
    """The same, without."""
    organisation: str
    is_cluster: bool = False
    folder: Path | None = None
    """Where this machine's journals are to be; None: in the data folder."""
    seconds: float = SECONDS
    """What one exchange of a proxy may take."""
    grace_seconds: float = GRACE_SECONDS
    """How long hard limits stay closed at the least where another server answers than before."""


def where(url: str) -> Where:
    """`redis://[USER:PASSWORD@]HOST:PORT/DB?organisation=NAME&journal=FOLDER&timeout=SECONDS&grace=SECONDS`;
    rediss, and unix with a path.

    Raises LedgerError.
    """
    parts = urlsplit(url)
    _check(parts)
    options = dict(parse_qsl(parts.query))
    organisation = options.pop("organisation", ORGANISATION)
    folder = options.pop("journal", None)
    is_cluster = _is_cluster(options.pop("cluster", "no"), parts.scheme)
    if not organisation or set(organisation) & set("{}"):
        raise LedgerError(
            f"ledger {parts.scheme}: organisation {organisation!r} must be a name without braces"
        )
    seconds = _seconds(options.pop("timeout", SECONDS), "timeout", parts.scheme)
    grace_seconds = _seconds(options.pop("grace", GRACE_SECONDS), "grace", parts.scheme)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    plain = f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(options)}"
    return Where(
        url=plain,
        shown=shown,
        organisation=organisation,
        is_cluster=is_cluster,
        folder=None if folder is None else Path(folder),
        seconds=seconds,
        grace_seconds=grace_seconds,
    )


def _check(parts: SplitResult) -> None:
    """A password that is not spelled as URLs want it would be shown, cut into other parts."""
    try:
        is_one = parts.scheme == "unix" or (parts.port != 0 and "@" not in parts.path)
    except ValueError:
        is_one = False
    if not is_one or parts.fragment:
        raise LedgerError(
            f"ledger {parts.scheme}: write it as {parts.scheme}://USER:PASSWORD@HOST:PORT/DB, and what is "
            "special in the password as %2F for /, %23 for #, %3F for ?, %40 for @"
        )
    database = parts.path.strip("/")
    if parts.scheme != "unix" and database and not (database.isascii() and database.isdecimal()):
        raise LedgerError(f"ledger {parts.scheme}: {database!r} is no database of Redis: write its number")


def _is_cluster(value: str, scheme: str) -> bool:
    if value not in ("yes", "no"):
        raise LedgerError(f"ledger {scheme}: cluster {value!r} must be yes or no")
    return value == "yes"


def _seconds(value: str | float, name: str, scheme: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    least = "above 0" if name == "timeout" else "from 0"
    if not 0 <= seconds <= LONGEST_SECONDS or (seconds == 0 and name == "timeout"):
        raise LedgerError(
            f"ledger {scheme}: {name} {value!r} must be seconds, {least} and up to {LONGEST_SECONDS:g}"
        )
    return seconds


def script(*names: str, package: str = "tollway.ledger.fleet") -> str:
    """The text of a script of a package, behind the parts that it makes use of."""
    folder = files(package)
    return "\n".join((folder / f"{name}.lua").read_text("utf-8") for name in names)


def _pool(url: str, **settings: Any) -> redis.ConnectionPool:
    """Raises TypeError for an option that there is not: redis-py looks at them once it connects."""
    redis.ConnectionPool.from_url(url, **settings).make_connection()  # of a pool that counts none of ours
    return redis.ConnectionPool.from_url(url, **settings)


def _option(error: Exception) -> str:
    """What redis-py says of an option of a URL."""
    unknown = re.search(r"unexpected keyword argument '(\w+)'", str(error))
    if unknown is None:
        return str(error)
    return f"there is no option {unknown[1]!r}: there are {', '.join(OPTIONS)}, and redis-py's (ssl_ca_certs)"


class Server:
    """One connection to Redis. From one thread."""

    def __init__(self, place: Where, seconds: float | None = None) -> None:
        """Connects at the first call. `seconds`: what a call may take, unless as the URL says. Raises
        LedgerError for a URL that is none."""
        self._place = place
        seconds = place.seconds if seconds is None else seconds
        self._settings: dict[str, Any] = {
            # redis-py would try again with growing pauses, and wait for as long as the system does: seconds.
            "socket_timeout": seconds,
            "socket_connect_timeout": seconds,
            "retry": Retry(NoBackoff(), 0),
            "health_check_interval": 0,
            "client_name": "tollway",
        }
        self._client: Any = None
        self._pool: Any = None if place.is_cluster else self._checked(_pool)
        self._shas: dict[str, str] = {}
        self._is_reached = self._is_closed = False
        self._reaching = Reaching(self._connect, seconds)

    @property
    def shown(self) -> str:
        """Where it is, without its password."""
        return self._place.shown

    def _checked(self, make: Callable[..., Any]) -> Any:
        """What is made of the URL. Raises LedgerError for one that is none."""
        try:
            return make(self._place.url, **self._settings)
        except (ValueError, TypeError) as error:
            raise LedgerError(f"ledger {self.shown}: {_option(error)}") from None

    @property
    def _redis(self) -> Any:
        """The client, which is connected."""
        if not self._is_reached:
            self._reaching.reach()
            self._is_reached = True
        return self._client

    def _connect(self) -> None:
        """Connect, as each of these does. The client of a Cluster asks it what it is made of: later it is
        another one."""
        if self._place.is_cluster:
            self._client = self._checked(redis.RedisCluster.from_url)
        else:
            self._client = redis.Redis(connection_pool=self._pool, single_connection_client=True)
        if self._is_closed:
            self._let_go()

    def run(self, text: str, keys: Sequence[str], values: Sequence[Any]) -> Any:
        """What a script answers. Raises LedgerError: nobody knows then whether it ran; of it Denied, if Redis
        says no."""
        try:
            return self._run(text, keys, values)
        except (RedisError, OSError) as error:
            self._disconnect()
            raise self._failure(error) from None

    def ask(self, *words: Any) -> Any:
        """What a command answers. Raises LedgerError, as `run`."""
        try:
            return self._redis.execute_command(*words)
        except (RedisError, OSError) as error:
            self._disconnect()
            raise self._failure(error) from None

    def close(self) -> None:
        """Let go. What is still connecting does so once it is."""
        self._is_closed = True
        if not self._reaching.is_trying:
            self._let_go()

    def _let_go(self) -> None:
        if self._pool is not None:
            self._pool.disconnect()
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _failure(self, error: Exception) -> LedgerError:
        kind = Denied if isinstance(error, ResponseError) else LedgerError
        return kind(f"ledger {self.shown}: {said(error)}")

    def _disconnect(self) -> None:
        """What comes late on a connection is nobody's answer any more. A Cluster may be another by now."""
        if not self._is_reached:
            return
        self._is_reached = False
        self._let_go()

    def _run(self, text: str, keys: Sequence[str], values: Sequence[Any]) -> Any:
        sha = self._shas.get(text)
        if sha is not None:
            try:
                return self._evaluated(sha, keys, values)
            except NoScriptError:  # it did not run
                pass
        self._shas[text] = sha = self._redis.script_load(text)
        return self._evaluated(sha, keys, values)

    def _evaluated(self, sha: str, keys: Sequence[str], values: Sequence[Any]) -> Any:
        """Past the client, if there is one connection: it takes as long as Redis does."""
        client = self._redis
        if self._place.is_cluster:
            return client.evalsha(sha, len(keys), *keys, *values)
        client.connection.send_packed_command((packed("EVALSHA", sha, len(keys), *keys, *values),))
        return client.connection.read_response()


def packed(*words: str | bytes | int) -> bytes:
    """A command in the Redis serialization protocol."""
    parts = [b"*%d" % len(words)]
    for word in words:
        text = word if isinstance(word, bytes) else str(word).encode()
        parts += (b"$%d" % len(text), text)
    parts.append(b"")
    return b"\r\n".join(parts)


def said(error: Exception) -> str:
    """What went wrong, and what to do."""
    text = str(error) or type(error).__name__
    if isinstance(error, ResponseError | AuthenticationError):
        return f"Redis refuses ({text})"
    return f"Redis does not answer ({text}): see that it runs, and that this machine reaches it"
