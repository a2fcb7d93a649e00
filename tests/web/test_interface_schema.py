"""Whatever is sent to the interface is answered as its description says, and never with a failure.

Schemathesis reads the description and makes the requests; the same ones each time.
"""

import itertools
from contextlib import closing

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests.house import PATIENT, open_house, take
from tests.programs_house import ICU, SPONSOR, bearer, interface_app, token_for
from tests.tiny_model import a_jpeg

OPERATIONS = {
    ("/outcomes", "GET"): False,
    ("/photos", "POST"): True,
    ("/photos/{photo_id}", "GET"): True,
    ("/visits", "GET"): False,
    ("/visits/{visit}", "GET"): True,
}
"""Each with whether anything in it can be wrong, beside the token."""

WAYS = [
    *((where, GenerationMode.POSITIVE) for where in OPERATIONS),
    *((where, GenerationMode.NEGATIVE) for where, can_be_wrong in OPERATIONS.items() if can_be_wrong),
]

# A patient that the trial does not know is refused, and so are bytes that are no photograph: 422 is an answer
# to what the description allows. What is no door is answered 404, here as everywhere, and never 405.
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "403", "404", "409", "422"]},
            "unsupported_method": {"enabled": False},
        }
    }
)
FEW = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with closing(open_house(tmp_path_factory.mktemp("schema"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def described(house):
    app = interface_app(house, clock=itertools.count(step=10).__next__)
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=CONFIG)


@pytest.fixture(scope="module")
def tokens(house):
    return {"photos": token_for(house, ICU), "outcomes": token_for(house, SPONSOR)}


def headers_for(case, tokens):
    return bearer(tokens["outcomes" if case.path == "/outcomes" else "photos"])


def test_every_operation_that_is_described_is_asked(described):
    found = {(one.ok().path, one.ok().method.upper()) for one in described.get_all_operations()}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize(("where", "mode"), WAYS)
def test_every_answer_is_as_the_description_says(described, tokens, where, mode):
    @FEW
    @given(case=described[where[0]][where[1]].as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(headers=headers_for(case, tokens))

    ask()


@pytest.mark.parametrize("where", list(OPERATIONS))
def test_so_is_every_answer_about_a_patient_and_a_photograph_that_there_are(described, house, tokens, where):
    photo_id = take(house)

    @FEW
    @given(case=described[where[0]][where[1]].as_strategy())
    def ask(case):
        if "photo_id" in case.path_parameters:
            case.path_parameters["photo_id"] = photo_id
        if "visit" in case.path_parameters:
            case.path_parameters["visit"] = "day1"
            case.headers["Mottling-Patient"] = PATIENT
        if where[1] == "POST":
            case.body = {**case.body, "photo": a_jpeg(), "patient": PATIENT, "visit": "day1"}
        # Exchanged parts are not those that were made up to be accepted.
        unfit = [checks.negative_data_rejection, checks.positive_data_acceptance]
        case.call_and_validate(headers=headers_for(case, tokens), excluded_checks=unfit)

    ask()
