"""Where Tollway keeps its files: the XDG folders, or the one folder that TOLLWAY_HOME names."""

import os
from pathlib import Path

from tollway.errors import TollwayError


def data_dir() -> Path:
    """The folder of the ledger and the certificate authority. It need not exist: see `make_dir`."""
    return _home("XDG_DATA_HOME", ".local/share")


def config_dir() -> Path:
    """The folder of the policy. It need not exist."""
    return _home("XDG_CONFIG_HOME", ".config")


def ledger_url() -> str:
    """The ledger where none is named."""
    return f"sqlite:{data_dir() / 'ledger.db'}"


def policy_path() -> Path | None:
    """The policy where none is named, if it is there. Raises TollwayError where that can't be known: without
    it, no limit would hold."""
    path = config_dir() / "policy.yaml"
    return path if is_there(path) else None


def is_there(path: Path) -> bool:
    """Whether a file is there. Raises TollwayError where that can't be known, as in another user's folder."""
    try:
        return path.exists()
    except OSError as e:
        raise TollwayError(f"{path} can't be looked for: {e.strerror}; is HOME another user's?") from None


def make_dir(path: Path) -> Path:
    """The folder itself, made if need be (as all that it lies in) with mode 0700, and writable.

    Raises TollwayError.
    """
    try:
        for folder in (*reversed(path.parents), path):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as e:
        raise TollwayError(f"the folder {path} can't be made: {e.strerror} ({e.filename}); {_HINT}") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise TollwayError(f"the folder {path} can't be written to; {_HINT}")
    return path


_HINT = "make it writable, or set TOLLWAY_HOME to a folder that is"


def _home(variable: str, otherwise: str) -> Path:
    if own := os.environ.get("TOLLWAY_HOME"):
        return Path(own).expanduser().absolute()
    folder = os.environ.get(variable, "")
    # The XDG specification: relative paths are to be ignored.
    base = Path(folder) if os.path.isabs(folder) else _user_home() / otherwise
    return base / "tollway"


def _user_home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise TollwayError("there is no home folder to keep files in: set HOME, or TOLLWAY_HOME") from None
