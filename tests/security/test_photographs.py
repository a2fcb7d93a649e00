"""Photographs through the front door: bytes as they came, nothing of what is none, nothing for others."""

import hashlib
import io
import warnings

import numpy as np
import pytest
from PIL import Image

from mottling.services.views import Answer
from mottling.store.album import Album
from mottling.store.keyring import KeyRing
from tests.house import DAY1, MINUTE, NINA, NOAH, OLGA, RITA, enrol, take
from tests.tiny_model import a_jpeg, draw_photo, leg_zones
from tests.web_house import send_photo, web_house

PHOTO = draw_photo(leg_zones())


def jpeg_of(mode: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(PHOTO).convert(mode).save(out, "JPEG", **options)
    return out.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Maker of the camera"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    return jpeg_of("RGB", exif=exif)


KINDS = {
    "rgb": jpeg_of("RGB"),
    "grey": jpeg_of("L"),
    "cmyk": jpeg_of("CMYK"),
    "turned, with EXIF and GPS": with_exif(),
    "progressive": jpeg_of("RGB", progressive=True),
}
REVEALED = "01-099"
"""Whose proposal is shown: after that the visit takes no other photograph."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with web_house(tmp_path_factory.mktemp("photographs")) as made:
        enrol(made.services, *(f"01-{number:03d}" for number in range(10, 10 + len(KINDS))), REVEALED)
        yield made


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_bytes_stored_are_the_bytes_sent(house, kind):
    data, number = KINDS[kind], 10 + list(KINDS).index(kind)
    nina = house.enter(NINA)
    answer = send_photo(nina, data, Mottling_Patient=f"01-{number:03d}", Idempotency_Key=f"key of {kind}")
    assert answer.status_code == 201, answer.text
    assert answer.json()["sha256"] == hashlib.sha256(data).hexdigest()
    (stored,) = (path for path in house.stored_files() if path.name == answer.json()["sha256"])
    assert data[:200] not in stored.read_bytes(), "it lies sealed"
    album = Album(house.folder / "data" / "photos", KeyRing(house.folder / "data" / "keys"))
    assert album.get(stored.name, patient=f"01-{number:03d}") == data
    shown = Image.open(io.BytesIO(nina.get(f"/ward/photos/{answer.json()['photo_id']}/picture").content))
    assert (shown.format, shown.mode, len(shown.getexif())) == ("JPEG", "RGB", 0)


def test_the_same_key_sent_twice_is_stored_once(house):
    nina = house.enter(NINA)
    first, second = (send_photo(nina, a_jpeg(), Idempotency_Key="twice").json() for _ in range(2))
    assert first["photo_id"] == second["photo_id"]


def test_a_key_for_two_photographs_is_a_conflict(house):
    nina = house.enter(NINA)
    send_photo(nina, a_jpeg(legs=1), Mottling_Patient="01-002", Idempotency_Key="two photographs")
    answer = send_photo(nina, a_jpeg(), Mottling_Patient="01-002", Idempotency_Key="two photographs")
    assert answer.status_code == 409


def bomb() -> bytes:
    """A small file that says it is a picture of 30,000 by 30,000."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
BAD = {
    "nothing": b"",
    "text": b"not a photograph",
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "SVG": SVG,
    "cut off": jpeg_of("RGB")[:3000],
    "PDF": b"%PDF-1.7\n",
    "polyglot": jpeg_of("RGB") + SVG,
    "bomb": bomb(),
    "noise": np.random.default_rng(0).bytes(5000),
}


@pytest.mark.parametrize("kind", list(BAD))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_no_photograph_is_refused_with_a_sentence_and_not_stored(house, kind, language):
    nina = house.enter(NINA)
    nina.cookies.set("mottling-language", language)
    before = house.stored_files()
    answer = send_photo(nina, BAD[kind], Idempotency_Key=f"bad {kind}")
    assert 400 <= answer.status_code < 500
    assert len(answer.json()["message"]) > 15
    french = ("photograph", "l’image")
    assert any(word in answer.text.lower() for word in french) or language == "en"
    assert house.stored_files() == before


def parts(size: int):
    """A body of unknown length."""
    yield from (b"x" * 100_000 for _ in range(size // 100_000))


@pytest.mark.parametrize("data", [b"x" * 2_100_000, parts(200_000_000)], ids=["length said", "length unsaid"])
def test_what_is_too_large_is_refused_while_it_comes(house, data):
    answer = send_photo(house.enter(NINA), data, Idempotency_Key="large")
    assert answer.status_code == 413
    assert set(answer.json()) == {"message", "remedy"}


@pytest.mark.parametrize("header", ["Mottling_Patient", "Mottling_Visit", "Idempotency_Key"])
def test_a_photograph_of_nobody_is_refused(house, header):
    assert send_photo(house.enter(NINA), a_jpeg(), **{header: ""}).status_code == 422


def test_a_patient_of_another_site_is_refused(house):
    assert send_photo(house.enter(NOAH), a_jpeg(), Idempotency_Key="noahs").status_code == 403


def test_an_overlay_is_shown_after_the_lock_and_the_reveal_only(house):
    nina, ward = house.enter(NINA), house.services.ward
    photo_id = take(house.services, REVEALED, key="overlay")
    overlay = f"/ward/photos/{photo_id}/overlay"
    assert nina.get(overlay).status_code == 403
    ward.lock_own_score(NINA, photo_id, Answer.scored(1), at=DAY1 + MINUTE)
    assert nina.get(overlay).status_code == 403
    ward.proposal(NINA, photo_id, at=DAY1 + 2 * MINUTE)
    assert nina.get(overlay).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("user", [NOAH, RITA, OLGA])
@pytest.mark.parametrize("what", ["picture", "overlay"])
def test_a_photograph_is_shown_to_its_own_ward_only(house, user, what):
    photo_id = house.services.ward.today(NINA, at=DAY1)[0].visits[-1].photo_id or take(house.services)
    assert house.enter(user).get(f"/ward/photos/{photo_id}/{what}").status_code == 403


def test_a_photograph_that_is_not_there_is_refused(house):
    assert 400 <= house.enter(NINA).get("/ward/photos/nothing/picture").status_code < 500
