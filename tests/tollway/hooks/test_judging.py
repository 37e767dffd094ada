"""Several texts of a request, one after the other, over real sockets."""

import pytest

from tests.tollway.calls import CHAT
from tests.tollway.guarded import WORDS, saying
from tests.tollway.identified import Roads
from tollway.hooks.judging import MANY

LONG = "every day the same. " * 5_000


@pytest.mark.parametrize("long_query", [False, True], ids=["short", "long"])
@pytest.mark.parametrize(
    ("query", "text", "do", "left"),
    [
        ("blackbird", "blackbird", "block", 1),
        ("bluebird", "blackbird", "block", 0),
        ("blackbird", "bluebird", "block", 0),
        ("blackbird", LONG + "bluebird", "block", 0),
        ("bluebird", LONG, "flag", 1),
    ],
)
async def test_each_text_is_looked_through_until_one_is_refused(
    roads: Roads, query: str, text: str, do: str, left: int, long_query: bool
) -> None:
    """Beside the event loop or on it."""
    query += "." * 40_000 * long_query
    async with roads(WORDS.format(do)) as road, road.client() as client:
        await client.post(f"{CHAT.url}?q={query}", content=saying(text).content)

        assert len(road.sim.seen) == left
        assert len((await road.call()).findings) == ("bluebird" in query + text)


async def test_thousands_of_findings_in_a_query_are_judged_too(roads: Roads) -> None:
    mails = "+".join(f"u{n}@firma{n}.de" for n in range(MANY + 1))
    async with roads("guardrails: [{find: email, do: redact}]") as road, road.client() as client:
        answer = await client.post(f"{CHAT.url}?q={mails}", content=saying("hello").content)

        assert answer.status_code == 400
        assert road.sim.seen == []
