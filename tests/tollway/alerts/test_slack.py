import orjson

from tests.tollway.alerts.test_grouped import alert
from tollway.alerts.alert import document
from tollway.alerts.grouped import grouped
from tollway.alerts.slack import LONGEST, SHOWN, slack


def test_one_is_the_document_that_it_was() -> None:
    assert slack(alert("one")) == document(alert("one"))
    assert "blocks" not in slack(alert("one"))


def test_several_are_blocks_with_a_line_for_each() -> None:
    """Their texts are plain ones: what is escaped in `text` is not here."""
    (both,) = grouped([alert("one <!channel>"), alert("two")])

    said = slack(both)

    assert said["text"] == "Tollway: 2 limits will be exceeded at this pace: one &lt;!channel&gt;; two"
    assert [each["limit"] for each in said["alerts"]] == ["one <!channel>", "two"]
    assert said["blocks"] == [
        {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}
        for text in ("Tollway: 2 limits will be exceeded at this pace", "• one <!channel>\n• two")
    ]


def test_blocks_are_as_long_as_slack_takes_them_and_few() -> None:
    (all_,) = grouped([alert("x" * 500) for _ in range(SHOWN + 7)] + [alert("y" * 9_000)])

    said = slack(all_)
    texts = [block["text"]["text"] for block in said["blocks"]]

    assert len(texts) <= 50
    assert max(map(len, texts)) <= LONGEST
    assert texts[-1].endswith("\nand 8 more")
    assert sum(text.count("•") for text in texts) == SHOWN
    assert orjson.dumps(said)


def test_a_line_that_is_longer_than_a_block_is_cut() -> None:
    (both,) = grouped([alert("x" * 9_000), alert("y")])

    assert [len(block["text"]["text"]) for block in slack(both)["blocks"]][1:] == [LONGEST, 3]
