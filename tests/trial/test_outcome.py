import pytest

from mottling.trial.charter import Endpoint
from mottling.trial.outcome import outcome_of
from mottling.trial.records import Answer

OWN, FINAL, VERDICT = Answer.scored(1), Answer.scored(2), Answer.scored(3)


@pytest.mark.parametrize(
    ("endpoint", "outcome"), [(Endpoint.OWN, OWN), (Endpoint.FINAL, FINAL), (Endpoint.VERDICT, VERDICT)]
)
def test_the_outcome_is_the_answer_that_the_trial_file_names(endpoint, outcome):
    assert outcome_of(endpoint, own=OWN, final=FINAL, verdict=VERDICT) == outcome


@pytest.mark.parametrize("endpoint", Endpoint)
def test_a_missing_answer_is_never_taken_from_another_one(endpoint):
    answers = {Endpoint.OWN: OWN, Endpoint.FINAL: FINAL, Endpoint.VERDICT: VERDICT} | {endpoint: None}
    found = outcome_of(
        endpoint,
        own=answers[Endpoint.OWN],
        final=answers[Endpoint.FINAL],
        verdict=answers[Endpoint.VERDICT],
    )
    assert found is None
