"""`--admin` and what goes with it: where the proxy is asked how it is, and by whom."""

from collections.abc import Mapping
from pathlib import Path

import click

from tollway.cli.book_options import Decorator
from tollway.cli.options import Parsed, parse_listen
from tollway.observe.door import Entrance, checked, door
from tollway.observe.place import SCHEME, Place
from tollway.secret_place import SecretPlace

VARIABLE = "TOLLWAY_ADMIN_TOKEN"


def parse_admin(text: str) -> Place:
    """`HOST:PORT`, or `unix:PATH`. Raises ValueError."""
    if not text.startswith(SCHEME):
        return parse_listen(text)
    path = text.removeprefix(SCHEME)
    path = "/" + path.lstrip("/") if path.startswith("//") else path
    if not path or path.endswith("/"):
        raise ValueError(f"{text!r} names no file (for example unix:/run/tollway/admin.sock)")
    return Path(path).absolute()


admin_option: Decorator = click.option(
    "--admin",
    type=Parsed("HOST:PORT|unix:PATH", parse_admin),
    metavar="PLACE",
    help="Answer /healthz, /readyz, /metrics (Prometheus) and /budgets there. HOST:PORT of this machine, for "
    "this machine (port 0 takes a free one); unix:PATH, for who may open the socket; any other, for "
    "who shows a token. [default: off]",
)
token_option: Decorator = click.option(
    "--admin-token-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Has the token of --admin, which who asks from other machines must show. "
    f"[env var: {VARIABLE} has the token itself]",
)
probes_option: Decorator = click.option(
    "--admin-open-probes",
    is_flag=True,
    help="Answer /healthz and /readyz without the token: yes or no, and not why.",
)


def entrance(
    place: Place | None, token_file: Path | None, open_probes: bool, environment: Mapping[str, str]
) -> Entrance | None:
    """Where one may ask, and who; None: nowhere. Raises click.UsageError."""
    if place is None:
        if token_file is not None or open_probes:
            raise click.UsageError("--admin-token-file and --admin-open-probes need --admin")
        return None
    try:
        return Entrance(place, door(place, token(token_file, environment), open_probes))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--admin'") from None


def token(file: Path | None, environment: Mapping[str, str]) -> str | None:
    """The token of the file, or else of the variable; None: there is none. Raises click.UsageError, which
    does not say it, and TollwayError for a credential that is not there."""
    source = VARIABLE if file is None else f"--admin-token-file {file}"
    try:
        said = _of_variable(environment) if file is None else file.read_text("utf-8")
        return None if said is None else checked(said)
    except OSError as error:
        raise click.UsageError(f"{source}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{source}: is no text") from None
    except ValueError as error:
        raise click.UsageError(f"{source}: {error}") from None


def _of_variable(environment: Mapping[str, str]) -> str | None:
    """What it says, or what the credential of systemd's says that it names."""
    said = environment.get(VARIABLE)
    if said is None or not said.startswith("credential:"):
        return said
    return SecretPlace.of(said).read(environment).decode()
