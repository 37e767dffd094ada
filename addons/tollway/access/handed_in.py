"""Which models a batch may run: all that its requests name, as far as they were read."""

from tollway.access.named import Named
from tollway.batches.weight import Weight
from tollway.model import Endpoint

UNTOLD = "nothing tells all models that its requests run: {} (faults: batch)"
NO_NAMES = "they name none"


def handed_in(endpoint: Endpoint, batch: Weight) -> Named:
    """What a batch names. What is known of it counts though there may be more."""
    path = (endpoint.model,) if endpoint.model else ()
    names = tuple(dict.fromkeys((*path, *batch.names)))
    why = batch.untold or (None if names else NO_NAMES)
    return Named(names, unknown=None if why is None else UNTOLD.format(why))
