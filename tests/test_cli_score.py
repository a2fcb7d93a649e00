"""`mottling score` and `mottling models`, as a person calls them."""

import io
import json
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from mottling import cli
from mottling.assessment import Assessment
from mottling.errors import MottlingError
from mottling.imaging.photo import sha256_of
from mottling.json_records import read_record
from mottling.scale import Zone
from tests.tiny_model import a_jpeg, tiny_model_bytes, write_tiny_registry

KEYS = [
    "file",
    "sha256",
    "status",
    "score",
    "probabilities",
    "prediction_set",
    "visible_up_to",
    "legs",
    "reasons",
    "model",
    "timing_ms",
]

TWO_KNEES, THREE = a_jpeg([1, 2]), a_jpeg([1, 2, 3], up_to=Zone.LOWER_THIGH)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return write_tiny_registry(tmp_path_factory.mktemp("models") / "models", names=("tiny", "other"))


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    (folder / "inner").mkdir(parents=True)
    (folder / "b.jpg").write_bytes(TWO_KNEES)
    (folder / "a.JPG").write_bytes(THREE)
    (folder / "inner" / "c.jpg").write_bytes(TWO_KNEES)
    (folder / "notes.txt").write_text("no photograph", "utf-8")
    (folder / ".hidden.jpg").write_bytes(b"")
    (folder / "b.overlay.jpg").write_bytes(b"")
    return folder


def score(models, *arguments):
    return CliRunner().invoke(
        cli.mottling, ["score", "--models", str(models), *map(str, arguments)], standalone_mode=False
    )


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_prints_one_object_a_photograph_with_the_keys_of_the_contract(models, photos):
    result = score(models, photos / "b.jpg", "--json")
    (found,) = lines(result)
    assert list(found) == KEYS
    assert (found["status"], found["score"]) == ("scored", 2)
    assert found["file"] == str(photos / "b.jpg")
    assert found["sha256"] == sha256_of(TWO_KNEES)
    assert found["model"] == {"name": "tiny", "sha256": sha256_of(tiny_model_bytes())}
    assert set(found["legs"][0]) == {"side_in_image", "knee_xy", "score", "mottled_share"}
    assert set(found["timing_ms"]) == {"decode", "network", "total"}
    assert sum(found["probabilities"]) == pytest.approx(1)
    read_record(Assessment, result.stdout)


@pytest.mark.parametrize("workers", [1, 3])
def test_keeps_the_order_given_and_sorts_within_folders(models, photos, workers):
    result = score(models, photos / "inner" / "c.jpg", photos, "--json", "--workers", workers)
    names = [Path(one["file"]).name for one in lines(result)]
    assert names == ["c.jpg", "a.JPG", "b.jpg", "c.jpg"]


def test_an_unreadable_file_is_an_error_and_the_others_go_on(models, photos):
    result = score(models, photos / "notes.txt", photos / "b.jpg", "--json")
    first, second = lines(result)
    assert (first["status"], first["score"], first["reasons"][0]["code"]) == (
        "error",
        None,
        "unreadable_file",
    )
    assert first["sha256"] == sha256_of(b"no photograph")
    assert second["score"] == 2
    assert result.exit_code == 1


def test_a_file_that_cannot_be_opened_is_an_error_without_a_hash(models, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as other:
        other.bind("a.jpg")  # the one thing with a name that even root cannot open
        (found,) = lines(score(models, "a.jpg", "--json"))
    assert (found["status"], found["sha256"]) == ("error", None)


def test_says_a_readable_line_for_each_photograph(models, photos):
    result = score(models, photos / "b.jpg", photos / "a.JPG")
    assert "b.jpg: Score 2. Mottling of the knee or the lower leg, not above the kneecap." in result.stdout
    assert "a.JPG: Score ≥ 3 (3 to 5 are possible)." in result.stdout
    assert "    The view ends at mottled skin: the score is at least 3." in result.stdout


def test_saves_maps_and_overlay_in_the_shape_of_the_photograph(models, photos, tmp_path):
    out = tmp_path / "new" / "out"
    assert score(models, photos / "b.jpg", "--save", out).exception is None
    assert sorted(path.name for path in out.iterdir()) == ["b.mottling.png", "b.overlay.jpg", "b.zones.png"]
    for name in ("b.zones.png", "b.mottling.png"):
        with Image.open(out / name) as image:
            assert (image.mode, image.size) == ("L", (768, 1024))
    zones = np.asarray(Image.open(io.BytesIO((out / "b.zones.png").read_bytes())))
    assert set(np.unique(zones)) == set(range(6))


def refused(models, *arguments):
    with pytest.raises(MottlingError) as error:
        raise score(models, *arguments).exception
    return str(error.value)


def test_refuses_before_anything_is_scored(models, photos, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "There is no file" in refused(models, photos / "b.jpg", photos / "none.jpg")
    assert "holds no photograph" in refused(models, empty)
    assert "There is no model 'best'" in refused(models, photos, "--model", "best")
    assert "There are no models here" in refused(empty, photos)


def test_refuses_to_save_two_photographs_under_one_name(models, photos, tmp_path):
    (photos / "b.png").write_bytes(TWO_KNEES)
    assert "would be saved under one name, b" in refused(models, photos, "--save", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_refuses_a_folder_that_cannot_be_made(models, photos):
    assert "cannot be written" in refused(models, photos / "b.jpg", "--save", photos / "b.jpg" / "out")


def test_an_altered_model_is_refused(tmp_path, photos):
    folder = write_tiny_registry(tmp_path / "models")
    (folder / "tiny" / "model.onnx").write_bytes(b"altered")
    assert "was altered" in refused(folder, photos)


def test_scores_with_the_model_that_is_named(models, photos):
    (found,) = lines(score(models, photos / "b.jpg", "--json", "--model", "other"))
    assert found["model"]["name"] == "other"


def test_lists_models_and_shows_their_cards(models):
    listed = CliRunner().invoke(cli.mottling, ["models", "list", "--models", str(models)]).stdout
    assert listed.splitlines()[0].startswith("tiny  in use  released 2026-01-01  sha256 ")
    assert listed.splitlines()[1].startswith("other  not in use  never released")
    shown = CliRunner().invoke(cli.mottling, ["models", "show", "--models", str(models)]).stdout
    assert "# tiny" in shown


def test_help_names_every_command_without_loading_it(monkeypatch):
    monkeypatch.setattr(cli, "import_module", None)
    text = CliRunner().invoke(cli.mottling, ["--help"]).stdout
    assert "score" in text
    assert "models" in text


def test_every_command_that_is_named_is_there():
    assert all(cli.mottling.get_command(None, name) is not None for name in cli.mottling.list_commands(None))


def test_scoring_loads_neither_torch_nor_the_web_nor_what_this_score_does_not_need(models, photos):
    program = (
        "import sys\n"
        "from mottling.cli import mottling\n"
        "mottling(sys.argv[1:], standalone_mode=False)\n"
        "print('loaded', *sorted({name.partition('.')[0] for name in sys.modules} | set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", program, "score", str(photos / "b.jpg"), "--models", str(models)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded >= {"mottling", "onnxruntime", "numpy"}
    assert not loaded & {"torch", "gradio", "fastapi", "sqlalchemy", "scipy", "cv2", "albumentations"}
    assert not loaded & {"cryptography", "PIL.ImageFont", "PIL.ImageDraw", "PIL.ImageCms"}


def test_a_refusal_is_one_sentence_on_the_error_stream_and_status_two(tmp_path):
    program = "import sys; from mottling.cli import main; main()"
    command = [sys.executable, "-c", program, "score", str(tmp_path / "none.jpg")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("mottling: There is no file")
    assert len(done.stderr.splitlines()) == 1
