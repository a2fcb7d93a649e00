"""The frozen folder: what is written is what training reads, or it is refused."""

import hashlib
import io
import json
from datetime import UTC, datetime

import pytest
from PIL import Image

from mottling.errors import ExportRefused, TrainingRefused
from mottling.scale import Status
from mottling.training_set import PhotoToFreeze, Split, read_training_set, split_of, write_training_set

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_jpeg(shade: int = 100, *, exif: bool = False) -> bytes:
    picture = Image.new("RGB", (64, 48), (shade, 90, 80))
    buffer = io.BytesIO()
    tags = picture.getexif()
    if exif:
        tags[0x010F] = "Phone"
    picture.save(buffer, "JPEG", exif=tags)
    return buffer.getvalue()


def photos() -> list[PhotoToFreeze]:
    return [
        PhotoToFreeze(a_jpeg(10), "p-a", Status.SCORED, 3, tone=6),
        PhotoToFreeze(a_jpeg(20), "p-a", Status.AT_LEAST, 2),
        PhotoToFreeze(a_jpeg(30), "p-b", Status.NOT_ASSESSABLE, None),
    ]


def test_a_written_set_is_read_as_it_was_written(tmp_path):
    written = write_training_set(tmp_path / "set", photos(), trial="i-micro", at=AT)
    assert read_training_set(tmp_path / "set") == written
    assert {(one.status, one.score, one.tone) for one in written.photos} == {
        (Status.SCORED, 3, 6),
        (Status.AT_LEAST, 2, None),
        (Status.NOT_ASSESSABLE, None, None),
    }


def test_maps_that_somebody_drew_travel_with_the_photograph(tmp_path):
    drawn = io.BytesIO()
    Image.new("L", (64, 48), 2).save(drawn, "PNG")
    one = PhotoToFreeze(a_jpeg(), "p", Status.SCORED, 2, zones_png=drawn.getvalue())
    (photo,) = write_training_set(tmp_path / "set", [one], trial="t", at=AT).photos
    assert (tmp_path / "set" / photo.zones).read_bytes() == drawn.getvalue()
    assert photo.mottling is None


def test_a_patient_is_in_one_split_only_and_every_split_is_used():
    splits = [split_of(f"patient-{number}") for number in range(400)]
    assert splits == [split_of(f"patient-{number}") for number in range(400)]
    assert 0.6 < splits.count(Split.TRAIN) / 400 < 0.8
    assert min(splits.count(Split.VALIDATION), splits.count(Split.TEST)) > 30


def test_a_photograph_that_carries_exif_stops_the_whole_set(tmp_path):
    bad = PhotoToFreeze(a_jpeg(exif=True), "p", Status.SCORED, 1)
    with pytest.raises(ExportRefused, match="what the camera wrote"):
        write_training_set(tmp_path / "set", [*photos(), bad], trial="t", at=AT)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_never_written_over(tmp_path):
    (tmp_path / "set").mkdir()
    with pytest.raises(ExportRefused, match="exists already"):
        write_training_set(tmp_path / "set", photos(), trial="t", at=AT)


def test_a_set_without_photographs_is_refused(tmp_path):
    with pytest.raises(ExportRefused, match="no photograph with a verdict"):
        write_training_set(tmp_path / "set", [], trial="t", at=AT)
    assert list(tmp_path.iterdir()) == []


def test_a_photograph_that_was_altered_is_named(tmp_path):
    (first, *_) = write_training_set(tmp_path / "set", photos(), trial="t", at=AT).photos
    (tmp_path / "set" / first.file).write_bytes(a_jpeg(200))
    with pytest.raises(TrainingRefused, match=f"{first.sha256}.jpg is not what was written"):
        read_training_set(tmp_path / "set")


def test_a_score_that_was_altered_is_noticed(tmp_path):
    write_training_set(tmp_path / "set", photos(), trial="t", at=AT)
    manifest = tmp_path / "set" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace('"score":3', '"score":4'))
    with pytest.raises(TrainingRefused, match=r"manifest\.jsonl is not what was written"):
        read_training_set(tmp_path / "set")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "line 1: colour"),
        ({"file": "../../secret.jpg"}, "line 1: file"),
        ({"score": None}, "does not go with score None"),
    ],
)
def test_a_line_that_breaks_the_contract_is_named(tmp_path, change, words):
    write_training_set(tmp_path / "set", [photos()[0]], trial="t", at=AT)
    manifest, header = tmp_path / "set" / "manifest.jsonl", tmp_path / "set" / "set.json"
    line = json.dumps(json.loads(manifest.read_text()) | change) + "\n"
    manifest.write_text(line)
    sha256 = hashlib.sha256(line.encode()).hexdigest()
    header.write_text(json.dumps(json.loads(header.read_text()) | {"manifest_sha256": sha256}))
    with pytest.raises(TrainingRefused, match=words):
        read_training_set(tmp_path / "set")


def test_a_folder_without_a_set_is_refused(tmp_path):
    with pytest.raises(TrainingRefused, match="holds no frozen set"):
        read_training_set(tmp_path)
