"""`python -m tests.agents`: records what coding agents send; scripts/record-agents installs them first."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.agents.recording import agents, record, store


def main() -> None:
    """Record those that are named, or all."""
    try:
        wanted = agents(sys.argv[1:])
    except FileNotFoundError as error:
        sys.exit(f"{error}: scripts/record-agents does it.")
    for agent in wanted:
        with tempfile.TemporaryDirectory() as folder:
            shapes = asyncio.run(record(agent, Path(folder)))
        for path, one in zip(store(shapes, agent.words[0]), shapes, strict=True):
            print(
                f"{one['agent']} {one['version']}, turn {one['turn'] or 'none'}: {one['size']:,} bytes "
                f"to {one['host']}; {path.name}, {path.stat().st_size:,} bytes",
                flush=True,
            )


if __name__ == "__main__":
    main()
