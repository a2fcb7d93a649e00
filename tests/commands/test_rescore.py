"""An archive is scored by Ray's actors as it is without them, in order, and goes on where it was stopped."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from msgspec import structs

from mottling import cli
from mottling.assessment import ModelName
from mottling.cluster import HERE, cluster
from mottling.commands.rescore_on_ray import ScoringActor, Typed, score_on_ray
from mottling.errors import ClusterRefused, ExportRefused, PhotoRefused
from mottling.imaging.photo import sha256_of
from mottling.scale import Zone
from tests.ray_cluster import needs_ray, two_processors
from tests.tiny_model import a_jpeg, tiny_model_bytes, write_tiny_registry

# Ray Data gives its own deprecated settings their defaults, and warns of that.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.data.context")

SOME_UNREADABLE = 1
TINY = ModelName(name="tiny", sha256=sha256_of(tiny_model_bytes()))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return write_tiny_registry(tmp_path_factory.mktemp("models") / "models", names=("tiny", "other"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """More than one task's photographs, all different, and one that is none."""
    folder = tmp_path_factory.mktemp("archive")
    for number in range(18):
        zones = [1, 2, 3, 4][: number % 5]
        photo = a_jpeg(zones, up_to=Zone.LOWER_THIGH if number % 2 else Zone.BEYOND_GROIN)
        (folder / f"{number:02d}.jpg").write_bytes(photo + bytes([number]))
    (folder / "07.jpg").write_bytes(b"no photograph")
    return folder


@pytest.fixture(scope="module")
def two():
    with two_processors():
        yield


@pytest.fixture
def into(tmp_path):
    return tmp_path / "scores.jsonl"


def run(*arguments):
    done = CliRunner().invoke(cli.mottling, [str(one) for one in arguments], standalone_mode=False)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def rescore(archive, into, models, *more):
    return run("rescore", archive, "--into", into, "--models", models, *more)


def without_times(lines):
    found = [json.loads(line) for line in lines]
    assert all(one.pop("timing_ms") is not None for one in found)
    return [json.dumps(one) for one in found]


@pytest.fixture(scope="module")
def printed(archive, models):
    """What `mottling score --json` prints."""
    return run("score", archive, "--json", "--models", models).stdout.splitlines()


@needs_ray
@pytest.mark.usefixtures("two")
def test_scores_as_mottling_score_does_to_the_last_digit_and_in_its_order(archive, models, printed, into):
    done = rescore(archive, into, models)
    assert without_times(into.read_text("utf-8").splitlines()) == without_times(printed)
    assert done.exit_code == SOME_UNREADABLE
    assert done.stdout == (f"{into}: 18 photographs with tiny, 0 of them before; could not be read: 1\n")


@needs_ray
@pytest.mark.usefixtures("two")
def test_goes_on_where_it_was_stopped_and_touches_no_line_that_is_whole(archive, models, printed, into):
    before = "".join(f"{line}\n" for line in printed[:11])
    into.write_text(before + printed[11][:40], "utf-8")
    done = rescore(archive, into, models)
    text = into.read_text("utf-8")
    assert text.startswith(before)
    assert without_times(text.splitlines()) == without_times(printed)
    assert "11 of them before" in done.stdout


@needs_ray
@pytest.mark.usefixtures("two")
def test_names_are_found_from_where_the_command_was_typed(archive, models, into, monkeypatch):
    monkeypatch.chdir(archive)
    rescore("03.jpg", into, models)
    (line,) = into.read_text("utf-8").splitlines()
    assert (json.loads(line)["file"], json.loads(line)["score"]) == ("03.jpg", 3)


@needs_ray
@pytest.mark.usefixtures("two")
def test_what_an_actor_refuses_is_said_as_it_was_raised(archive, models):
    typed = Typed.here(TINY, models)
    with pytest.raises(ClusterRefused, match=r"does not see .*gone\.jpg") as refused, cluster(HERE):
        list(score_on_ray([archive / "gone.jpg"], typed, workers=None))
    assert type(refused.value) is ClusterRefused


@needs_ray
@pytest.mark.usefixtures("two")
def test_ray_tells_its_maker_nothing_listens_here_only_and_asks_for_a_token():
    import ray  # noqa: PLC0415

    names = ("RAY_USAGE_STATS_ENABLED", "RAY_AUTH_MODE", "RAY_AUTH_TOKEN")
    there = ray.get(ray.remote(lambda: [os.environ.get(name) for name in names]).remote())
    assert there[:2] == ["0", "token"]
    assert len(there[2]) == 64
    assert {node["NodeManagerAddress"] for node in ray.nodes()} == {"127.0.0.1"}


def test_what_is_done_already_opens_no_cluster(archive, models, printed, into, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    into.write_text("".join(f"{line}\n" for line in printed), "utf-8")
    assert "18 of them before" in rescore(archive, into, models).stdout


def test_without_ray_a_sentence_names_what_to_install(archive, models, into, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterRefused, match=r"ray.*not installed.*'\.\[ray\]'"):
        rescore(archive, into, models)
    assert into.read_bytes() == b""


@pytest.mark.parametrize("address", ["ward", "ray://head:10001", "head:port", ""])
def test_an_address_that_nobody_understands_is_refused(address):
    with pytest.raises(ClusterRefused, match="is no address of a cluster"), cluster(address):
        pass


def test_lines_of_other_photographs_or_of_another_model_are_refused(archive, models, printed, into):
    into.write_text(f"{printed[1]}\n", "utf-8")
    with pytest.raises(ExportRefused, match=r"Line 1 of .* is of .*01\.jpg, which is not the photograph"):
        rescore(archive, into, models)
    other = json.loads(printed[0]) | {"model": {"name": "tiny", "sha256": "f" * 64}}
    into.write_text(f"{json.dumps(other)}\n", "utf-8")
    with pytest.raises(ExportRefused, match="written by another model than tiny"):
        rescore(archive, into, models)


@pytest.mark.parametrize("text", ["\n", "score,2\n", "[]\n", '{"file": "a.jpg"}\n', "no end of a line"])
def test_a_file_that_holds_anything_else_is_left_as_it_is(archive, models, into, text):
    into.write_text(text, "utf-8")
    with pytest.raises(ExportRefused, match=r"Line 1 of .* is nothing that mottling wrote"):
        rescore(archive, into, models)
    assert into.read_text("utf-8") == text


def test_what_is_wrong_is_said_before_a_cluster_is_asked(archive, models, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(PhotoRefused, match="There is no file"):
        rescore(archive / "none.jpg", tmp_path / "out.jsonl", models)
    with pytest.raises(ExportRefused, match="cannot be written"):
        rescore(archive, tmp_path / "none" / "out.jsonl", models)


def test_a_machine_with_other_versions_or_another_model_scores_nothing(models):
    batch = {"file": np.array(["a.jpg"], dtype=object)}
    typed = Typed.here(TINY, models)
    with pytest.raises(ClusterRefused, match=r"has mottling .*numpy .*, and not mottling 0\.0\.1"):
        ScoringActor(replace(typed, versions=("mottling 0.0.1",)))(batch)
    other = structs.replace(TINY, sha256="f" * 64)
    with pytest.raises(ClusterRefused, match="has another model of the name tiny"):
        ScoringActor(replace(typed, model=other))(batch)
