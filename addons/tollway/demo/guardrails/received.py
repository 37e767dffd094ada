"""What a provider has of a request from which something was taken out."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from tollway.demo.actions import unplanned
from tollway.demo.simulator import Got
from tollway.demo.stop import Stop
from tollway.guardrails.placeholder import placeholders


@dataclass(frozen=True, slots=True)
class Received:
    """Its bytes, and what stands in them for what."""

    body: bytes
    masks: tuple[str, ...]
    """By the order of the values."""

    def back(self, text: str, values: Sequence[str]) -> str:
        """A text with these values in the place of what stands for them."""
        for value, mask in zip(values, self.masks, strict=True):
            text = text.replace(mask, value)
        return text

    def again(self, earlier: "Received") -> int:
        """How many bytes are those of an earlier one, from the beginning on. Raises TollwayError where the
        same value has not the same placeholder."""
        if self.masks != earlier.masks:
            raise unplanned("a value was to have the same placeholder in each turn")
        both = zip(self.body, earlier.body, strict=False)
        return sum(1 for _ in takewhile(lambda two: two[0] == two[1], both))


def received(stop: Stop, values: Sequence[str], got: Got) -> Received:
    """The body that the provider got: the one that was sent, with a placeholder in the place of each of these
    values, and no other change. Raises TollwayError where it is another: its hash says so."""
    body, text = json.dumps(stop.body).encode(), json.dumps(got.json)
    masks = tuple(dict.fromkeys(text[start:end] for start, end in placeholders(text)))
    for value, mask in zip(values, masks, strict=False):
        body = body.replace(value.encode(), mask.encode())
    if len(masks) != len(values) or hashlib.sha256(body).hexdigest() != got.sha256:
        raise unplanned("the provider was to get a request with placeholders and no other change")
    return Received(body, masks)
