import orjson
import pytest

from tollway.alerts.alert import Kind
from tollway.alerts.form import FORMS, Format
from tollway.alerts.sample import TEST, sample

NOON = 1_795_521_600_000_000


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_one_in_each_form_that_says_it_is_a_test(kind: Kind, form: Format) -> None:
    alert = sample(kind, NOON)

    assert (alert.kind, alert.at_us) == (kind, NOON)
    assert alert.text.startswith(TEST)
    assert TEST.encode() in orjson.dumps(FORMS[form](alert))
