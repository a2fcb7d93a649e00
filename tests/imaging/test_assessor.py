"""From the bytes of a drawn photograph to its assessment, through the tiny network."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image, ImageFilter

from mottling.assessment import ReasonCode
from mottling.errors import ModelRefused, PhotoRefused
from mottling.imaging import quality
from mottling.imaging.assessor import Assessor, unreadable
from mottling.imaging.contract import Looks, ModelContract, ScoringRules
from mottling.imaging.photo import sha256_of
from mottling.imaging.sentences import Language
from mottling.scale import Status, Zone
from tests.tiny_model import (
    MOTTLED_BLUE,
    UNREADABLE_BLUE,
    a_jpeg,
    draw_photo,
    jpeg_bytes,
    leg_zones,
    tiny_model_bytes,
    zone_colour,
)

BACKGROUND = zone_colour(Zone.NOT_SKIN)


@pytest.fixture(scope="module")
def assessor():
    return Assessor.load(tiny_model_bytes(), name="tiny", threads=1)


def codes(assessment):
    return [reason.code for reason in assessment.reasons]


def placed(photo, *, width, height, left, top):
    """Put a small photograph on a large one."""
    whole = np.full((height, width, 3), BACKGROUND, np.uint8)
    whole[top : top + photo.shape[0], left : left + photo.shape[1]] = photo
    return whole


@pytest.mark.parametrize("score", range(6))
def test_legs_mottled_up_to_a_zone_have_its_score(assessor, score):
    data = a_jpeg(range(1, score + 1))
    found = assessor.assess(data, file="a.jpg").assessment
    assert (found.status, found.score) == (Status.SCORED, score)
    assert found.probabilities is not None
    assert sum(found.probabilities) == pytest.approx(1)
    assert score in found.prediction_set
    assert found.visible_up_to == 5
    assert found.reasons == ()
    assert (found.file, found.sha256) == ("a.jpg", sha256_of(data))
    assert (found.model.name, found.model.sha256) == ("tiny", sha256_of(tiny_model_bytes()))


def test_each_leg_has_its_knee_its_score_and_its_shares(assessor):
    photo = draw_photo(leg_zones(), [1, 2, 3], left_only=True)
    left, right = assessor.assess(jpeg_bytes(photo), file="").assessment.legs
    assert (left.side_in_image, right.side_in_image) == ("left", "right")
    assert left.knee_xy == pytest.approx((81, 280), abs=3)
    assert right.knee_xy == pytest.approx((219, 280), abs=3)
    assert (left.score, right.score) == (3, 0)
    assert left.mottled_share["3"] > 0.9
    assert right.mottled_share["3"] < 0.1
    assert set(right.mottled_share) == {"1", "2", "3", "4", "5"}


def test_knees_are_in_pixels_of_the_full_upright_photograph(assessor):
    sideways = Image.fromarray(draw_photo(leg_zones(1600, 1200, legs=1))).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    sideways.save(out, "JPEG", quality=95, exif=exif)
    (leg,) = assessor.assess(out.getvalue(), file="").assessment.legs
    assert leg.side_in_image == "only"
    assert leg.knee_xy == pytest.approx((600, 1120), abs=8)


def test_a_view_that_ends_at_mottled_skin_gives_a_lower_bound(assessor):
    found = assessor.assess(a_jpeg([1, 2, 3], up_to=Zone.LOWER_THIGH), file="").assessment
    assert (found.status, found.score, found.visible_up_to) == (Status.AT_LEAST, 3, 3)
    assert codes(found) == [ReasonCode.VIEW_ENDS]


def test_small_legs_are_looked_at_again_closer(assessor):
    photo = placed(draw_photo(leg_zones(), [1]), width=1500, height=1500, left=1000, top=150)
    assessed = assessor.assess(jpeg_bytes(photo), file="")
    assert assessed.seen.last is not assessed.seen.first
    assert assessed.assessment.score == 1
    left, right = assessed.assessment.legs
    assert left.knee_xy == pytest.approx((1081, 430), abs=3)
    assert right.knee_xy == pytest.approx((1219, 430), abs=3)


def test_legs_too_small_for_anybody_have_no_score(assessor):
    photo = placed(draw_photo(leg_zones(120, 90)), width=600, height=600, left=300, top=100)
    found = assessor.assess(jpeg_bytes(photo), file="").assessment
    assert (found.status, found.score, found.probabilities) == (Status.NOT_ASSESSABLE, None, None)
    assert codes(found) == [ReasonCode.LEG_TOO_SMALL]
    assert "pixels long" in found.reasons[0].message
    assert all(leg.score is None and leg.mottled_share == {} for leg in found.legs)


def test_a_photograph_without_a_leg_has_no_score(assessor):
    grain = np.random.default_rng(5).integers(-20, 21, (300, 300, 1))
    photo = (np.array(BACKGROUND) + grain).astype(np.uint8)
    found = assessor.assess(jpeg_bytes(photo), file="").assessment
    assert found.status is Status.NOT_ASSESSABLE
    assert codes(found) == [ReasonCode.NO_LEG]
    assert (found.legs, found.visible_up_to, found.prediction_set) == ((), 0, ())


def test_a_clean_thigh_without_its_knee_is_not_a_zero(assessor):
    zones = leg_zones()
    zones[zones == Zone.COIN] = 0
    zones[zones == Zone.KNEE] = 0
    found = assessor.assess(jpeg_bytes(draw_photo(zones)), file="").assessment
    assert (found.status, found.score) == (Status.NOT_ASSESSABLE, None)
    assert set(codes(found)) == {ReasonCode.NO_KNEE}


def test_a_blurred_photograph_has_no_score(assessor):
    blurred = Image.fromarray(draw_photo(leg_zones(), [1, 2])).filter(ImageFilter.GaussianBlur(9))
    found = assessor.assess(jpeg_bytes(np.asarray(blurred)), file="").assessment
    assert found.status is Status.NOT_ASSESSABLE
    assert ReasonCode.BLURRED in codes(found)
    assert all(leg.score is None for leg in found.legs)


@pytest.mark.parametrize(
    ("grey", "code", "said"),
    [
        (10, ReasonCode.TOO_DARK, "too dark: the brightest skin reaches 10 of 255; 24 is the least"),
        (255, ReasonCode.BLOWN_OUT, "burnt out: 100% of the skin is white; 35% is the most"),
    ],
)
def test_a_photograph_in_too_little_or_too_much_light_has_no_score_and_says_how_much(
    assessor, grey, code, said
):
    found = assessor.assess(jpeg_bytes(np.full((480, 360, 3), grey, np.uint8)), file="").assessment
    assert found.status is Status.NOT_ASSESSABLE
    assert f"The photograph is {said}" in {one.message for one in found.reasons if one.code is code}


def test_a_picture_that_the_network_cannot_judge_has_no_score(assessor):
    photo = draw_photo(leg_zones())
    photo[..., 2] = UNREADABLE_BLUE
    found = assessor.assess(jpeg_bytes(photo), file="").assessment
    assert found.status is Status.NOT_ASSESSABLE
    assert codes(found) == [ReasonCode.UNCLEAR]


def test_mottling_that_can_just_be_told_is_called_faint():
    contract = ModelContract(scoring=ScoringRules(slopes=(0.1,) * 5, biases=(0.0,) * 5))
    careful = Assessor.load(tiny_model_bytes(contract), name="careful", threads=1)
    found = careful.assess(a_jpeg([1]), file="").assessment
    assert found.score == 1
    assert codes(found) == [ReasonCode.FAINT]


def test_more_than_one_likely_score_is_called_doubtful():
    unsure = (1.0, 1.0, 0.1, 0.1, 0.1)
    contract = ModelContract(scoring=ScoringRules(slopes=unsure, biases=(0.0,) * 5))
    doubtful = Assessor.load(tiny_model_bytes(contract), name="doubtful", threads=1)
    found = doubtful.assess(a_jpeg([1, 2, 3]), file="").assessment
    assert found.score == 3
    assert codes(found) == [ReasonCode.DOUBTFUL_EXTENT]
    assert len(found.prediction_set) > 1


def test_a_score_on_skin_that_is_dark_in_its_light_says_so(monkeypatch):
    monkeypatch.setattr(quality, "WEAK_LIGHT", 255.0)  # the tiny model knows no dark skin
    assessor = Assessor.load(tiny_model_bytes(ModelContract()), name="tiny", threads=1)
    found = assessor.assess(a_jpeg([1, 2, 3]), file="").assessment
    assert (found.score, codes(found)) == (3, [ReasonCode.WEAK_LIGHT])
    assert found.reasons[-1].message.startswith("The skin is dark in this light: its brightest parts reach ")


def test_a_score_on_skin_that_is_white_with_light_says_so(monkeypatch, assessor):
    monkeypatch.setattr(quality, "GLARE_SHARE", 0.0)  # the tiny model knows no white skin
    found = assessor.assess(a_jpeg([1, 2, 3]), file="").assessment
    assert (found.score, codes(found)) == (3, [ReasonCode.GLARE])
    assert found.reasons[-1].message == "0% of the skin is white with light: what is there cannot be seen"


def test_mottling_that_only_just_reaches_its_zone_says_so(assessor):
    zones = leg_zones()
    photo = draw_photo(zones, [1, 2])
    border = int(np.flatnonzero((zones == Zone.LOWER_THIGH).any(axis=1))[-1])
    photo[border - 6 : border + 1][zones[border - 6 : border + 1] > 0] = (
        *zone_colour(Zone.LOWER_THIGH)[:2],
        MOTTLED_BLUE,
    )
    found = assessor.assess(jpeg_bytes(photo), file="").assessment
    assert (found.score, codes(found)) == (3, [ReasonCode.EDGE_OF_ZONE])
    assert (
        found.reasons[0].message
        == "The mottling only just reaches zone 3, which makes the score: it may be lower"
    )


def test_a_closer_look_that_finds_nothing_leaves_the_first():
    contract = ModelContract(looks=Looks(second_px=64, closer_below=1.0, margin=0.0))
    assessor = Assessor.load(tiny_model_bytes(contract), name="tiny", threads=1)
    assessed = assessor.assess(a_jpeg([1]), file="")
    assert assessed.seen.last is assessed.seen.first


def saved(png):
    with Image.open(io.BytesIO(png)) as image:
        assert image.mode == "L"
        return np.asarray(image)


def test_saved_maps_have_the_shape_of_the_photograph_and_show_where_things_are(assessor):
    photo = placed(draw_photo(leg_zones(), [1, 2]), width=900, height=600, left=550, top=150)
    assessed = assessor.assess(jpeg_bytes(photo), file="")
    files = assessed.map_files()
    zones, mottling = saved(files.zones), saved(files.mottling)
    assert zones.shape == mottling.shape == (683, 1024)
    scale = 1024 / 900
    truth = np.zeros((600, 900), np.uint8)
    truth[150:550, 550:850] = leg_zones()
    wanted = truth[(np.arange(683) / scale).astype(int).clip(0, 599)][
        :, (np.arange(1024) / scale).astype(int).clip(0, 899)
    ]
    assert (zones == wanted).mean() > 0.97
    inside = mottling > 127
    assert set(np.unique(wanted[inside])) <= {0, 1, 2, 3}
    assert not zones[:, :500].any()
    assert inside[(wanted == 1) | (wanted == 2)].mean() > 0.9


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("height", "width"), [(400, 300), (300, 1000), (1600, 1200)])
def test_the_overlay_is_a_small_jpeg_that_keeps_the_photograph_in_view(assessor, language, height, width):
    zones = leg_zones(height, width, legs=1)
    assessed = assessor.assess(jpeg_bytes(draw_photo(zones, [1, 2])), file="")
    with Image.open(io.BytesIO(assessed.overlay(language))) as image:
        assert image.format == "JPEG"
        assert max(image.size) <= 1280
        assert not image.getexif()
        pixels = np.asarray(image).astype(int)
    picture = pixels[: round(image.width * height / width)]
    yellow = (abs(picture - (255, 221, 0)).max(axis=2) < 60).mean()
    assert 0.0005 < yellow < 0.05
    assert pixels[-2:].mean() < 60


@pytest.mark.parametrize(("height", "width"), [(400, 300), (1000, 800)])  # enlarged, and as it was decoded
def test_to_draw_an_overlay_leaves_the_photograph_as_it_was(assessor, height, width):
    assessed = assessor.assess(jpeg_bytes(draw_photo(leg_zones(height, width, legs=1), [1, 2])), file="")
    before = assessed.photo.pixels.copy()
    assert assessed.overlay() == assessed.overlay()
    assert np.array_equal(assessed.photo.pixels, before)


def test_a_photograph_that_has_no_score_has_an_overlay_that_says_why(assessor):
    photo = placed(draw_photo(leg_zones(120, 90)), width=600, height=600, left=300, top=100)
    assert assessor.assess(jpeg_bytes(photo), file="").overlay(Language.FRENCH).startswith(b"\xff\xd8")


def test_bytes_that_are_no_photograph_are_refused_and_can_be_recorded(assessor):
    with pytest.raises(PhotoRefused) as refused:
        assessor.assess(b"no photograph", file="a.txt")
    record = unreadable("a.txt", b"no photograph", refused.value, model=assessor.model)
    assert record.status is Status.ERROR
    assert record.sha256 == sha256_of(b"no photograph")
    assert codes(record) == [ReasonCode.UNREADABLE_FILE]
    assert unreadable("b", None, refused.value, model=assessor.model).sha256 is None


def test_several_threads_give_what_one_gives(assessor):
    files = [a_jpeg(range(1, k + 1)) for k in range(6)]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda data: assessor.assess(data, file="").assessment.score, files)
    assert list(found) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3000, 2)])
def test_a_picture_of_any_shape_gets_an_answer(assessor, size):
    out = io.BytesIO()
    Image.new("RGB", size, BACKGROUND).save(out, "PNG")
    assessed = assessor.assess(out.getvalue(), file="")
    assert assessed.assessment.status is Status.NOT_ASSESSABLE
    assert assessed.overlay()
    assert assessed.map_files().zones


def test_a_model_loaded_meanwhile_says_the_same(assessor):
    data = tiny_model_bytes()
    meanwhile = Assessor.load_meanwhile(data, assessor.model, threads=1)
    first, second = (one.assess(a_jpeg([1, 2]), file="").assessment for one in (assessor, meanwhile))
    assert replace(second, timing_ms=first.timing_ms) == first


def test_a_model_loaded_meanwhile_that_is_none_is_refused_at_the_first_photograph(assessor):
    meanwhile = Assessor.load_meanwhile(b"no network", assessor.model)
    with pytest.raises(PhotoRefused):
        meanwhile.assess(b"no photograph", file="")
    with pytest.raises(ModelRefused, match="is no network"):
        meanwhile.assess(a_jpeg(), file="")


def test_a_knee_alone_in_a_small_photograph_is_near_enough_to_be_scored(assessor):
    zones = leg_zones(240, 180, legs=1)
    knee = np.where(zones <= Zone.KNEE, zones, 0).astype(np.uint8)[140:230, 40:140]
    found = assessor.assess(jpeg_bytes(draw_photo(knee)), file="")
    assert max(knee.shape) < ScoringRules().min_leg_px < found.seen.leg_px
    assert (found.assessment.status, found.assessment.score) == (Status.SCORED, 0)


@pytest.mark.parametrize("size", [(2399, 1800), (2401, 1800), (2403, 1800), (1801, 2400)])
def test_legs_at_the_edge_of_a_photograph_of_odd_sides_are_looked_at_more_closely(assessor, size):
    """Decoded smaller, one side is rounded and one is not: the part that is shown ends with the picture."""
    height, width = size
    zones = np.zeros(size, np.uint8)
    legs = leg_zones(height // 3, width // 3)
    zones[-legs.shape[0] :, : legs.shape[1]] = legs
    assessed = assessor.assess(jpeg_bytes(draw_photo(zones)), file="edge.jpg")
    assert assessed.assessment.status is Status.SCORED
