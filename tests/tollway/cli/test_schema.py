"""`tollway schema`."""

import json

from click.testing import CliRunner

from tollway.cli import cli
from tollway.policy.schema import Policy


def test_schema_is_the_policys() -> None:
    """As JSON Schema, whole."""
    result = CliRunner().invoke(cli, ["schema"])

    assert result.exit_code == 0
    assert json.loads(result.stdout) == Policy.model_json_schema()
