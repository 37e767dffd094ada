"""The forms in which webhooks take alerts."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from tollway.alerts.alert import Alert
from tollway.alerts.generic import generic
from tollway.alerts.slack import slack
from tollway.alerts.teams import teams


class Format(StrEnum):
    """Whose form it is."""

    SLACK = "slack"
    TEAMS = "teams"
    GENERIC = "generic"


FORMS: Mapping[Format, Callable[[Alert], dict[str, Any]]] = {
    Format.SLACK: slack,
    Format.TEAMS: teams,
    Format.GENERIC: generic,
}
"""Each makes a JSON document of an alert."""
