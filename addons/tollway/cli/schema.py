"""`tollway schema`."""

import json

import click


@click.command()
def command() -> None:
    """Print the policy language as JSON Schema.

    Editors check and complete policies with it: save it, and begin a policy with
    `# yaml-language-server: $schema=policy.schema.json`.
    """
    from tollway.policy.schema import Policy

    click.echo(json.dumps(Policy.model_json_schema(), indent=2))
