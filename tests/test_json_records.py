"""Records that a score waits for: read strictly, and written to the byte as pydantic writes."""

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json as pydantic_json

from mottling.assessment import Assessment, LegAssessment, ModelName, Reason, ReasonCode, Timing
from mottling.imaging.contract import ModelContract, ScoringRules
from mottling.json_records import Misread, read_record, to_json
from mottling.listing import Change, Entry, Listing, Retired, plain, read_listing, write_listing
from mottling.scale import Status
from mottling.shipped import shipped
from mottling.trial.model_records import ShadowAssessment

_SHARES = st.floats(0, 1)
_SCORES = st.integers(0, 5)
# From 10^16 on msgspec writes 1e16 where pydantic writes 1e+16; no pixel, share or millisecond comes near.
_NUMBERS = st.floats(-1e15, 1e15)
_TEXTS = st.text(st.characters(codec="utf-8"))
_ZONES = st.sampled_from(["1", "2", "3", "4", "5"])
_LEGS = st.builds(
    LegAssessment,
    side_in_image=st.sampled_from(["left", "right", "only"]),
    knee_xy=st.none() | st.tuples(_NUMBERS, _NUMBERS),
    score=st.none() | _SCORES,
    mottled_share=st.dictionaries(_ZONES, _SHARES),
)
_ASSESSMENTS = st.builds(
    Assessment,
    file=_TEXTS,
    sha256=st.none() | _TEXTS,
    status=st.sampled_from(Status),
    score=st.none() | _SCORES,
    probabilities=st.none() | st.tuples(*[_SHARES] * 6),
    prediction_set=st.lists(_SCORES).map(tuple),
    visible_up_to=_SCORES,
    legs=st.lists(_LEGS, max_size=2).map(tuple),
    reasons=st.lists(st.builds(Reason, code=st.sampled_from(ReasonCode), message=_TEXTS), max_size=2).map(
        tuple
    ),
    model=st.builds(ModelName, name=_TEXTS, sha256=_TEXTS),
    timing_ms=st.builds(Timing, decode=_NUMBERS, network=_NUMBERS, total=_NUMBERS),
)
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001 - named next
    lambda at: at.replace(tzinfo=timezone(timedelta(hours=at.hour - 12)))
)
_NAMES = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,63}", fullmatch=True)
_ENTRIES = st.builds(
    Entry,
    name=_NAMES,
    sha256=st.just("a" * 64),
    released_at=st.none() | _MOMENTS,
    retired=st.none() | st.builds(Retired, at=_MOMENTS, by=st.just("eva"), because=st.just("é")),
)
_LISTINGS = st.builds(
    Listing,
    active=st.none() | _NAMES,
    models=st.lists(_ENTRIES, max_size=3).map(tuple),
    releases=st.lists(
        st.builds(Change, name=_NAMES, at=st.none() | _MOMENTS, rolled_back=st.booleans()), max_size=3
    ).map(tuple),
)


@settings(deadline=None)
@given(_ASSESSMENTS)
def test_an_assessment_is_written_as_pydantic_writes_it_and_comes_back(drawn):
    assert to_json(drawn).encode() == pydantic_json(msgspec.to_builtins(drawn))
    assert read_record(Assessment, to_json(drawn)) == drawn


@settings(deadline=None)
@given(_LISTINGS)
def test_a_listing_is_written_as_pydantic_writes_it_and_comes_back(drawn):
    as_values = msgspec.to_builtins(drawn, builtin_types=(datetime,))
    assert to_json(drawn).encode() == pydantic_json(as_values)
    assert read_record(Listing, json.dumps(plain(drawn))) == drawn


def test_the_registry_that_mottling_ships_is_written_again_to_the_same_byte(tmp_path):
    write_listing(tmp_path, read_listing(shipped("models")))
    assert (tmp_path / "registry.json").read_bytes() == (shipped("models") / "registry.json").read_bytes()


@settings(deadline=None)
@given(st.lists(_NUMBERS, min_size=5, max_size=5).map(tuple))
def test_a_contract_is_written_as_pydantic_writes_it_and_comes_back(slopes):
    contract = ModelContract(scoring=ScoringRules(slopes=slopes))
    assert to_json(contract).encode() == pydantic_json(msgspec.to_builtins(contract))
    assert read_record(ModelContract, to_json(contract)) == contract


_AS_STORED = (
    '{"file":"é.jpg","sha256":"aaaa","status":"at_least","score":2,'
    '"probabilities":[0.00001,0.0,1.0,1e-7,0.25,0.0000125],"prediction_set":[2,3],"visible_up_to":5,'
    '"legs":[{"side_in_image":"only","knee_xy":[1200.0,-0.5],"score":null,"mottled_share":{"1":0.0001,"2":1.0}}],'
    '"reasons":[{"code":"faint","message":"it is \\"faint\\"\\n"}],"model":{"name":"m","sha256":"bbbb"},'
    '"timing_ms":{"decode":1.0,"network":123456.7,"total":1000000000000000.0}}'
)


def test_an_assessment_that_was_stored_when_pydantic_wrote_it_is_written_again_to_the_same_byte():
    assert to_json(read_record(Assessment, _AS_STORED)) == _AS_STORED


def test_a_number_of_numpys_is_written_as_a_number():
    timing = Timing(decode=np.float64(0.1), network=np.float64(1e-5), total=1.0)
    assert to_json(timing) == '{"decode":0.1,"network":0.00001,"total":1.0}'


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("percentile", 0),
        ("percentile", 100.0),
        ("percentile", "98"),
        ("percentile", True),
        ("slopes", [0.5] * 4),
        ("slopes", [0.5] * 6),
        ("slopes", None),
        ("min_zone_shares", [0.5, 0.5, 0.5, 0.5, 1.5]),
        ("min_leg_px", 64.0),
        ("min_leg_px", 0),
        ("threshold", 1.0001),
        ("threshold", None),
        ("threshold", {}),
        ("unknown", 1),
    ],
)
def test_a_spoilt_rule_is_refused_and_named(key, value):
    with pytest.raises(Misread, match=key):
        read_record(ScoringRules, json.dumps({key: value}))


def test_a_whole_number_is_a_number_and_true_is_none():
    assert read_record(ScoringRules, '{"percentile": 97}').percentile == 97.0
    with pytest.raises(Misread, match="version: True is refused: expected `int`, got `bool`"):
        read_record(ModelContract, '{"version": true}')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "It is no JSON"),
        ('{"active": "\xff"}'.encode("latin-1"), "It is no JSON"),
        ('{"releases": [{"rolled_back": true}]}', r"releases.0: .* missing required field `name`"),
        (
            '{"models": [{"name": "UP", "sha256": "x"}]}',
            "models.0.name: 'UP' is refused: expected `str` ",
        ),
        ('{"active": "lite\\n"}', r"active: 'lite\\n' is refused"),
        ('{"active": 3}', "active: 3 is refused: expected `str"),
        (
            '{"releases": [{"name": "a", "at": "2026-11-27T02:00:00"}]}',
            "releases.0.at: .* a timezone component",
        ),
        ('{"releases": [{"name": "a", "at": "monday"}]}', "releases.0.at: 'monday' is refused"),
        ('{"releases": [{"name": "a", "rolled_back": 1}]}', "releases.0.rolled_back: 1 is refused"),
        ('{"more": 1}', "unknown field `more`"),
        ("[]", r"^\[\] is refused: expected `object`"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(text, said):
    with pytest.raises(Misread, match=said):
        read_record(Listing, text)


def test_numbers_without_a_value_are_refused():
    with pytest.raises(Misread, match="It is no JSON"):
        read_record(ScoringRules, '{"slopes": [NaN, 1, 1, 1, 1]}')


def test_a_key_of_shares_that_is_refused_is_named_with_its_place():
    leg = '{"side_in_image": "only", "knee_xy": null, "score": null, "mottled_share": {"1": 2}}'
    with pytest.raises(Misread, match=r"mottled_share: \{'1': 2\} is refused: expected `float` <= 1\.0"):
        read_record(LegAssessment, leg)


def test_a_store_trusts_no_assessment_that_breaks_its_own_limits():
    sound = Assessment(
        file="",
        sha256=None,
        status=Status.SCORED,
        score=2,
        probabilities=None,
        prediction_set=(),
        visible_up_to=2,
        legs=(),
        reasons=(),
        model=ModelName(name="m", sha256="b" * 64),
        timing_ms=Timing(decode=1.0, network=1.0, total=1.0),
    )
    known = {"by": "server", "at": datetime.now().astimezone(), "photo_id": "p", "model_sha256": "b" * 64}
    with pytest.raises(ValidationError, match="score: 6 is refused: expected `int` <= 5"):
        ShadowAssessment(assessment=msgspec.structs.replace(sound, score=6), **known)


def test_a_first_score_loads_no_pydantic():
    ask = (
        "import sys, mottling.commands.score, mottling.imaging.assessor\n"
        "print([name for name in ('pydantic', 'pydantic_core', 'scipy', 'torch') if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert shown.stdout.strip() == "[]"


def test_a_model_of_pydantics_that_holds_such_a_record_is_written_and_comes_back():
    class Evaluation(BaseModel):
        rules: ScoringRules

    held = Evaluation(rules=ScoringRules(percentile=np.float64(97.0)))
    assert Evaluation.model_validate_json(held.model_dump_json()) == held
    assert held.model_dump()["rules"]["percentile"] == 97.0
    with pytest.raises(ValidationError, match="percentile: 0 is refused"):
        Evaluation.model_validate_json('{"rules": {"percentile": 0}}')
