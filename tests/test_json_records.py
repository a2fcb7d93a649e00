"""Records that a score waits for: read as strictly as pydantic would, and written to the same byte."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mottling.assessment import Assessment, LegAssessment, ModelName, Reason, ReasonCode, Timing
from mottling.imaging.contract import ModelContract, ScoringRules
from mottling.json_records import Misread, as_plain, read_record, to_json
from mottling.listing import Change, Entry, Listing, Retired
from mottling.scale import Status
from mottling.trial.model_records import ShadowAssessment

_SHARES = st.floats(0, 1)
_SCORES = st.integers(0, 5)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
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
    pydantic = TypeAdapter(Assessment)
    assert to_json(drawn).encode() == pydantic.dump_json(drawn)
    assert pydantic.validate_json(to_json(drawn), strict=True) == drawn


@settings(deadline=None)
@given(_LISTINGS)
def test_a_listing_is_written_as_pydantic_writes_it_and_comes_back(drawn):
    plain = as_plain(drawn, without_nothing=True)
    assert json.dumps(plain, indent=2, ensure_ascii=False).encode() == TypeAdapter(Listing).dump_json(
        drawn, exclude_none=True, indent=2
    )
    assert read_record(Listing, json.dumps(plain)) == drawn


@settings(deadline=None)
@given(st.lists(_NUMBERS, min_size=5, max_size=5).map(tuple))
def test_a_contract_is_written_as_pydantic_writes_it_and_comes_back(slopes):
    contract = ModelContract(scoring=ScoringRules(slopes=slopes))
    assert to_json(contract).encode() == TypeAdapter(ModelContract).dump_json(contract)
    assert read_record(ModelContract, to_json(contract)) == contract


_SPOILT = st.sampled_from(
    [None, True, 0, 1, 64, -1, 0.5, 2.5, 1e300, "", "512", [], [1], [0.5] * 5, {}, {"a": 1}]
)


@settings(deadline=None)
@given(st.sampled_from([*as_plain(ModelContract())]), _SPOILT.filter(lambda value: value is not True))
def test_a_spoilt_key_is_refused_when_pydantic_would_refuse_it(key, value):
    _both_say_the_same(ModelContract, as_plain(ModelContract()) | {key: value})


def test_true_is_no_1_though_pydantic_takes_it_for_one():
    assert TypeAdapter(ModelContract).validate_json('{"version": true}', strict=True).version
    with pytest.raises(Misread, match="version: True is none of 1, 2"):
        read_record(ModelContract, '{"version": true}')


@settings(deadline=None)
@given(st.sampled_from([*as_plain(ScoringRules()), "unknown"]), _SPOILT)
def test_a_spoilt_rule_is_refused_when_pydantic_would_refuse_it(key, value):
    _both_say_the_same(ScoringRules, as_plain(ScoringRules()) | {key: value})


def _both_say_the_same(kind, plain):
    text = json.dumps(plain)
    try:
        theirs = TypeAdapter(kind).validate_json(text, strict=True)
    except ValidationError:
        with pytest.raises(Misread):
            read_record(kind, text)
    else:
        assert read_record(kind, text) == theirs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "it is no JSON"),
        ('{"models": [{"sha256": "x"}]}', "models.0.name: it is missing"),
        (
            '{"models": [{"name": "UP", "sha256": "x"}]}',
            "models.0.name: 'UP' is not within its limit, pattern",
        ),
        ('{"active": "lite\\n"}', "active: 'lite\\\\n' is not within"),
        ('{"active": 3}', "active: 3 is no str"),
        (
            '{"releases": [{"name": "a", "at": "2026-11-27T02:00:00"}]}',
            "releases.0.at: .* names no time zone",
        ),
        ('{"releases": [{"name": "a", "at": "monday"}]}', "releases.0.at: 'monday' is no moment"),
        ('{"releases": [{"name": "a", "rolled_back": 1}]}', "releases.0.rolled_back: 1 is no bool"),
        ('{"more": 1}', "more: it is an unknown key"),
        ("[]", r"^\[\] is no object"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(text, said):
    with pytest.raises(Misread, match=said):
        read_record(Listing, text)


def test_numbers_without_a_value_are_refused():
    with pytest.raises(Misread, match="NaN is no number"):
        read_record(ScoringRules, '{"slopes": [NaN, 1, 1, 1, 1]}')


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
    with pytest.raises(ValidationError, match="less than or equal to 5"):
        ShadowAssessment(assessment=replace(sound, score=6), **known)


def test_a_first_score_loads_no_pydantic():
    ask = (
        "import sys, mottling.commands.score, mottling.imaging.assessor\n"
        "print([name for name in ('pydantic', 'pydantic_core', 'scipy', 'torch') if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert shown.stdout.strip() == "[]"
