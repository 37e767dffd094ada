"""Files that a policy names: from the policy's own folder on."""

from pathlib import PurePath
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, ValidationInfo

FOLDER = "folder"
"""What the context of a validation has the policy's folder under; without it, names stay as they are."""


def beside(value: str, info: ValidationInfo) -> str:
    """The path of a file of this name."""
    return str(PurePath(info.context[FOLDER], value)) if info.context else value


FileText = Annotated[str, StringConstraints(min_length=1), AfterValidator(beside)]
