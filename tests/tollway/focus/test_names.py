"""What invoices call providers."""

from tollway.focus.names import NAMES, issuer, service
from tollway.providers.load import package_table


def test_a_known_provider_has_a_name_and_a_service() -> None:
    assert (issuer("bedrock"), service("bedrock")) == ("AWS", "Amazon Bedrock")


def test_an_operators_own_row_goes_by_its_name() -> None:
    assert (issuer("our-gpus"), service("our-gpus")) == ("our-gpus", "our-gpus")


def test_every_name_is_that_of_a_row() -> None:
    assert {*NAMES} <= {row.name for row in package_table().providers}
