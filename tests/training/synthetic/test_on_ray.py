"""Photographs that Ray's tasks make are those of one process, byte for byte, and what is finished stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mottling.cluster import HERE
from mottling.errors import ClusterRefused
from tests.ray_cluster import needs_ray, two_processors
from training.synthesize import main
from training.synthetic.on_ray import done_on_ray

_FEW = ["--views", "3", "--dressings", "1", "--long-side-px", "64", "--seed", "5"]


@pytest.fixture(scope="module")
def by_ray(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("made") / "photos"
    with two_processors():
        assert main([str(folder), *_FEW, "--ray", HERE]) == 0
        yield folder


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@needs_ray
def test_the_files_are_those_of_one_process(by_ray, tmp_path):
    alone = tmp_path / "alone"
    assert main([str(alone), *_FEW, "--workers", "1"]) == 0
    assert _files(by_ray) == _files(alone)


@needs_ray
def test_what_is_finished_is_not_made_again_and_what_is_missing_is(by_ray, monkeypatch):
    monkeypatch.chdir(by_ray.parent)
    kept, lost = by_ray / "000000-0.json", by_ray / "000001-0.json"
    before = kept.stat().st_mtime_ns, lost.read_bytes()
    lost.unlink()
    assert main(["photos", *_FEW, "--ray", HERE]) == 0
    assert (kept.stat().st_mtime_ns, lost.read_bytes()) == before


@needs_ray
@pytest.mark.usefixtures("by_ray")
def test_a_view_that_cannot_be_made_is_said_in_a_sentence():
    with pytest.raises(ClusterRefused, match="The work stopped: IndexError: pop from empty list"):
        list(done_on_ray([].pop, [1], address=HERE, processors=1))


def test_without_ray_a_sentence_names_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main([str(tmp_path / "out"), *_FEW, "--ray", HERE]) == 1
    assert "'.[ray]'" in capsys.readouterr().out
