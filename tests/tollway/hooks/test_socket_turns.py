"""Turns on a socket that send only what is new, and point at the answer before, as Codex's do."""

from pathlib import Path

from tests.simulator import Simulator
from tests.tollway.spoken import answering, create, opened, talking, until
from tollway.budget.amounts import Amounts

DAY = "version: 1\nlimits: [{name: day, amount: 0.1 USD, window: day}]\n"


async def test_turns_that_point_at_the_answer_before_fit_by_what_that_reported(
    tmp_path: Path, sim: Simulator
) -> None:
    """A whole context window at each turn would not fit: 400,000 tokens, 0.7 USD."""
    async with talking(tmp_path, sim, answering, policy=DAY) as running, opened(running) as socket:
        for number in range(3):
            before = {"previous_response_id": f"resp_{number}"} if number else {}
            await socket.send(create(**before))
            await until(socket, "response.completed")
        await socket.send(create(previous_response_id="resp_of_others"))
        await until(socket, "error")
        rows = await running.calls(4)

    assert [row.error for row in rows] == [None, None, None, "over_limit"]
    assert [(row.bound or Amounts()).input_tokens < 4_000 for row in rows] == [True, True, True, False]
